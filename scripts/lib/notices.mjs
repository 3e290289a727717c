import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** Packages of which files are copied rather than bundled. */
const copiedPackages = ['@vscode/tree-sitter-wasm', '@vscode/codicons', 'katex'];

/**
 * Writes the licences of all packages that are part of the build, as those licences ask.
 * @param {string} file
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @returns {Promise<void>}
 */
export async function writeNotices(file, metafiles) {
  const folders = new Set(copiedPackages.map((name) => `node_modules/${name}`));
  for (const input of metafiles.flatMap((metafile) => Object.keys(metafile.inputs))) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(input)?.[0];
    if (folder !== undefined) {
      folders.add(folder.replace(/^.*?(?=node_modules\/)/u, ''));
    }
  }
  const sections = [];
  for (const folder of [...folders].sort()) {
    const path = join(root, folder);
    if (!existsSync(join(path, 'package.json'))) {
      continue;
    }
    const { name, version, license } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    const licenceFile = (await readdir(path)).find((entry) => /^(?:licen[cs]e|copying)/iu.test(entry));
    const text = licenceFile === undefined ? `License: ${license ?? 'not stated'}` : (await readFile(join(path, licenceFile), 'utf8')).trim();
    sections.push(`${name} ${version}\n\n${text}\n`);
  }
  await writeFile(file, `Stepwise contains parts of these packages.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`);
}
