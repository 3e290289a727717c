/**
 * Starts the reasoning API: `npm run gateway -- --workspace DIR --port N`; `--help` shows all options. Installs and builds
 * first where that is needed.
 */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { dist, root } from './lib/paths.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { reportError } from './lib/terminal.mjs';

/** @returns {Promise<boolean>} whether a source or the lock file is newer than the built gateway */
async function isOutdated() {
  const program = join(dist, 'gateway.mjs');
  if (!existsSync(program)) {
    return true;
  }
  const built = (await stat(program)).mtimeMs;
  const sources = (await readdir(join(root, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [join(root, 'package-lock.json'), ...sources]) {
    if ((await stat(file)).mtimeMs > built) {
      return true;
    }
  }
  return false;
}

/** Runs `work` with what it prints on standard output sent to standard error: the program's own output stays alone. */
async function quietly(/** @type {() => Promise<void>} */ work) {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = /** @type {typeof process.stdout.write} */ (process.stderr.write.bind(process.stderr));
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
}

try {
  await quietly(async () => {
    await ensureDependencies();
    if (await isOutdated()) {
      await build();
    }
  });
  // The program reads the same arguments, and ends on the same signals.
  await import(pathToFileURL(join(dist, 'gateway.mjs')).href);
} catch (error) {
  reportError(error);
  process.exitCode = 1;
}
