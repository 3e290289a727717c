import type { SyntaxNode } from '../../../analysis/syntax';
import { child, named, textOf } from '../../../analysis/syntax';
import { languageFamily } from '../../../analysis/outline/grammars';
import { t } from '../../../core/l10n';
import { bodyOf, callOf, nodesOf, shortText } from '../syntax/nodes';
import { isFunction, roleOf } from '../syntax/roles';
import type { Check } from './finding';

/** Calls that change nothing, by language family: as a statement they are without effect. */
const pureCalls: Readonly<Record<string, ReadonlySet<string>>> = {
  python: new Set(['sorted', 'reversed', 'strip', 'lstrip', 'rstrip', 'replace', 'upper', 'lower', 'split', 'join', 'format', 'title', 'encode', 'decode', 'union', 'intersection', 'difference']),
  java: new Set(['trim', 'strip', 'replace', 'replaceAll', 'toUpperCase', 'toLowerCase', 'substring', 'concat', 'plusDays', 'plusHours', 'minusDays', 'toString', 'map', 'filter', 'sorted']),
  javascript: new Set(['map', 'filter', 'concat', 'slice', 'trim', 'toUpperCase', 'toLowerCase', 'substring', 'padStart', 'padEnd', 'toSorted', 'toReversed', 'join']),
  csharp: new Set(['Trim', 'Replace', 'ToUpper', 'ToLower', 'Substring', 'Select', 'Where', 'OrderBy', 'AddDays', 'AddHours', 'ToString', 'Concat']),
  go: new Set(['TrimSpace', 'ToUpper', 'ToLower', 'ReplaceAll', 'Sprintf', 'Split', 'Join']),
  rust: new Set(['trim', 'to_uppercase', 'to_lowercase', 'replace', 'map', 'filter', 'clone']),
  php: new Set(['trim', 'strtoupper', 'strtolower', 'str_replace', 'array_map', 'array_filter', 'array_merge', 'substr']),
};

/** The expression of a statement that is only an expression; undefined for any other. Ruby has none: there a last line is a value. */
function bareExpression(node: SyntaxNode): SyntaxNode | undefined {
  return node.type === 'expression_statement' ? named(node)[0] : undefined;
}

/** `name.trim();` */
export const dropsResult: Check = (node, { languageId }) => {
  const call = callOf(bareExpression(node) ?? node);
  if (bareExpression(node) === undefined || call === undefined || pureCalls[languageFamily(languageId)]?.has(call.name) !== true) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('The result of `{0}` is not used, and the call changes nothing by itself.', shortText(node)),
    fix: t('Assign or return the result.'),
  };
};

/** `items.sort` where `items.sort()` was meant. */
export const namesWithoutCall: Check = (node, { languageId }) => {
  const expression = bareExpression(node);
  if (expression === undefined || !/^(?:attribute|member_expression|member_access_expression)$/.test(expression.type) || languageId === 'ruby') {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` is named but not called, so the statement does nothing.', shortText(expression)),
    fix: t('Add the parentheses, or remove the line.'),
  };
};

/** A callback of `map` that gives nothing back. */
export const mapsToNothing: Check = (node, { languageId }) => {
  const call = languageFamily(languageId) === 'javascript' ? callOf(node) : undefined;
  const callback = call?.args[0];
  const body = callback === undefined || !isFunction(callback) ? undefined : bodyOf(callback);
  if (call === undefined || !/^(?:map|filter|reduce|find|some|every|flatMap)$/.test(call.name) || body?.type !== 'statement_block') {
    return undefined;
  }
  if ([...nodesOf(body)].some((inner) => roleOf(inner) === 'return' || roleOf(inner) === 'throw')) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('The callback of `{0}` has braces but no return, so every result is undefined.', call.full),
    fix: t('Return the value, or write the callback without braces.'),
  };
};

/** `items.forEach(async …)`. */
export const doesNotWait: Check = (node, { languageId }) => {
  const call = languageFamily(languageId) === 'javascript' ? callOf(node) : undefined;
  if (call?.name !== 'forEach' || call.args[0] === undefined || !/^async\b/.test(textOf(call.args[0]))) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` with an async callback does not wait for it: what follows runs before it is done, and its errors are lost.', call.full),
    fix: t('Use for…of with await, or await Promise.all over map.'),
  };
};

/** A call of an async function of the same code, as a statement without `await`. */
export const forgetsAwait: Check = (node, code) => {
  const call = callOf(bareExpression(node) ?? node);
  if (bareExpression(node) === undefined || call === undefined || code.languageId === 'go') {
    return undefined;
  }
  const isOwn = call.receiver === undefined || /^(?:this|self)$/.test(textOf(call.receiver));
  const target = isOwn ? code.functions.find((fn) => fn.name !== '' && fn.name === call.name) : undefined;
  const isAsync = target !== undefined && /^(?:(?:export|default|public|private|protected|internal|static|pub|override|virtual)\s+)*async\b/.test(textOf(target.node));
  if (!isAsync) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` is asynchronous and is called without await: it may not be done when the next line runs, and its errors are lost.', call.name),
    fix: t('Await it, or handle its errors where it is started.'),
  };
};

/** C#'s `async void`. */
export const asyncVoid: Check = (node, { languageId }) =>
  languageId === 'csharp' && node.type === 'method_declaration' && /\basync\s+void\b/.test(textOf(node).split('{', 1)[0] ?? '') && !(textOf(child(node, 'parameters') ?? node).split('{', 1)[0] ?? '').includes('EventArgs')
    ? {
        node,
        severity: 'medium',
        text: t('async void cannot be awaited, and an exception in it ends the process.'),
        fix: t('Return Task instead.'),
      }
    : undefined;

/** Rust's `unwrap`. */
export const mayPanic: Check = (node, { languageId }) => {
  const call = languageId === 'rust' ? callOf(node) : undefined;
  if (call === undefined || !/^(?:unwrap|expect)$/.test(call.name) || call.receiver === undefined) {
    return undefined;
  }
  return {
    node,
    severity: 'low',
    text: t('`{0}` ends in a panic where there is no value.', shortText(node)),
    fix: t('Pass the error on with ?, or handle the missing value.'),
  };
};
