/** Packages the extension: `npm run package` builds it and writes `stepwise-VERSION.vsix`. Needs no network. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './lib/paths.mjs';
import { runScript } from './lib/processes.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { progress } from './lib/terminal.mjs';

/**
 * Packages what is in `dist/`.
 * @param {string} [file] Where to; `stepwise-VERSION.vsix` in the root if left out.
 * @returns {Promise<string>} absolute path of the package
 */
export async function packageExtension(file) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const target = file ?? join(root, `stepwise-${version}.vsix`);
  const { createVSIX } = await import('@vscode/vsce');
  // vsce lists every file; with an allow-list there is nothing in it to wonder about.
  const { log } = console;
  console.log = () => undefined;
  await createVSIX({
    cwd: root,
    packagePath: target,
    // All code is bundled.
    dependencies: false,
    // There is no public repository to resolve the links of README.md against.
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
    // Patterns for files that only some builds have.
    allowUnusedFilesPattern: true,
  }).finally(() => {
    console.log = log;
  });
  return target;
}

/**
 * A hash of what `packageExtension` would package, taken from the files that can change: much faster than packaging.
 * @returns {Promise<string>}
 */
export async function packageFingerprint() {
  const hash = createHash('sha256');
  for (const name of ['.vscodeignore', 'package.json', 'package.nls.json', 'package.nls.zh-cn.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'l10n', 'media', 'dist']) {
    const path = join(root, name);
    if (!existsSync(path)) {
      continue;
    }
    const files = statSync(path).isDirectory() ? (await readdir(path, { recursive: true })).map((file) => join(path, file)) : [path];
    for (const file of files.sort()) {
      // Source maps are not packaged.
      if (!file.endsWith('.map') && statSync(file).isFile()) {
        hash.update(file).update('\0').update(await readFile(file)).update('\0');
      }
    }
  }
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runScript(async () => {
    await ensureDependencies();
    await build();
    const file = await packageExtension();
    progress(`Packaged ${file}. Install it with "Extensions: Install from VSIX…" or: code --install-extension ${file}`);
    return 0;
  });
}
