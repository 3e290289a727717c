import type { SyntaxNode } from '../../analysis/syntax';
import { textOf } from '../../analysis/syntax';
import { loadLanguage } from '../../analysis/index';
import type { Library } from '../../analysis/library';
import type { ReadExcerpt } from '../../core/excerpt';
import { t } from '../../core/l10n';
import type { Code, CodeFunction } from './syntax/code';
import { inputsOf, readCode } from './syntax/code';
import type { Call } from './syntax/nodes';
import { callOf, isLoop, nodesOf } from './syntax/nodes';
import { isFunction, roleOf } from './syntax/roles';

/** The code in question as the model looks at it. */
export interface View {
  readonly excerpt: ReadExcerpt;
  /** Undefined for a language without a grammar. */
  readonly code: Code | undefined;
  /** The function that the question is about: the one that was named, or the only outer one where it is most of the code. */
  readonly focus: CodeFunction | undefined;
  /** What the analysis knows of the library of the code's language. */
  readonly library: Library | undefined;
}

/** Parses an excerpt and finds what it is about. */
export async function viewOf(excerpt: ReadExcerpt): Promise<View> {
  const [code, language] = await Promise.all([readCode(excerpt), loadLanguage(excerpt.languageId)]);
  const focus = code === undefined ? undefined : focusOf(code, excerpt.symbol);
  return { excerpt, code, focus, library: language?.library };
}

