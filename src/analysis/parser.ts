import type { Language as Grammar, Parser as TreeParser, Tree } from '@vscode/tree-sitter-wasm';
import { internalized, noteSound, type SyntaxNode } from './syntax';
import { type TreeWalk, walkOf } from './treeWalk';

/** Where the bytes of `.wasm` files come from: files in Node, the extension's folder in VS Code. */
export interface GrammarSource {
  /** Bytes of `<name>.wasm`; `name` is `tree-sitter` (the runtime) or a grammar such as `tree-sitter-python`. */
  load(name: string): Promise<Uint8Array>;
}

interface LoadedGrammar {
  readonly parser: TreeParser;
  /** By numeric id: the type, and whether nodes of it are named. */
  readonly types: readonly string[];
  readonly namedTypes: readonly boolean[];
  /** Those that stand for their own text, such as `(` and `if`. */
  readonly tokens: readonly boolean[];
  readonly comments: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

interface Runtime {
  readonly Parser: typeof TreeParser;
  readonly Language: typeof Grammar;
}

let source: GrammarSource | undefined;
let runtime: Promise<Runtime> | undefined;
/** What the runtime was started with; the package starts it once per process, whatever comes later. */
let binding: object | undefined;
const grammars = new Map<string, Promise<LoadedGrammar>>();

/** Sets where grammars are loaded from. Call once at start-up, before the first analysis; nothing is loaded yet. */
export function setGrammarSource(next: GrammarSource): void {
  source = next;
  runtime = undefined;
  grammars.clear();
}

async function loadRuntime(from: GrammarSource): Promise<Runtime> {
  const [imported, wasmBinary] = await Promise.all([import('@vscode/tree-sitter-wasm'), from.load('tree-sitter')]);
  // A CommonJS package reaches an ES module through `default`, and a bundle directly.
  const module = ('default' in imported ? imported.default : imported);
  const options = { wasmBinary };
  // Emscripten takes the bytes as they are; the declaration names only the other option.
  await (module.Parser.init as (options: object) => Promise<void>)(options);
  binding ??= options;
  return module;
}

async function loadGrammar(name: string): Promise<LoadedGrammar> {
  if (source === undefined) {
    throw new Error('No source of grammars: call setGrammarSource() first.');
  }
  const from = source;
  runtime ??= loadRuntime(from);
  const [{ Parser, Language }, bytes] = await Promise.all([runtime, from.load(name)]);
  const grammar: Grammar = await Language.load(bytes);
  const parser = new Parser();
  parser.setLanguage(grammar);
  const types: string[] = [];
  const namedTypes: boolean[] = [];
  for (let id = 0; id < grammar.nodeTypeCount; id++) {
    types.push(internalized(grammar.nodeTypeForId(id) ?? ''));
    namedTypes.push(grammar.nodeTypeIsNamed(id));
  }
  const tokens = types.map((type, id) => namedTypes[id] === false && /^(?:[a-z]+|[^\w\s]+)$/.test(type));
  const comments = types.map((type) => type.endsWith('comment'));
  const fields: (string | null)[] = [];
  for (let id = 0; id <= grammar.fieldCount; id++) {
    const field = id === 0 ? null : grammar.fieldNameForId(id);
    fields.push(field === null ? null : internalized(field));
  }
  return { parser, types, namedTypes, tokens, comments, fields };
}

/** The grammar, loaded once. A failed load is tried again at the next call. */
function grammarNamed(name: string): Promise<LoadedGrammar> {
  let loading = grammars.get(name);
  if (loading === undefined) {
    loading = loadGrammar(name);
    grammars.set(name, loading);
    loading.catch(() => {
      grammars.delete(name);
      runtime = undefined;
    });
  }
  return loading;
}

/** Loads `grammar` and parses a few characters, so that the first real parse does not pay for compilation. */
export async function warmUpGrammar(grammar: string, sample: string): Promise<void> {
  await withTree(grammar, sample, () => undefined);
}

/**
 * Parses `text` and hands the copied root to `use`. The tree in WebAssembly memory is freed before `use` runs, and also
 * when copying fails.
 */
export async function withTree<T>(grammar: string, text: string, use: (root: SyntaxNode) => T): Promise<T> {
  const loaded = await grammarNamed(grammar);
  const tree = loaded.parser.parse(text);
  if (tree === null) {
    throw new Error(`${grammar} gave no tree`);
  }
  return use(copyTree(tree, loaded, text));
}

const errorTypeId = 65535;

function copyTree(tree: Tree, grammar: LoadedGrammar, text: string): SyntaxNode {
  let walk: TreeWalk | undefined;
  try {
    const isSound = !tree.rootNode.hasError;
    walk = walkOf(tree, binding ?? {});
    return copyNodes(walk, grammar, text, isSound);
  } finally {
    walk?.delete();
    tree.delete();
  }
}

interface MutableNode extends SyntaxNode {
  children: MutableNode[];
}

/** Of all nodes that have none. */
const noChildren: MutableNode[] = [];

/**
 * Crossing into WebAssembly is what costs, so each node is asked for four numbers, once, and a token that stands for its
 * own text for three: where it ends is known, and that it has no children. Lines come from a table.
 */
function copyNodes(walk: TreeWalk, grammar: LoadedGrammar, text: string, isSound: boolean): SyntaxNode {
  const lineAt = lineTable(text);
  const { types, namedTypes, tokens, comments, fields } = grammar;
  let isToken = false as boolean;
  const read = (): MutableNode => {
    const id = walk.typeId();
    const start = walk.startIndex();
    const isError = id === errorTypeId || id >= types.length;
    const type = isError ? 'ERROR' : (types[id] ?? '');
    // One that is missing in broken code is not there.
    isToken = tokens[id] === true && text.startsWith(type, start);
    const end = isToken ? start + type.length : walk.endIndex();
    return {
      type,
      // A comment between two parts is given the field of the second; it fills none.
      field: comments[id] === true ? undefined : (fields[walk.fieldId()] ?? undefined),
      isNamed: isError || (namedTypes[id] ?? false),
      start,
      end,
      startLine: lineAt[start] ?? 1,
      endLine: lineAt[end > start ? end - 1 : start] ?? 1,
      children: noChildren,
      source: text,
    };
  };
  const root = read();
  const path: MutableNode[] = [];
  // Children wait here until their parent has all of them: an array that is pushed to takes room for many more.
  const waiting: MutableNode[] = [];
  const begins: number[] = [];
  let current = root;
  for (;;) {
    if (!isToken && walk.toFirstChild()) {
      path.push(current);
      begins.push(waiting.length);
      current = read();
      waiting.push(current);
      continue;
    }
    // Behind one that ends where its parent does there is only what is missing in broken code.
    while ((isSound && current.end === path[path.length - 1]?.end) || !walk.toNextSibling()) {
      const parent = path.pop();
      const begin = begins.pop();
      if (parent === undefined || begin === undefined || !walk.toParent()) {
        if (isSound) {
          noteSound(root);
        }
        return root;
      }
      parent.children = waiting.slice(begin);
      waiting.length = begin;
      current = parent;
    }
    current = read();
    waiting.push(current);
  }
}

/** The 1-based line of every offset of `text`, the offset after its end included. */
function lineTable(text: string): Uint32Array {
  const lines = new Uint32Array(text.length + 1);
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    lines[at] = line;
    if (text.charCodeAt(at) === 10) {
      line += 1;
    }
  }
  lines[text.length] = line;
  return lines;
}
