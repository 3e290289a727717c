import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readSources } from '../support/sourceFiles';

/** What a part of `src/` may import: other parts, and modules from outside by name or pattern. */
interface Rule {
  readonly parts: readonly string[];
  readonly modules?: readonly RegExp[];
}

/** The table of floors (STYLE, section 2). A part may always import itself. */
const rules: Readonly<Record<string, Rule>> = {
  core: { parts: [] },
  loop: { parts: ['core'], modules: [/^@cfworker\/json-schema$/] },
  analysis: { parts: ['core'], modules: [/^@vscode\/tree-sitter-wasm$/] },
  transcript: { parts: ['core'], modules: [/^yaml$/, /^markdown-it(\/|$)/, /^highlight\.js(\/|$)/, /^katex(\/|$)/] },
  models: { parts: ['core', 'loop', 'analysis'], modules: [/^groq-sdk(\/|$)/, /^openai(\/|$)/] },
  tools: { parts: ['core', 'loop', 'analysis'], modules: [/^ignore$/, /^picomatch$/] },
  app: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools'] },
  node: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools', 'app'], modules: [/^node:/, /^ignore$/, /^picomatch$/, /^zod$/] },
  vscode: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools', 'app', 'node'], modules: [/^vscode$/] },
  gateway: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools', 'app'], modules: [/^node:(http|crypto|net|util)$/, /^hono(\/|$)/, /^@hono\//, /^zod$/] },
  webview: { parts: ['core'], modules: [/^katex(\/|$)/] },
  extension: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools', 'app', 'node', 'vscode', 'gateway'], modules: [/^vscode$/] },
  gatewayProgram: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools', 'app', 'node', 'gateway'], modules: [/^node:/] },
  embedding: { parts: ['core', 'loop', 'analysis', 'transcript', 'models', 'tools', 'app', 'node', 'gateway'], modules: [/^node:(path|url)$/] },
};

/** Files of another part that are made to be shared: the messages and the page of the panel, and how Markdown is read. */
const sharedFiles: ReadonlySet<string> = new Set([
  'src/vscode → src/webview/protocol', 'src/vscode → src/webview/page', 'src/webview → src/transcript/markdownParser', 'src/webview → src/transcript/highlighter',
]);

/** Libraries that only one place may know. */
const confined: readonly (readonly [RegExp, RegExp])[] = [
  [/^groq-sdk(\/|$)/, /^src\/models\/groq\.ts$/],
  [/^openai(\/|$)/, /^src\/models\/openaiCompatible\.ts$/],
  [/^@vscode\/tree-sitter-wasm$|^web-tree-sitter$/, /^src\/analysis\//],
  [/^markdown-it(\/|$)/, /^src\/transcript\/(markdownParser|mathSyntax)\.ts$/],
  [/^highlight\.js(\/|$)/, /^src\/transcript\/highlighter\.ts$/],
  [/^yaml$/, /^src\/transcript\//],
  [/^hono(\/|$)|^@hono\//, /^src\/gateway\//],
  [/^zod$/, /^src\/(gateway|node)\//],
  [/^vscode$/, /^src\/(vscode\/|extension\.ts$)/],
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** Every module that a file names: imports, re-exports, `import()` and `import type`, by the compiler's own reader. */
function importsOf(file: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const isStatement = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const named = isStatement ? node.moduleSpecifier : isCall ? node.arguments[0] : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    if (named !== undefined) {
      found.push({ file, specifier: ts.isStringLiteralLike(named) ? named.text : `(${named.getText()})` });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Programs: they join parts of every floor, as `extension.ts` does. */
const programs: ReadonlyMap<string, string> = new Map([['src/gateway/main.ts', 'gatewayProgram'], ['src/gateway/main', 'gatewayProgram']]);

/** The part of `src/` that a file belongs to: its folder, or its own name at the top. */
function partOf(file: string): string {
  return programs.get(file) ?? (file.split('/')[1] ?? '').replace(/\.ts$/, '');
}

const sources = readSources();
const imports = sources.flatMap(({ path: file, text }) => importsOf(file, text));

function problem({ file, specifier }: Import): string | undefined {
  const part = partOf(file);
  const rule = rules[part];
  if (rule === undefined) {
    return `${file}: "${part}" has no floor`;
  }
  if (!specifier.startsWith('.')) {
    return rule.modules?.some((allowed) => allowed.test(specifier)) === true ? undefined : `${file} imports ${specifier}`;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
  const other = partOf(target);
  const allowed = other === part || rule.parts.includes(other) || sharedFiles.has(`src/${part} → ${target}`);
  return allowed ? undefined : `${file} imports ${target}`;
}

describe('floors', () => {
  it('finds the imports of the sources', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(imports).toContainEqual({ file: 'src/core/run.ts', specifier: './events' });
    expect(importsOf('x.ts', "import('./a'); export * from './b'; let c: import('./d').E; import type { F } from 'g';").map(({ specifier }) => specifier))
      .toEqual(['./a', './b', './d', 'g']);
  });

  it('point down only', () => {
    expect(imports.flatMap((entry) => problem(entry) ?? [])).toEqual([]);
  });

  it('would see an import that points up or sideways', () => {
    expect(problem({ file: 'src/core/x.ts', specifier: '../loop/runLoop' })).toBeDefined();
    expect(problem({ file: 'src/loop/x.ts', specifier: '../analysis/index' })).toBeDefined();
    expect(problem({ file: 'src/tools/x.ts', specifier: 'node:fs' })).toBeDefined();
    expect(problem({ file: 'src/vscode/x.ts', specifier: '../webview/main' })).toBeDefined();
    expect(problem({ file: 'src/vscode/x.ts', specifier: '../webview/protocol' })).toBeUndefined();
  });

  it('keeps each library in its one place', () => {
    const strays = imports.filter(({ file, specifier }) =>
      confined.some(([library, place]) => library.test(specifier) && !place.test(file)));
    expect(strays).toEqual([]);
  });

  it('names no module by an expression: bundling and this test read literals', () => {
    expect(imports.filter(({ specifier }) => specifier.startsWith('('))).toEqual([]);
  });
});
