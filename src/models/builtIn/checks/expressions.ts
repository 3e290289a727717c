import type { SyntaxNode } from '../../../analysis/syntax';
import { child, named, textOf } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import { assignmentOf, binaryOf, bodyOf, callOf, conditionOf, nodesOf, shortText, withoutParentheses } from '../syntax/nodes';
import { isFunction, roleOf } from '../syntax/roles';
import type { Check } from './finding';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<', '>', '<=', '>=', 'is', 'is not', '&&', '||', 'and', 'or', '-', '%', '^']);

function hasCall(node: SyntaxNode): boolean {
  return [...nodesOf(node, true)].some((inner) => roleOf(inner) === 'call' || roleOf(inner) === 'construction' || roleOf(inner) === 'assignment');
}

/** `x == x`: the same on both sides. */
export const comparesWithItself: Check = (node) => {
  const binary = binaryOf(node);
  if (binary === undefined || !comparisons.has(binary.operator) || textOf(binary.left) !== textOf(binary.right) || hasCall(binary.left) || /^[\d.]+$/.test(textOf(binary.left))) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` compares or combines a value with itself, so its result is always the same (but for NaN).', shortText(node)),
    fix: t('Check which value was meant on one of the two sides.'),
  };
};

/** `x = x`. */
export const assignsToItself: Check = (node) => {
  const assignment = assignmentOf(node);
  if (assignment?.operator !== '=' || textOf(assignment.target) !== textOf(assignment.value) || node.type === 'variable_declarator') {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` assigns a value to itself and changes nothing.', shortText(node)),
    fix: t('Check which value was meant; with a field of the same name, name the object in front.'),
  };
};

/** `if (x = 3)`. */
export const assignsInCondition: Check = (node) => {
  if (roleOf(node) !== 'branch') {
    return undefined;
  }
  const condition = conditionOf(node);
  const assignment = condition === undefined ? undefined : assignmentOf(condition);
  if (condition === undefined || assignment?.operator !== '=' || condition.type === 'let_condition') {
    return undefined;
  }
  return {
    node: condition,
    severity: 'high',
    text: t('The condition `{0}` assigns instead of comparing: the old value is lost, and the outcome does not depend on it.', shortText(condition)),
    fix: t('Compare with the equality operator of the language.'),
  };
};

/** `x === NaN`. */
export const comparesWithNaN: Check = (node) => {
  const binary = binaryOf(node);
  const isNaNName = (side: SyntaxNode): boolean => /^(?:Number\.|Double\.|Float\.|f(?:32|64)::|math\.|np\.)?(?:NaN|NAN|nan)$/.test(textOf(side));
  if (binary === undefined || !/^(?:[!=]==?|is|is not)$/.test(binary.operator) || !(isNaNName(binary.left) || isNaNName(binary.right))) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` is never true for an equality test: NaN equals nothing, not even itself.', shortText(node)),
    fix: t('Use the test for NaN that the language has, such as isNaN.'),
  };
};

const literal = /^(?:string|number|integer|float|decimal|real|character|boolean|true|false|interpreted_string|raw_string)/;

/** Python's `is` with a literal, Java's `==` with a string. */
export const comparesIdentity: Check = (node, { languageId }) => {
  const binary = binaryOf(node);
  if (binary === undefined) {
    return undefined;
  }
  const isWithLiteral = languageId === 'python' && /^is(?: not)?$/.test(binary.operator) && [binary.left, binary.right].some((side) => literal.test(side.type) && !/^(?:true|false)$/.test(side.type));
  const isOfStrings = languageId === 'java' && /^[!=]=$/.test(binary.operator) && [binary.left, binary.right].some((side) => side.type === 'string_literal');
  if (!isWithLiteral && !isOfStrings) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` compares the identity of two objects, not their content; equal values may be different objects.', shortText(node)),
    fix: isOfStrings ? t('Use equals.') : t('Use == or !=.'),
  };
};

/** `x == 0.1`. */
export const comparesFraction: Check = (node) => {
  const binary = binaryOf(node);
  if (binary === undefined || !/^[!=]==?$/.test(binary.operator) || ![binary.left, binary.right].some((side) => /^-?\d*\.\d*[1-9]\d*f?$/i.test(textOf(side)))) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` compares a fraction exactly; results of arithmetic are rarely exactly equal to it.', shortText(node)),
    fix: t('Compare with a tolerance.'),
  };
};

const sizeText = /(?:\.length|\.Length|\.Count|\.size\(\)|\.length\(\)|\.len\(\)|\.size|\.count)$|^(?:len|count|strlen|sizeof)\s*\(/;

/** `i <= items.length` and its relatives, where the loop indexes with `i`. */
export const runsBeyondEnd: Check = (node) => {
  if (roleOf(node) !== 'loop') {
    return undefined;
  }
  const body = bodyOf(node);
  const bounds = loopBounds(node);
  if (body === undefined || bounds === undefined) {
    return undefined;
  }
  const { variable, limit } = bounds;
  const bare = variable.replace(/^\$/, '\\$');
  if (!new RegExp(`\\[\\s*${bare}\\s*\\]|(?:\\.get|\\.at|\\.charAt)\\(\\s*${bare}\\s*\\)`).test(textOf(body))) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` reaches {1}, which is one beyond the last index, and the loop uses it as an index.', variable, limit),
    fix: t('Stop one earlier: let the bound be excluded.'),
  };
};

