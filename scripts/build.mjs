/**
 * Builds the extension into `dist/`: `npm run build`, or `npm run watch` to go on building.
 *
 *   extension.js   what VS Code loads (Node, CommonJS), with `chunks/` that it loads when they are first needed
 *   core.mjs       the engine without VS Code, for use as a library (Node, ES module)
 *   gateway.mjs    the gateway as a program (Node, ES module); both share `chunks-esm/`
 *   panel.js       the panel's page (browser)
 *   wasm/          grammars and runtime of tree-sitter
 *   codicons/, katex/   style sheets and fonts of the panel
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeNotices } from './lib/notices.mjs';
import { cache, dist, root } from './lib/paths.mjs';
import { onEnd, runScript, endOnSignals } from './lib/processes.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { ScriptError, progress } from './lib/terminal.mjs';

/** What VS Code loads when it starts the extension may weigh this much, minified, in bytes. */
const extensionLimitBytes = 250_000;

/** The same for the engine as a library, which hands out its readers and tools at once. */
const engineLimitBytes = 300_000;

/** Packages that are loaded when first used, never when the extension or the engine is. */
const lazyPackages = [
  'groq-sdk', 'openai', 'yaml', 'markdown-it', '@vscode/tree-sitter-wasm', 'katex', 'highlight.js', 'hono', '@hono/node-server',
];

/** @typedef {import('esbuild').BuildOptions} BuildOptions */
/** @typedef {import('esbuild').Metafile} Metafile */
/** @typedef {{ options: BuildOptions, finish: (metafile: Metafile) => Promise<void> }} Bundle */

/** @type {BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
  target: 'es2023',
};

/** For Node `yaml` is CommonJS, whose names a split-off chunk does not export; its other form is the same as ES modules. */
const alias = { yaml: join(root, 'node_modules', 'yaml', 'browser', 'index.js') };

/**
 * tree-sitter's runtime keeps `createRequire` in a variable named `require`. As CommonJS its `import()` would become a
 * call of that very variable before it is set, so it gets Node's module from Node itself.
 * @type {import('esbuild').Plugin}
 */
const ownRequire = {
  name: 'own-require',
  setup(build) {
    build.onLoad({ filter: /tree-sitter-wasm[\\/]wasm[\\/]tree-sitter\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll('await import("module")', 'process.getBuiltinModule("module")');
      return contents === text ? { errors: [{ text: 'The runtime of tree-sitter has changed: see ownRequire.' }] } : { contents, loader: 'js' };
    });
  },
};

/**
 * The extension, as CommonJS: `require('./dist/extension.js')` is what VS Code does and what is measured. esbuild splits
 * only ES modules, so it is bundled and split as ES modules first, and each file is translated to CommonJS after that:
 * `import()` becomes a late `require` of the same chunk, a module that several chunks use exists once (two copies of
 * an error class or of a cache would be two different things), and any chunk may use `vscode`.
 * @param {string} outputFolder
 * @param {string} entry
 * @returns {Bundle}
 */
function extensionBundle(outputFolder, entry) {
  const split = join(cache, 'bundle', basename(outputFolder));
  return {
    options: {
      ...common,
      entryPoints: { extension: entry },
      outdir: split,
      platform: 'node',
      format: 'esm',
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      external: ['vscode'],
      alias,
      plugins: [ownRequire],
      // The second pass does the rest; names must survive until then for readable source maps.
      minify: false,
      minifySyntax: true,
    },
    async finish(metafile) {
      const { build } = await import('esbuild');
      const files = Object.keys(metafile.outputs).filter((path) => path.endsWith('.js'));
      await rm(join(outputFolder, 'chunks'), { recursive: true, force: true });
      await build({
        ...common,
        entryPoints: files,
        outdir: outputFolder,
        outbase: split,
        platform: 'node',
        format: 'cjs',
        bundle: false,
        metafile: false,
        // Turns `import()` into `require`, which loads a chunk several times faster.
        supported: { 'dynamic-import': false },
        plugins: [plainVSCode],
      });
      const toOutput = (/** @type {string} */ path) => join(outputFolder, relative(split, join(root, path)));
      await checkStart('extension.js', extensionLimitBytes, metafile, toOutput);
    },
  };
}

/**
 * Takes `vscode` as it is. For `import * as vscode` esbuild makes a copy of the module with a getter for each of its
 * hundreds of names, in every file that imports it: half of the time that loading the extension took.
 * @type {import('esbuild').Plugin}
 */
