import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNoteHead } from '../../../src/node/noteHead';
import { readFrontMatter } from '../../../src/transcript/frontMatter';
import { noteText } from '../../support/noteTexts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-head-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function headOf(text: string): Promise<string> {
  const path = join(folder, 'a.md');
  await writeFile(path, text);
  return readNoteHead(path);
}

describe('readNoteHead', () => {
  it('reads the front matter of a note and little more, however large it is', async () => {
    const head = await headOf(`${await noteText({ root: 'file:///w' })}${'x'.repeat(5_000_000)}`);
    expect(Buffer.byteLength(head)).toBeLessThanOrEqual(4_096);
    expect(await readFrontMatter(head)).toMatchObject({ task: 'complexity', result: 'answered' });
  });

  it('reads on where the front matter is longer, up to a limit', async () => {
    const long = (await noteText({ root: 'file:///w' })).replace('\ntask:', `\nmore: ${'é'.repeat(6_000)}\ntask:`);
    expect(await readFrontMatter(await headOf(long))).toMatchObject({ task: 'complexity' });
    expect((await headOf(`---\nstepwise: 1\nmore: ${'x'.repeat(200_000)}`)).length).toBe(65_536);
  });

  it('reads the beginning of any other file, and a short one whole', async () => {
    expect(await headOf('# Read me\n')).toBe('# Read me\n');
    expect((await headOf('y'.repeat(100_000))).length).toBe(4_096);
    expect(await headOf('')).toBe('');
    await expect(readNoteHead(join(folder, 'missing.md'))).rejects.toThrow('ENOENT');
  });
});
