import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../golden');

/**
 * Compares `actual` with the text file `test/golden/NAME`. `UPDATE_GOLDEN=1` writes the file instead; on a
 * mismatch the actual text is kept beside it as `NAME.actual`.
 */
export function expectGolden(name: string, actual: string): void {
  const path = resolve(folder, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    writeFileSync(path, actual);
    return;
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (actual !== expected) {
    writeFileSync(`${path}.actual`, actual);
  }
  expect(actual).toBe(expected);
}
