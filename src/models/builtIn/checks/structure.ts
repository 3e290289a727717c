import type { SyntaxNode } from '../../../analysis/syntax';
import { child, named, textOf } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import type { Code, CodeFunction } from '../syntax/code';
import { inputsOf } from '../syntax/code';
import { assignmentOf, binaryOf, bodyOf, callOf, isLoop, nodesOf, shortText } from '../syntax/nodes';
import { isFunction, roleOf } from '../syntax/roles';
import type { Finding } from './finding';

/** Lines of a function above which it is long, levels above which it is deep, inputs above which there are many. */
const longFunction = 50;
const deepNesting = 4;
const manyInputs = 5;
/** Lines that must repeat to be told. */
const repeatedLines = 4;

/** What makes code hard to read or slow, with measures. */
export function findSmells(code: Code): readonly Finding[] {
  const found = [
    ...code.functions.filter((fn) => fn.name !== '').flatMap((fn) => functionSmells(fn)),
    ...repetitions(code),
    ...slowPatterns(code),
  ];
  return found.sort((first, second) => first.node.start - second.node.start);
}

function functionSmells(fn: CodeFunction): readonly Finding[] {
  const { node, name } = fn;
  const found: Finding[] = [];
  const lines = node.endLine - node.startLine + 1;
  if (lines > longFunction) {
    found.push({ node, severity: 'medium', text: t('`{0}` has {1} lines.', name, lines), fix: t('Split it where the subject changes; each loop or branch of its own is a candidate.') });
  }
  const deepest = deepestNode(fn.body, 0);
  if (deepest.depth > deepNesting) {
    found.push({ node: deepest.node, severity: 'medium', text: t('`{0}` is nested {1} levels deep here.', name, deepest.depth), fix: t('Leave early for the special cases, or make the inner part a function.') });
  }
  const inputs = inputsOf(fn).length;
  if (inputs > manyInputs) {
    found.push({ node, severity: 'low', text: t('`{0}` takes {1} inputs.', name, inputs), fix: t('Group those that belong together in one value.') });
  }
  const flag = inputsOf(fn).find((input) => /\bbool(?:ean)?\b|[:=]\s*(?:true|false|True|False)\b/.test(input.text));
  if (flag !== undefined) {
    found.push({ node: flag.node, severity: 'low', text: t('The input `{0}` switches between two behaviours.', flag.name), fix: t('Two functions with names of their own are easier to call and to read.') });
  }
  return found;
}

function deepestNode(node: SyntaxNode, depth: number): { readonly node: SyntaxNode; readonly depth: number } {
  let deepest = { node, depth };
  for (const inner of node.children) {
    if (isFunction(inner)) {
      continue;
    }
    const role = roleOf(inner);
    const isElse = role === 'branch' && (inner.field === 'alternative' || /^(?:else|elif)/.test(node.type));
    const adds = (role === 'loop' || role === 'branch' || role === 'choice' || role === 'try') && !isElse;
    const below = deepestNode(inner, adds ? depth + 1 : depth);
    if (below.depth > deepest.depth) {
      deepest = adds && below.depth === depth + 1 ? { node: inner, depth: below.depth } : below;
    }
  }
  return deepest;
}

/** Runs of equal lines, without regard to white space. */
function repetitions(code: Code): readonly Finding[] {
  const lines = code.root.source.split('\n').map((line) => line.trim());
  const seen = new Map<string, number>();
  let last = -1;
  const found: Finding[] = [];
  for (let at = 0; at + repeatedLines <= lines.length; at += 1) {
    const run = lines.slice(at, at + repeatedLines);
    if (run.some((line) => line === '' || line.length < 4 || /^(?:import|from|using|#include|\/\/|#|\*|use)\b/.test(line))) {
      continue;
    }
    const key = run.join('\n');
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, at);
    } else if (at > last && at >= first + repeatedLines) {
      last = at + repeatedLines - 1;
      const node = nodeAtLine(code.root, at + 1);
      const firstLine = code.line({ ...node, startLine: first + 1 });
      found.push({ node, severity: 'medium', text: t('These {0} lines stand at line {1} already.', repeatedLines, firstLine), fix: t('Make them a function, with what differs as its inputs.') });
    }
  }
  return found;
}

function nodeAtLine(root: SyntaxNode, line: number): SyntaxNode {
  return [...nodesOf(root, true)].find((node) => node.startLine === line) ?? root;
}