const plainVSCode = {
  name: 'plain-vscode',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/^import \* as (\w+) from "vscode";$/gmu, 'const $1 = require("vscode");'), loader: 'js' };
    });
  },
};

/**
 * The engine and the gateway as ES modules with common chunks.
 * @param {string} outputFolder
 * @param {Record<string, string>} entryPoints
 * @returns {Bundle}
 */
function moduleBundle(outputFolder, entryPoints) {
  return {
    options: {
      ...common,
      entryPoints,
      outdir: outputFolder,
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      format: 'esm',
      splitting: true,
      chunkNames: 'chunks-esm/[name]-[hash]',
      alias,
      // Bundled CommonJS packages ask for Node's modules with `require` and for their folder.
      banner: {
        js:
          "import { createRequire as createRequire_ } from 'node:module'; import { dirname as dirname_ } from 'node:path'; " +
          "import { fileURLToPath as fileURLToPath_ } from 'node:url'; const require = createRequire_(import.meta.url); " +
          'const __filename = fileURLToPath_(import.meta.url), __dirname = dirname_(__filename);',
      },
    },
    async finish(metafile) {
      await checkStart('core.mjs', engineLimitBytes, metafile, (path) => join(root, path));
    },
  };
}

/**
 * The panel's page: one script, and a style sheet where the script imports CSS.
 * @param {string} outputFolder
 * @param {string} entry
 * @returns {Bundle}
 */
function panelBundle(outputFolder, entry) {
  return {
    options: {
      ...common,
      entryPoints: { panel: entry },
      outdir: outputFolder,
      platform: 'browser',
      format: 'iife',
      tsconfig: 'src/webview/tsconfig.json',
      loader: { '.ttf': 'file', '.woff2': 'file', '.woff': 'empty' },
    },
    finish: () => Promise.resolve(),
  };
}

/**
 * Checks what is loaded at start: the entry and all it imports statically.
 * @param {string} entryName
 * @param {number} startLimitBytes
 * @param {Metafile} metafile
 * @param {(path: string) => string} toOutput Path of a final file from its path in the metafile.
 */
