import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { GrammarSource } from '../analysis/index';

const packageName = '@vscode/tree-sitter-wasm';

/**
 * Grammars as files: from `folder` (the `dist/` of a build, where the `.wasm` files lie beside the code), else from
 * the installed package as Node finds it from `from` (a file or URL; the working directory if left out). `load`
 * rejects where the file is in neither place.
 */
export function createGrammarSource(options: { readonly folder?: string; readonly from?: string | URL } = {}): GrammarSource {
  return {
    load(name) {
      if (!/^tree-sitter(?:-[a-z0-9-]+)?$/.test(name)) {
        return Promise.reject(new Error(`"${name}" is not the name of a grammar.`));
      }
      return readFile(fileOf(name, options));
    },
  };
}

function fileOf(name: string, options: { readonly folder?: string; readonly from?: string | URL }): string {
  const file = `${name}.wasm`;
  if (options.folder !== undefined) {
    for (const beside of [path.join(options.folder, file), path.join(options.folder, 'wasm', file)]) {
      if (existsSync(beside)) {
        return beside;
      }
    }
  }
  const require = createRequire(options.from ?? path.join(process.cwd(), 'package.json'));
  return path.join(path.dirname(require.resolve(`${packageName}/package.json`)), 'wasm', file);
}
