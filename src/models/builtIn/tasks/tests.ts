import type { SyntaxNode } from '../../../analysis/syntax';
import { textOf } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import type { Situation } from '../conversation';
import { foundUses, hasAsked, placeOf } from '../lookups';
import { closing, inlineCode, moreFunctions, section } from '../markdown';
import type { Reply, Wish } from '../reply';
import type { Code, CodeFunction, CodeParameter } from '../syntax/code';
import { inputsOf } from '../syntax/code';
import { binaryOf, callOf, conditionOf, isLoop, nodesOf, shorten } from '../syntax/nodes';
import { roleOf } from '../syntax/roles';
import type { View } from '../view';
import { cite, citeLines, describe, isRecursive, outerCalls, outerFunctions } from '../view';
import { show, signature } from '../walk';

/** Most functions that one answer goes through. */
const maxFunctions = 8;

/** Names of files that hold tests, over the habits of all languages. */
const testFiles = /(?:^|\/)(?:tests?|spec|__tests__)\/|(?:^|[._/-])(?:test|spec)s?[._-]|[._-](?:test|spec)s?\.\w+$|Tests?\.\w+$/;

/** The next reply to a request for tests: which tests there are first, then the cases. */
export function testsReply(situation: Situation, view: View): Reply {
  const symbol = view.focus?.name ?? '';
  const wishes: Wish[] = [];
  if (!situation.mustAnswer && !hasAsked(situation, 'find_references') && !hasAsked(situation, 'list_files')) {
    if (symbol !== '' && situation.tools.has('find_references')) {
      wishes.push({ tool: 'find_references', args: { symbol, ...placeOf(situation, view) } });
    }
    if (situation.tools.has('list_files')) {
      wishes.push({ tool: 'list_files', args: { glob: '{**/*{test,spec,Test}*,**/{test,tests,spec,specs,__tests__}/**}' } });
    }
  }
  return wishes.length > 0
    ? { thought: `${describe(view)} ${t('Before I list cases I look which tests exist and where the code is used.')}`, wishes }
    : { thought: t('The branches, the boundaries in comparisons, the loops and the errors give the cases.'), wishes: [], answer: suggestions(situation, view) };
}

function suggestions(situation: Situation, view: View): string {
  const { code, focus } = view;
  if (code === undefined) {
    return [t('I cannot parse this code ({0}), so I cannot derive tests from it.', view.excerpt.languageId), ...closing('')].join('\n');
  }
  const functions = focus === undefined ? outerFunctions(code) : [focus];
  return [
    ...(functions.length === 0 ? [t('There is no function here that a test could call; move the code into one first.')] : [...functions.slice(0, maxFunctions).flatMap((fn) => casesOf(view, code, fn)), ...moreFunctions(functions.length - maxFunctions)]),
    ...section(t('Tests that exist'), existingTests(situation, view)),
    ...closing(t('It derives which cases matter, not what the right results are: the expected values are yours to decide.')),
  ].join('\n');
}

function casesOf(view: View, code: Code, fn: CodeFunction): readonly string[] {
  const nodes = [...nodesOf(fn.body, true)];
  const inputs = inputsOf(fn);
  const cases = [
    ...inputs.flatMap((input) => inputCases(input, fn, nodes)),
    ...nodes.filter((node) => roleOf(node) === 'branch').slice(0, 12).flatMap((node) => branchCases(code, node)),
    ...nodes.filter(isLoop).slice(0, 6).map((node) => t('the loop at {0}: no round, one round, several rounds', cite(code, node))),
    ...(isRecursive(fn) ? [t('the recursion: an input that ends at once, and one that goes several levels deep')] : []),
    ...nodes.filter((node) => roleOf(node) === 'throw').slice(0, 6).map((node) => t('the error at {0}: an input that leads to {1}', cite(code, node), show(node, 60))),
    ...nodes.filter((node) => roleOf(node) === 'handler').slice(0, 4).map((node) => t('the handler at {0}: make the code above it fail, and test what follows', cite(code, node))),
  ];
  const calls = outerCalls({ ...view, focus: fn });
  return [
    `### ${inlineCode(fn.name)} (${cite(code, fn.node, true)})`,
    '',
    signature(fn.node),
    '',
    t('1. the normal case: {0}', inputs.length === 0 ? t('call it, and compare what it gives or changes') : t('typical values for {0}, and the result that you expect', inputs.map((input) => inlineCode(input.name)).join(', '))),
    ...cases.map((text, index) => `${String(index + 2)}. ${text}`),
    ...(calls.length === 0 ? [] : ['', t('Replace or fill in for the test: {0}.', calls.slice(0, 6).map(({ call, line }) => `${inlineCode(call.name)} (${citeLines(code.path, line)})`).join(', '))]),
    '',
  ];
}