function loopBounds(node: SyntaxNode): { readonly variable: string; readonly limit: string } | undefined {
  const condition = conditionOf(node);
  const binary = condition === undefined ? undefined : binaryOf(condition);
  if (binary?.operator === '<=' && sizeText.test(withoutCasts(binary.right))) {
    return { variable: textOf(binary.left), limit: shortText(binary.right) };
  }
  const range = child(node, 'right') ?? child(node, 'value');
  const variable = child(node, 'left') ?? child(node, 'pattern');
  if (range === undefined || variable === undefined) {
    return undefined;
  }
  const text = textOf(range).replace(/\s+/g, ' ').trim().replace(/^in /, '');
  const limit =
    /^\(?\s*0 ?\.\.= ?(.+)$/.exec(text)?.[1] ?? // Rust
    (node.type === 'for' ? /^\(?\s*0 ?\.\. ?([^.].*)$/.exec(text)?.[1] : undefined) ?? // Ruby
    /^range\((?:0, )?(len\(\w+\)) ?\+ ?1\)$/.exec(text)?.[1]; // Python
  return limit !== undefined && sizeText.test(limit) ? { variable: textOf(variable), limit } : undefined;
}

function withoutCasts(node: SyntaxNode): string {
  return textOf(withoutParentheses(node)).replace(/^\(\w+\)\s*/, '').trim();
}

/** A mean of nothing: division by the size of an input that nobody checked. */
export const dividesBySize: Check = (node) => {
  const binary = binaryOf(node);
  const divisor = binary === undefined ? '' : withoutCasts(binary.right);
  if (binary === undefined || !/^(?:\/|\/\/|%)$/.test(binary.operator) || !sizeText.test(divisor)) {
    return undefined;
  }
  const subject = /[\p{L}_$][\p{L}\p{N}_$]*(?=\.(?:length|Length|Count|size|len|count)\b)|(?<=\(\s*)[\p{L}_$][\p{L}\p{N}_$]*/u.exec(divisor)?.[0];
  if (subject === undefined || isGuarded(node, subject)) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` divides by the size of `{1}`, and nothing before it says that `{1}` is not empty.', shortText(node), subject),
    fix: t('Decide what an empty input gives, and test for it first.'),
  };
};

/** Whether any condition of the text before a node mentions a name. */
function isGuarded(node: SyntaxNode, name: string): boolean {
  // A window is enough, and keeps one overlong line from costing its square.
  const before = node.source.slice(Math.max(0, node.start - 4000), node.start);
  const conditions = new RegExp(`(?:\\bif\\b|\\bunless\\b|\\bwhile\\b|\\bassert\\b|\\?|&&|\\|\\||\\band\\b|\\bor\\b)[^\\n]*\\b${name.replace(/[$]/g, '\\$')}\\b`);
  return conditions.test(before) || new RegExp(`\\b${name.replace(/[$]/g, '\\$')}\\b[^\\n]*(?:&&|\\?|\\bif\\b)`).test(before.slice(before.lastIndexOf('\n') + 1));
}

/** Python's mutable default. */
export const sharesDefault: Check = (node, { languageId }) => {
  if (languageId !== 'python' || !/^(?:typed_)?default_parameter$/.test(node.type)) {
    return undefined;
  }
  const value = child(node, 'value');
  const isMutable = value !== undefined && (/^(?:list|dictionary|set)$/.test(value.type) || /^(?:list|dict|set|defaultdict|deque|Counter)$/.test(callOf(value)?.name ?? ''));
  if (!isMutable) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('The default value of `{0}` is made once and shared by all calls; what one call puts in, the next one finds.', shortText(node)),
    fix: t('Use None as the default, and make the value inside the function.'),
  };
};

/** The same condition twice in a chain, or the same code in both branches. */
export const repeatsBranch: Check = (node) => {
  if (!/^(?:if_statement|if_expression|if)$/.test(node.type) || !node.isNamed) {
    return undefined;
  }
  const then = child(node, 'consequence');
  const alternative = child(node, 'alternative');
  const otherwise = alternative === undefined ? undefined : alternative.type.startsWith("else") ? (named(alternative)[0] ?? alternative) : alternative;
  if (then !== undefined && otherwise !== undefined && normalized(then) === normalized(otherwise) && normalized(then) !== '') {
    return {
      node,
      severity: 'medium',
      text: t('Both branches of this condition do the same, so the condition decides nothing.'),
      fix: t('Check what one of the branches was meant to do, or remove the condition.'),
    };
  }
  const own = conditionOf(node);
  const next = otherwise === undefined || isFunction(otherwise) ? undefined : conditionOf(alternative?.type === 'elif_clause' ? alternative : otherwise);
  if (own !== undefined && next !== undefined && textOf(own) === textOf(next)) {
    return {
      node: next,
      severity: 'high',
      text: t('The condition `{0}` was tested just before, so this branch never runs.', shortText(next)),
      fix: t('Check which condition was meant.'),
    };
  }
  return undefined;
};

function normalized(node: SyntaxNode): string {
  return textOf(node).replace(/^\s*(?:then|else)?\s*\{?|\}?\s*$/g, '').replace(/\s+/g, ' ').trim();
}
