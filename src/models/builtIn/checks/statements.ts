import type { SyntaxNode } from '../../../analysis/syntax';
import { child, named, textOf } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import { assignmentOf, bodyOf, callOf, conditionOf, headerOf, nodesOf, shortText } from '../syntax/nodes';
import { roleOf } from '../syntax/roles';
import type { Check } from './finding';

/** The statements of a block; undefined for a node that is none. */
function statementsOf(node: SyntaxNode): readonly SyntaxNode[] | undefined {
  return /^(?:block|statement_block|compound_statement|body_statement|module|program|statement_list|then|else|do_block|constructor_body|switch_block_statement_group|switch_case|case_statement)$/.test(node.type)
    ? named(node)
    : undefined;
}

function unwrapped(statement: SyntaxNode): SyntaxNode {
  const inner = named(statement);
  return /^expression_statement$/.test(statement.type) && inner[0] !== undefined ? inner[0] : statement;
}

/** Whether a statement never lets the next one run. */
function ends(statement: SyntaxNode): boolean {
  const inner = unwrapped(statement);
  const role = roleOf(inner);
  return role === 'return' || role === 'throw' || role === 'jump' || (role === 'call' && /^(?:panic!?|os\.Exit|process\.exit|sys\.exit)$/.test(callOf(inner)?.full ?? ''));
}

/** Code after `return`. */
export const neverRuns: Check = (node) => {
  const statements = statementsOf(node);
  const at = statements?.findIndex((statement) => ends(statement)) ?? -1;
  const next = at === -1 ? undefined : statements?.slice(at + 1).find((statement) => !/declaration|definition|labeled|^method$|^class$|empty_statement|^(?:rescue|ensure|else)$/.test(statement.type) || /variable|local/.test(statement.type));
  if (next === undefined || next.type === 'ERROR' || /^(?:switch_case|case_statement|switch_block_statement_group)$/.test(node.type)) {
    return undefined;
  }
  return {
    node: next,
    severity: 'medium',
    text: t('This never runs: the statement before it always leaves.'),
    fix: t('Remove it, or move it before the statement that leaves.'),
  };
};

/** A handler that does nothing. */
export const swallowsErrors: Check = (node) => {
  if (roleOf(node) !== 'handler') {
    return undefined;
  }
  const body = node.type === 'rescue' ? child(node, 'body') : (bodyOf(node) ?? named(node).at(-1));
  const statements = body === undefined ? [] : named(body).filter((statement) => !/^pass_statement$|empty_statement/.test(statement.type));
  if (statements.length > 0) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('Every error that is caught here disappears: nothing is done, told or logged.'),
    fix: t('Catch only what is expected, and handle or report it.'),
  };
};

/** Python's `except:` without a class. */
export const catchesEverything: Check = (node, { languageId }) =>
  languageId === 'python' && node.type === 'except_clause' && /^except\s*:/.test(textOf(node))
    ? {
        node,
        severity: 'low',
        text: t('`except:` catches everything, KeyboardInterrupt and SystemExit included.'),
        fix: t('Name the exceptions that are expected.'),
      }
    : undefined;

/** `if (…);` and blocks without anything in them. */
export const emptyBody: Check = (node) => {
  const role = roleOf(node);
  if (role !== 'branch' && role !== 'loop') {
    return undefined;
  }
  const body = child(node, 'consequence') ?? child(node, 'body');
  const isSemicolon = body !== undefined && textOf(body).trim() === ';';
  const isEmptyBlock = body !== undefined && role === 'branch' && /^\{\s*\}$/.test(textOf(body).trim()) && child(node, 'alternative') === undefined;
  if (!isSemicolon && !isEmptyBlock) {
    return undefined;
  }
  return {
    node,
    severity: isSemicolon ? 'high' : 'low',
    text: isSemicolon
      ? t('The body of `{0}` is empty: the semicolon after it ends the statement.', headerOf(node))
      : t('The body of `{0}` is empty, so the condition has no effect.', headerOf(node)),
    fix: t('Remove what is not meant, or write the missing body.'),
  };
};

