/** Packages the extension: `npm run package` builds it and writes `stepwise-VERSION.vsix`. Needs no network. */
import { readFile } from 'node:fs/promises';
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
  await createVSIX({
    cwd: root,
    packagePath: target,
    // All code is bundled.
    dependencies: false,
    // There is no public repository to resolve the links of README.md against.
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
    // The test suites look for secrets; vsce's own search would take seconds on each start.
    allowUnusedFilesPattern: true,
  });
  return target;
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