function focusOf(code: Code, symbol: string | undefined): CodeFunction | undefined {
  const named = code.functions.filter((fn) => fn.name !== '');
  const wanted = symbol?.replace(/^.*(?:\.|::|#)/s, '');
  const outer = named.filter((fn) => !named.some((other) => other !== fn && other.node.start <= fn.node.start && other.node.end >= fn.node.end));
  const only = outer.length === 1 ? outer[0] : undefined;
  const isMost = only !== undefined && (only.node.endLine - only.node.startLine + 1) * 2 >= code.root.source.trimEnd().split('\n').length;
  return named.find((fn) => fn.name === wanted) ?? (isMost ? only : undefined);
}

/** The node that answers are about: the function in focus, else all of the code. */
export function subjectOf({ code, focus }: View): SyntaxNode | undefined {
  return focus?.node ?? code?.root;
}

/** `path:line` or `path:start-end` in code marks, as answers cite places. */
export function cite(code: Pick<Code, 'path' | 'line' | 'endLine'>, node: SyntaxNode, whole = false): string {
  return citeLines(code.path, code.line(node), whole ? code.endLine(node) : code.line(node));
}

/** A place by its lines. */
export function citeLines(path: string, start: number, end = start): string {
  return `\`${path}:${String(start)}${end > start ? `-${String(end)}` : ''}\``;
}

/** How many loops around a node there are, below `root`. */
export function loopDepth(node: SyntaxNode, loops: readonly SyntaxNode[]): number {
  return loops.filter((loop) => loop !== node && loop.start <= node.start && loop.end >= node.end).length;
}

/** The loops of the subject, lambdas included, in order. */
export function loopsOf(view: View): readonly SyntaxNode[] {
  const subject = subjectOf(view);
  return subject === undefined ? [] : [...nodesOf(subject, true)].filter(isLoop);
}

/** Names that every program may call without defining them, in languages whose library the analysis does not know. */
const everyday: ReadonlySet<string> = new Set([
  'print', 'println', 'printf', 'len', 'range', 'int', 'str', 'float', 'list', 'dict', 'set', 'tuple', 'isinstance', 'super', 'require', 'import', 'parseInt', 'parseFloat', 'String', 'Number',
  'Boolean', 'Array', 'append', 'make', 'new', 'panic', 'cap', 'copy', 'delete', 'puts', 'raise', 'count', 'isset', 'empty', 'abs', 'min', 'max', 'sizeof', 'Some', 'Ok', 'Err', 'None', 'catch', 'attr_reader',
]);

/** A function that the code calls and does not define. */
export interface OuterCall {
  readonly call: Call;
  readonly line: number;
  /** Loops around the call. */
  readonly depth: number;
}

/**
 * Functions that are called here and defined elsewhere, as far as one can tell by their names: plain calls and calls
 * on a type or module, without those of the language's library. Deepest in loops first, each name once.
 */
export function outerCalls(view: View): readonly OuterCall[] {
  const { code, library } = view;
  const subject = subjectOf(view);
  if (code === undefined || subject === undefined) {
    return [];
  }
  const own = new Set(code.functions.map((fn) => fn.name));
  const inputs = new Set(code.functions.flatMap((fn) => inputsOf(fn).map((input) => input.name)));
  const loops = loopsOf(view);
  const byName = new Map<string, OuterCall>();
  for (const node of nodesOf(subject, true)) {
    const call = roleOf(node) === 'call' && node.type !== 'macro_invocation' ? callOf(node) : undefined;
    const isPlain = call !== undefined && (call.receiver === undefined || /^(?:self|this|\$this|cls|super)$|^[A-Z]\w*$/.test(textOf(call.receiver)));
    if (call === undefined || !isPlain || !/^[\p{L}_][\p{L}\p{N}_]*[?!]?$/u.test(call.name) || own.has(call.name) || inputs.has(call.name) || everyday.has(call.name) || /(?:Error|Exception)$/.test(call.name)) {
      continue;
    }
    const full = call.full.replace(/^std::/, '');
    const isLibrary = library !== undefined && (Object.hasOwn(library.functions, full) || Object.hasOwn(library.functions, `*.${call.name}`) || Object.hasOwn(library.types, call.name) || (call.receiver === undefined && Object.hasOwn(library.functions, call.name)));
    const depth = loopDepth(node, loops);
    const known = byName.get(call.name);
    if (!isLibrary && (known === undefined || depth > known.depth)) {
      byName.set(call.name, { call, line: code.line(node), depth });
    }
  }
  return [...byName.values()].sort((first, second) => second.depth - first.depth || first.line - second.line);
}

/** What the code is, in one or two sentences with its lines: inputs, loops, calls. */
export function describe(view: View): string {
  const { code, excerpt, focus } = view;
  const place = citeLines(excerpt.path, excerpt.range.startLine, excerpt.range.endLine);
  if (code === undefined) {
    return t('I have {0} in front of me ({1}), a language that I cannot parse.', place, excerpt.languageId);
  }
  if (focus === undefined) {
    return `${t('I look at the code in {0} ({1}).', place, excerpt.languageId)} ${describeLoops(view)}`;
  }
  const inputs = inputsOf(focus).map((input) => `\`${input.name}\``);
  const takes = inputs.length === 0 ? t('It stands in {0} ({1}) and takes no inputs.', place, excerpt.languageId) : t('It stands in {0} ({1}) and takes {2}.', place, excerpt.languageId, inputs.join(', '));
  return `${t('I look at the function `{0}`.', focus.name)} ${takes} ${describeLoops(view)}`;
}

function describeLoops(view: View): string {
  const { code } = view;
  const loops = loopsOf(view);
  if (code === undefined || loops.length === 0) {
    return t('It has no loop.');
  }
  const lines = [...new Set(loops.map((loop) => code.line(loop)))].slice(0, 8).join(', ');
  const deepest = 1 + Math.max(...loops.map((loop) => loopDepth(loop, loops)));
  return deepest > 1
    ? t('It has {0} loops (lines {1}), nested up to {2} deep.', loops.length, lines, deepest)
    : loops.length === 1
      ? t('It has one loop (line {0}).', lines)
      : t('It has {0} loops (lines {1}), none inside another.', loops.length, lines);
}

/** True where a function calls itself. */
export function isRecursive(fn: CodeFunction): boolean {
  return fn.name !== '' && [...nodesOf(fn.body, true)].some((node) => {
    const call = callOf(node);
    return call?.name === fn.name && (call.receiver === undefined || /^(?:self|this|\$this|cls)$/.test(textOf(call.receiver)));
  });
}

/** The outermost functions with names, in order. */
export function outerFunctions(code: Code): readonly CodeFunction[] {
  const named = code.functions.filter((fn) => fn.name !== '');
  return named.filter((fn) => !named.some((other) => other !== fn && other.node.start <= fn.node.start && other.node.end >= fn.node.end && isFunction(other.node)));
}
