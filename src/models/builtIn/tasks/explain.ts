import type { SyntaxNode } from '../../../analysis/syntax';
import { named } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import type { Situation } from '../conversation';
import { definitionWishes, foundDefinitions, hasAsked } from '../lookups';
import { closing, inlineCode, moreFunctions, section } from '../markdown';
import type { Reply } from '../reply';
import type { CodeFunction } from '../syntax/code';
import { inputsOf } from '../syntax/code';
import { isFunction, roleOf } from '../syntax/roles';
import { bodyOf, isLoop, nodesOf, shorten } from '../syntax/nodes';
import type { View } from '../view';
import { cite, citeLines, describe, isRecursive, outerCalls, outerFunctions, subjectOf } from '../view';
import { signature, show, walkOutside, walkThrough } from '../walk';

/** Most functions that one answer goes through. */
const maxFunctions = 8;

/** The next reply to a request for an explanation. */
export function explainReply(situation: Situation, view: View): Reply {
  const calls = outerCalls(view);
  const wishes = situation.mustAnswer || hasAsked(situation, 'find_references') || hasAsked(situation, 'search_text') ? [] : definitionWishes(situation, view, calls);
  if (wishes.length > 0) {
    const names = calls.slice(0, wishes.length).map(({ call }) => `\`${call.name}\``).join(', ');
    return { thought: `${describe(view)} ${t('It relies on {0}; I look where that is defined before I go through it.', names)}`, wishes };
  }
  const beginning = situation.past.length === 0 ? `${describe(view)} ` : '';
  return { thought: `${beginning}${t('I go through it statement by statement.')}`, wishes: [], answer: explanation(situation, view) };
}

/** What the code does, from its structure. */
export function explanation(situation: Situation, view: View): string {
  const { code, focus } = view;
  const subject = subjectOf(view);
  if (code === undefined || subject === undefined) {
    return [t('I cannot parse this code ({0}), so I cannot explain it.', view.excerpt.languageId), ...closing('')].join('\n');
  }
  const functions = focus === undefined ? outerFunctions(code) : [focus];
  const lines = functions.length === 0
    ? [t('{0} lines of code outside of functions, in the order in which they run:', view.excerpt.text.split('\n').length), '', ...walkThrough(code, code.root)]
    : [...functions.slice(0, maxFunctions).flatMap((fn) => functionLines(view, fn)), ...moreFunctions(functions.length - maxFunctions)];
  return [
    ...lines,
    ...section(t('Outside of functions'), functions.length > 0 && focus === undefined ? walkOutside(code) : []),
    ...section(t('Code from elsewhere'), elsewhere(situation, view)),
    ...closing(t('It tells what happens, not why: names and comments are not interpreted.')),
  ].join('\n');
}

function functionLines(view: View, fn: CodeFunction): readonly string[] {
  const { code } = view;
  if (code === undefined) {
    return [];
  }
  const inputs = inputsOf(fn);
  const nodes = [...nodesOf(fn.body)];
  const results = nodes.filter((node) => roleOf(node) === 'return' && node.children.some((inner) => inner.isNamed)).map((node) => node.children.find((inner) => inner.isNamed));
  const body = isFunction(fn.node) ? (bodyOf(fn.node) ?? fn.body) : fn.body;
  const last = implicitResult(view, fn);
  if (last !== undefined) {
    results.push(last);
  }
  const shownResults = [...new Set(results.map((node) => (node === undefined ? '' : show(node, 50))))].filter((text) => text !== '');
  return [
    `### ${fn.name === '' ? t('A function without a name') : inlineCode(fn.name)} (${cite(code, fn.node, true)})`,
    '',
    signature(fn.node),
    '',
    inputs.length === 0 ? t('**Inputs:** none.') : t('**Inputs:** {0}.', inputs.map((input) => inlineCode(shorten(input.text, 60))).join(', ')),
    shownResults.length === 0 ? t('**Result:** none is given back by name.') : t('**Result:** {0}.', shownResults.slice(0, 6).join(', ')),
    ...(isRecursive(fn) ? [t('It calls itself.')] : []),
    '',
    ...walkThrough(code, body),
    ...edgeCases(view, fn),
    '',
  ];
}

/** The last expression of a body, in languages where it is the result. */
function implicitResult({ excerpt }: View, fn: CodeFunction): SyntaxNode | undefined {
  const isValue = excerpt.languageId === 'rust' || excerpt.languageId === 'ruby' || fn.body === bodyOf(fn.node) && /expression|identifier|call|binary/.test(fn.body.type);
  const last = isValue ? (named(fn.body).at(-1) ?? fn.body) : undefined;
  const isStatement = last === undefined || /statement|declaration/.test(last.type) || ['loop', 'return', 'assignment', 'branch', 'choice'].includes(roleOf(last) ?? '');
  return isStatement ? undefined : last;
}

/** What happens for inputs without anything in them, as far as the loops tell. */
function edgeCases(view: View, fn: CodeFunction): readonly string[] {
  const { code } = view;
  const first = code === undefined ? undefined : [...nodesOf(fn.body)].find((node) => isLoop(node) && !/while|until|do_statement|loop_expression/.test(node.type));
  const fails = code === undefined ? [] : [...nodesOf(fn.body)].filter((node) => roleOf(node) === 'throw').slice(0, 3);
  return [
    ...(first === undefined || code === undefined ? [] : ['', t('Where there is nothing to go through, the loop at {0} does nothing, and what follows it runs with the values from before.', cite(code, first))]),
    ...(fails.length === 0 || code === undefined ? [] : ['', t('It can fail at {0}.', fails.map((node) => cite(code, node)).join(', '))]),
  ];
}

function elsewhere(situation: Situation, view: View): readonly string[] {
  const definitions = foundDefinitions(situation.past);
  return outerCalls(view).slice(0, 8).map(({ call, line }) => {
    const definition = definitions.find(({ name }) => name === call.name);
    const place = citeLines(view.excerpt.path, line);
    return definition === undefined
      ? `- ${t('`{0}` ({1}): I have not seen its code.', call.name, place)}`
      : `- ${t('`{0}` ({1}) is defined in {2}.', call.name, place, citeLines(definition.path, definition.line))}`;
  });
}