/** Boundary values of an input, by its type where there is one and by its use otherwise. */
function inputCases(input: CodeParameter, fn: CodeFunction, nodes: readonly SyntaxNode[]): readonly string[] {
  const name = inlineCode(input.name);
  const text = textOf(fn.body);
  const bare = input.name.replace(/[$]/g, '\\$');
  const isIndexed = new RegExp(`\\b${bare}\\s*\\[|\\blen\\(\\s*&?${bare}\\b|\\$?${bare}(?:\\.|->)(?:length|Length|size|Count|len|push|append|map|filter|each|iter|forEach)\\b|count\\(\\$${bare}|in \\$?${bare}\\b|of ${bare}\\b|: ${bare}\\b\\)`).test(text);
  const isText = /\b(?:str|string|String|&str|char)\b/.test(input.text) || new RegExp(`\\b${bare}\\.(?:strip|trim|split|lower|upper|toLowerCase|toUpperCase|startsWith|startswith)\\b`).test(text);
  const isNumber = /\b(?:int|long|float|double|number|decimal|[iuf](?:8|16|32|64|128)|usize|Integer)\b(?!\s*[[\]>*])/.test(input.text) && !/[[\]<>]/.test(input.text);
  const isCompared = nodes.some((node) => {
    const binary = binaryOf(node);
    return binary !== undefined && /^[<>]=?$/.test(binary.operator) && [binary.left, binary.right].some((side) => textOf(side).replace(/^\$/, '') === input.name);
  });
  if (isText) {
    return [t('{0} as text: empty, one character, only spaces, outside of ASCII', name)];
  }
  if (isIndexed && !isNumber) {
    return [t('{0} as a collection: empty, one item, two equal items, in order and in reverse order', name)];
  }
  if (isNumber || isCompared) {
    return [t('{0} as a number: zero, one, negative, the largest value that it may have', name)];
  }
  return [t('{0}: missing or null, where the language allows it', name)];
}

/** Both sides of a condition, and the values around a limit. */
function branchCases(code: Code, node: SyntaxNode): readonly string[] {
  const condition = conditionOf(node);
  if (condition === undefined) {
    return [];
  }
  const limits = [...nodesOf(condition)].flatMap((inner) => {
    const binary = binaryOf(inner);
    return binary !== undefined && /^(?:[<>]=?|[!=]==?)$/.test(binary.operator) && callOf(binary.right) === undefined ? [show(inner, 60)] : [];
  });
  const both = t('the condition {0} at {1}: once true, once false', show(condition, 60), cite(code, node));
  return [limits.length === 0 ? both : `${both}; ${t('around the limit, just below, equal and just above: {0}', limits.slice(0, 3).join(', '))}`];
}

function existingTests(situation: Situation, view: View): readonly string[] {
  const uses = foundUses(situation.past, view.focus?.name ?? '').filter(({ path }) => testFiles.test(path));
  const listed = situation.past.findLast((action) => action.tool === 'list_files' && !action.isError)?.result.split('\n').slice(1).filter((path) => testFiles.test(path)) ?? [];
  if (uses.length > 0) {
    return uses.slice(0, 10).map(({ path, line, text }) => `- ${citeLines(path, line)}: ${inlineCode(shorten(text, 100))}`);
  }
  if (listed.length > 0) {
    return [t('None of the test files uses it by name. New tests belong beside {0}.', listed.slice(0, 5).map(inlineCode).join(', '))];
  }
  return hasAsked(situation, 'list_files') ? [t('I found no test files in the workspace.')] : [];
}