async function checkStart(entryName, startLimitBytes, metafile, toOutput) {
  const entry = Object.keys(metafile.outputs).find((path) => basename(path) === entryName);
  if (entry === undefined) {
    return;
  }
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const imported of metafile.outputs[path]?.imports ?? []) {
      if (imported.kind === 'import-statement' && !imported.external) {
        loaded.add(imported.path);
      }
    }
  }
  let bytes = 0;
  for (const path of loaded) {
    bytes += (await stat(toOutput(path))).size;
    for (const input of Object.keys(metafile.outputs[path]?.inputs ?? {})) {
      const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(input)?.[1];
      if (packageName !== undefined && lazyPackages.includes(packageName)) {
        throw new ScriptError(
          `${entryName} loads ${packageName} at start (${input}).`,
          `Import it where it is used: const { … } = await import('${packageName}').`,
        );
      }
    }
  }
  const all = await Promise.all(Object.keys(metafile.outputs).filter((path) => !path.endsWith('.map')).map((path) => stat(toOutput(path))));
  const total = all.reduce((sum, { size }) => sum + size, 0);
  progress(`${entryName}: ${kilobytes(bytes)} at start in ${loaded.size} ${loaded.size === 1 ? 'file' : 'files'}, ${kilobytes(total - bytes)} when needed`);
  if (bytes > startLimitBytes) {
    throw new ScriptError(
      `${entryName} loads ${kilobytes(bytes)} at start; the limit is ${kilobytes(startLimitBytes)}.`,
      'Load with `await import(…)` what is not needed to start.',
    );
  }
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} KB`;
}

/**
 * Copies what the bundles load as files.
 * @param {string} outputFolder
 */
async function copyAssets(outputFolder) {
  const packageFolder = (/** @type {string} */ name) => join(root, 'node_modules', ...name.split('/'));
  const wasmFolder = join(packageFolder('@vscode/tree-sitter-wasm'), 'wasm');
  for (const name of ['tree-sitter', ...(await namedGrammars())]) {
    const file = join(wasmFolder, `${name}.wasm`);
    if (!existsSync(file)) {
      throw new ScriptError(`src/analysis names the grammar ${name}, which @vscode/tree-sitter-wasm does not have.`);
    }
    await cp(file, join(outputFolder, 'wasm', `${name}.wasm`));
  }
  for (const file of ['codicon.css', 'codicon.ttf']) {
    await cp(join(packageFolder('@vscode/codicons'), 'dist', file), join(outputFolder, 'codicons', file));
  }
  const katex = join(packageFolder('katex'), 'dist');
  await cp(join(katex, 'katex.min.css'), join(outputFolder, 'katex', 'katex.min.css'));
  for (const file of await readdir(join(katex, 'fonts'))) {
    // Every browser that runs VS Code reads woff2; the style sheet names the older formats after it.
    if (file.endsWith('.woff2')) {
      await cp(join(katex, 'fonts', file), join(outputFolder, 'katex', 'fonts', file));
    }
  }
}

/** @returns {Promise<string[]>} names of the grammars that the analysis uses, from its source: there is no second list */
async function namedGrammars() {
  const folder = join(root, 'src', 'analysis');
  const names = new Set();
  for (const file of existsSync(folder) ? await readdir(folder, { recursive: true }) : []) {
    if (file.endsWith('.ts')) {
      const text = await readFile(join(folder, file), 'utf8');
      for (const [, name] of text.matchAll(/'(tree-sitter-[a-z-]+)'/gu)) {
        names.add(name);
      }
    }
  }
  return [...names].sort();
}

/**
 * @param {string} outputFolder
 * @returns {Bundle[]}
 */
function bundles(outputFolder) {
  const source = (/** @type {string} */ path) => join(root, 'src', path);
  const modules = Object.fromEntries(
    Object.entries({ core: source('embedding.ts'), gateway: source('gateway/main.ts') }).filter(([, path]) => existsSync(path)),
  );
  return [
    extensionBundle(outputFolder, source('extension.ts')),
    ...(Object.keys(modules).length === 0 ? [] : [moduleBundle(outputFolder, modules)]),
    panelBundle(outputFolder, source('webview/main.ts')),
  ];
}

/**
 * Builds everything into a new folder and puts it in the place of `dist/` when it is complete.
 * @returns {Promise<void>}
 * @throws {ScriptError} when code does not bundle or what is loaded at start is too heavy
 */
export async function build() {
  const esbuild = await import('esbuild');
  const fresh = join(cache, `dist-${process.pid}`);
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    const results = await Promise.allSettled(
      bundles(fresh).map(async ({ options, finish }) => {
        const { metafile } = await esbuild.build(options);
        if (metafile === undefined) {
          throw new Error('esbuild returned no metafile');
        }
        await finish(metafile);
        return metafile;
      }),
    );
    const metafiles = results.map((result) => {
      // Not before all have ended: the clean-up would take away what others still read.
      if (result.status === 'rejected') {
        throw result.reason;
      }
      return result.value;
    });
    await copyAssets(fresh);
    await writeNotices(join(fresh, 'THIRD-PARTY-NOTICES.txt'), metafiles);
    const old = `${fresh}-old`;
    await rm(old, { recursive: true, force: true });
    if (existsSync(dist)) {
      await rename(dist, old);
    }
    await rename(fresh, dist);
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    if (error instanceof Error && 'errors' in error) {
      // esbuild has printed what is wrong and where.
      throw new ScriptError('The build failed.', 'See the messages above.');
    }
    throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(join(cache, 'bundle', basename(fresh)), { recursive: true, force: true });
  }
}

/** Builds again on every change until the script is ended. */
async function watch() {
  const esbuild = await import('esbuild');
  await mkdir(dist, { recursive: true });
  await copyAssets(dist);
  for (const { options, finish } of bundles(dist)) {
    const context = await esbuild.context({
      ...options,
      plugins: [
        ...(options.plugins ?? []),
        {
          name: 'finish',
          setup(build) {
            build.onEnd(async ({ errors, metafile }) => {
              if (errors.length === 0 && metafile !== undefined) {
                await finish(metafile).catch((error) => progress(String(error)));
                progress(`Built ${Object.keys(options.entryPoints ?? {}).join(', ')}`);
              }
            });
          },
        },
      ],
    });
    onEnd(() => context.dispose());
    await context.watch();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--watch')) {
    endOnSignals(() => 0);
    await ensureDependencies();
    await watch();
  } else {
    await runScript(async () => {
      await ensureDependencies();
      await build();
      return 0;
    });
  }
}