const linearLookups = /^(?:includes|indexOf|lastIndexOf|contains|Contains|IndexOf|in_array|array_search|include\?|index|find|count)$/;
const frontRemovals = /^(?:shift|unshift|insert|array_shift|array_unshift|remove|RemoveAt|pop)$/;
const sorting = /^(?:sort|sorted|Sort|OrderBy|sort_by|sort_unstable|usort|toSorted)$/;

/** Work inside loops that has a form that costs less. */
function slowPatterns(code: Code): readonly Finding[] {
  const loops = [...nodesOf(code.root, true)].filter(isLoop);
  const found: Finding[] = [];
  for (const loop of loops) {
    const body = bodyOf(loop) ?? loop;
    for (const node of nodesOf(body)) {
      const finding = slowAt(node, code, loop);
      if (finding !== undefined && !found.some((other) => other.node === finding.node)) {
        found.push(finding);
      }
    }
  }
  return found;
}

function slowAt(node: SyntaxNode, code: Code, loop: SyntaxNode): Finding | undefined {
  const call = callOf(node);
  const binary = binaryOf(node);
  const assignment = assignmentOf(node);
  const place = code.line(loop);
  if (binary !== undefined && /^(?:not )?in$/.test(binary.operator) && isList(textOf(binary.right), code)) {
    return slow(node, t('`{0}` goes through the list for every round of the loop at line {1}: quadratic together.', shortText(node), place), t('Keep a set beside the list, and ask that.'));
  }
  if (call?.receiver !== undefined && linearLookups.test(call.name) && isList(textOf(call.receiver), code)) {
    return slow(node, t('`{0}` goes through the list for every round of the loop at line {1}: quadratic together.', shortText(node), place), t('Keep a set beside the list, and ask that.'));
  }
  if (call?.receiver !== undefined && frontRemovals.test(call.name) && isList(textOf(call.receiver), code) && /^\(?\s*(?:0\b|\)$)|^$/.test(call.args.map(textOf)[0] ?? (/^(?:shift|array_shift)$/.test(call.name) ? '' : 'x'))) {
    return slow(node, t('`{0}` moves all other items, in every round of the loop at line {1}.', shortText(node), place), t('Use a queue or a deque, or go through the list by index.'));
  }
  if (call !== undefined && sorting.test(call.name) && !mentionsTarget(loop, call.receiver ?? call.args[0])) {
    return slow(node, t('`{0}` sorts in every round of the loop at line {1}.', shortText(node), place), t('Sort once outside of the loop, or keep the items in a sorted structure or a heap.'));
  }
  const isText = assignment?.operator === '+=' && startsAsText(textOf(assignment.target), code);
  if (isText && /^(?:java|csharp|go|python|php)$/.test(code.languageId)) {
    return slow(node, t('`{0}` copies the whole text in every round of the loop at line {1}, in languages whose texts cannot change.', shortText(node), place), t('Collect the parts, and join them once at the end.'));
  }
  return undefined;
}

function slow(node: SyntaxNode, text: string, fix: string): Finding {
  return { node, severity: 'medium', text, fix };
}

/** Whether a name is made as a list in this code. */
function isList(name: string, code: Code): boolean {
  return madeAs(name, code, (value) => /^(?:\[|list\(|new (?:ArrayList|LinkedList|List|Array)\b|Array\.|vec!|Vec::|array\()/.test(value) || /^new \w*List</.test(value) || /^\w*\.slice\(|^\[\]\w/.test(value));
}

function startsAsText(name: string, code: Code): boolean {
  return madeAs(name, code, (value) => /^[fr]?["'`]/.test(value));
}

function madeAs(name: string, code: Code, fits: (value: string) => boolean): boolean {
  return [...nodesOf(code.root, true)].some((node) => {
    const assignment = assignmentOf(node);
    return assignment !== undefined && assignment.operator !== '+=' && textOf(assignment.target).replace(/\s*:.*$/s, '') === name && fits(textOf(assignment.value).trim().replace(/^=\s*/, ''));
  });
}

/** Whether what is sorted is the loop's own item: then it is another collection in every round. */
function mentionsTarget(loop: SyntaxNode, subject: SyntaxNode | undefined): boolean {
  const target = child(loop, 'left') ?? child(loop, 'pattern') ?? child(loop, 'name') ?? child(loop, 'declarator');
  const names = target === undefined ? [] : [target, ...named(target)].map((node) => textOf(node).replace(/^(?:const|let|var)\s+/, ''));
  return subject !== undefined && names.some((name) => name !== '' && textOf(subject).split(/\W+/).includes(name));
}