/** A case without `break` that goes on into the next. */
export const fallsThrough: Check = (node, { languageId }) => {
  if (!/^(?:switch_case|case_statement|switch_block_statement_group)$/.test(node.type) || languageId === 'csharp' || languageId === 'go') {
    return undefined;
  }
  const parts = named(node).filter((part) => part.field !== 'value' && !/^(?:switch_label|case_pattern)$/.test(part.type));
  const last = parts.at(-1);
  const block = last !== undefined && statementsOf(last) !== undefined && /^(?:block|statement_block|compound_statement)$/.test(last.type) ? named(last).at(-1) : last;
  const following = node.source.slice(node.end).replace(/^\s+/, '');
  const isLast = !/^(?:case\b|default\b)/.test(following);
  const isMarked = /fall.?s?.?through/i.test(node.source.slice(node.start, node.end + 200).split('\n').slice(-6).join('\n'));
  if (block === undefined || isLast || isMarked || ends(block) || /^(?:if|switch)_statement$/.test(block.type)) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` falls through: after it, the code of the next case runs as well.', shortText(node).split(':')[0] ?? ''),
    fix: t('End the case with break or return, or say in a comment that it is meant.'),
  };
};

const changers = /^(?:append|insert|remove|pop|push|push_back|erase|add|addAll|removeAll|delete|clear|shift|unshift|splice|Add|Remove|RemoveAt|Clear|Insert|delete_at|<<|extend|discard|update|put)$/;

/** Appending is well defined there: the loop simply reaches the new items as well. */
const appends = /^(?:append|push|push_back|extend)$/;
const appendSafe = /^(?:python|javascript|typescript|php)/;

/** Changing a collection while a loop goes through it. */
export const changesWhileLooping: Check = (node, { languageId }) => {
  if (roleOf(node) !== 'loop') {
    return undefined;
  }
  const collection = child(node, 'right') ?? (/^(?:enhanced_for_statement|for_expression|for)$/.test(node.type) ? child(node, 'value') : undefined);
  const body = bodyOf(node);
  if (collection === undefined || body === undefined || !/^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(textOf(collection))) {
    return undefined;
  }
  const changing = [...nodesOf(body)].map(callOf).find((call) => call?.receiver !== undefined && textOf(call.receiver) === textOf(collection) && changers.test(call.name) && !(appends.test(call.name) && appendSafe.test(languageId)));
  const leavesAfter = changing === undefined ? false : /^[^\n]*\n?\s*(?:break|return)\b/.test(node.source.slice(changing.node.end));
  if (changing === undefined || leavesAfter) {
    return undefined;
  }
  return {
    node: changing.node,
    severity: 'high',
    text: t('`{0}` changes `{1}` while the loop goes through it: items are skipped or the loop fails.', shortText(changing.node), textOf(collection)),
    fix: t('Go through a copy, or collect the changes and make them after the loop.'),
  };
};

/** `while (true)` without a way out. */
export const neverEnds: Check = (node) => {
  const isEndless = node.type === 'loop_expression' || (roleOf(node) === 'loop' && /^(?:true|True|1)$/.test(textOf(conditionOf(node) ?? node).trim()));
  const body = bodyOf(node);
  const leaves = body === undefined || [...nodesOf(body)].some((inner) => ['return', 'throw', 'jump', 'yield'].includes(roleOf(inner) ?? '') || inner.type.includes('await') || ends(inner));
  if (!isEndless || leaves) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` never ends: nothing in it leaves the loop.', headerOf(node)),
    fix: t('Add the condition on which it ends, unless it is the main loop of a program.'),
  };
};

/** Go's errors that are thrown away. */
export const dropsError: Check = (node, { languageId }) => {
  const assignment = languageId === 'go' ? assignmentOf(node) : undefined;
  if (assignment === undefined || textOf(assignment.target).trim() !== '_' || callOf(named(assignment.value)[0] ?? assignment.value) === undefined) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('The error of `{0}` is thrown away.', shortText(assignment.value)),
    fix: t('Check it and return it, or say why it cannot matter.'),
  };
};
