import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');

/**
 * Bundles `source` (TypeScript, with imports relative to the project's root) and loads it. Packages stay outside, so
 * that they are the very ones a comparison in the same process uses.
 *
 * @param {string} source
 * @returns {Promise<any>}
 */
export async function loadSource(source) {
  const file = join(root, 'node_modules', `.bench-${process.pid}-${Date.now()}.mjs`);
  try {
    await build({
      stdin: { contents: source, resolveDir: root, loader: 'ts' },
      outfile: file,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'error',
    });
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
