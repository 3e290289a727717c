import type { SyntaxNode } from '../../analysis/syntax';
import { child, named, textOf } from '../../analysis/syntax';
import { t } from '../../core/l10n';
import { maskSecrets } from './checks/secretText';
import { inlineCode } from './markdown';
import type { Code } from './syntax/code';
import { assignmentOf, bodyOf, callOf, conditionOf, headerOf, isLoop, nodesOf, shorten, shortText } from './syntax/nodes';
import { isFunction, roleOf } from './syntax/roles';
import { cite } from './view';

/** Most lines of one walk. */
const maxLines = 60;
/** Deepest level that is told; what is deeper is named by its line. */
const maxDepth = 5;

/** Parts of a choice, over the grammars. */
const caseTypes =
  /^(?:switch_case|switch_default|case_statement|default_statement|switch_block_statement_group|switch_rule|switch_section|expression_case|type_case|default_case|case_clause|match_arm|when)$/;

/** What a piece of code does, statement by statement, as a nested list with places. */
export function walkThrough(code: Code, root: SyntaxNode): readonly string[] {
  const walk = new Walk(code);
  walk.block(root, 0);
  return walk.lines.length > maxLines ? [...walk.lines.slice(0, maxLines), `- ${t('… and {0} more statements.', walk.lines.length - maxLines)}`] : walk.lines;
}

/** Whether a value is hidden where it stands beside the name that it is given. */
function isSecret(target: SyntaxNode, value: SyntaxNode): boolean {
  const text = `${textOf(target).slice(0, 200)} = ${textOf(value).slice(0, 2000)}`;
  return maskSecrets(text) !== text;
}

/** What the statements outside of functions and classes do. */
export function walkOutside(code: Code): readonly string[] {
  const walk = new Walk(code);
  for (const statement of statementsIn(code.root)) {
    const inner = unwrap(statement);
    const isDefinition = isFunction(inner) || /function|class|method|interface|struct|enum|trait|impl|module|namespace|type_|mod_item|import|package|use_|using|template|record/.test(inner.type);
    const holdsFunction = [...nodesOf(inner, true)].some((node) => isFunction(node)) && assignmentOf(inner) === undefined && !isLoop(inner) && callOf(inner) === undefined;
    if (!isDefinition && !holdsFunction) {
      walk.statement(statement, 0);
    }
  }
  return walk.lines.slice(0, maxLines);
}

/** A node in code marks. */
export function show(node: SyntaxNode, limit = 70): string {
  return inlineCode(shortText(node, limit));
}

class Walk {
  readonly lines: string[] = [];
  readonly #code: Code;

  constructor(code: Code) {
    this.#code = code;
  }

  block(node: SyntaxNode, level: number): void {
    if (level > maxDepth) {
      return;
    }
    for (const statement of statementsIn(node)) {
      this.statement(statement, level);
    }
  }

  statement(node: SyntaxNode, level: number): void {
    const inner = unwrap(node);
    const role = roleOf(inner);
    if (isFunction(inner)) {
      this.#tell(inner, level, t('defines a function of its own, {0}', inlineCode(headerOf(inner))), true);
      return;
    }
    if (isLoop(inner)) {
      this.#loop(inner, level);
      return;
    }
    switch (role) {
      case 'branch':
        this.#branch(inner, level);
        return;
      case 'choice':
        this.#tell(inner, level, t('chooses between cases: {0}', inlineCode(headerOf(inner))), true);
        this.block(bodyOf(inner) ?? inner, level + 1);
        return;
      case 'try':
        this.#tell(inner, level, t('tries the following, and handles errors'), true);
        this.block(bodyOf(inner) ?? inner, level + 1);
        this.#handlers(inner, level);
        return;
      case 'return':
        this.#value(inner, level, t('ends here'), (value) => t('gives back {0}', value));
        return;
      case 'throw':
        this.#value(inner, level, t('fails'), (value) => t('fails with {0}', value));
        return;
      case 'yield':
        this.#value(inner, level, t('hands out a value'), (value) => t('hands out {0}', value));
        return;
      case 'jump':
        this.#tell(inner, level, /^(?:continue|next)/.test(inner.type) ? t('goes on with the next round') : t('leaves the loop or the case'));
        return;
      default:
        if (caseTypes.test(inner.type)) {
          this.#case(inner, level);
        } else {
          this.#simple(inner, level);
        }
    }
  }

  #case(node: SyntaxNode, level: number): void {
    const label = textOf(node).split(/:(?!:)|=>|\bthen\b|\n/, 1)[0] ?? '';
    this.#tell(node, level, t('in the case {0}:', inlineCode(shorten(label, 60))), true);
    this.block(node, level + 1);
  }

  #loop(node: SyntaxNode, level: number): void {
    const condition = conditionOf(node);
    const call = callOf(node);
    const header = inlineCode(call === undefined ? headerOf(node) : shortText(call.node, 60));
    const isWhile = /while|until|do_statement/.test(node.type);
    this.#tell(node, level, isWhile && condition !== undefined ? t('repeats while {0} holds', show(condition)) : t('goes through {0}', header), true);
    const body = call === undefined ? bodyOf(node) : (child(node, 'block') ?? call.args.find(isFunction));
    if (body !== undefined && body !== node) {
      this.block(isFunction(body) ? (bodyOf(body) ?? body) : body, level + 1);
    }
  }

  #branch(node: SyntaxNode, level: number): void {
    const condition = conditionOf(node);
    const isNegated = node.type.startsWith("unless");
    const text = condition === undefined ? inlineCode(headerOf(node)) : show(condition);
    this.#tell(node, level, isNegated ? t('unless {0}:', text) : t('if {0}:', text), true);
    const then = child(node, 'consequence') ?? bodyOf(node);
    if (then !== undefined) {
      this.block(then, level + 1);
    }
    for (const alternative of node.children.filter((inner) => inner.field === 'alternative' || /^(?:elif_clause|else_clause|else_if_clause|elsif|else)$/.test(inner.type))) {
      this.#alternative(alternative, level);
    }
  }

  #alternative(node: SyntaxNode, level: number): void {
    if (!node.isNamed) {
      return;
    }
    const inner = named(node);
    const next = roleOf(node) === 'branch' ? node : inner.length === 1 && inner[0] !== undefined && roleOf(inner[0]) === 'branch' ? inner[0] : undefined;
    if (next !== undefined) {
      this.#branch(next, level);
      return;
    }
    this.#tell(node, level, t('otherwise:'));
    this.block(bodyOf(node) ?? node, level + 1);
  }

  #handlers(node: SyntaxNode, level: number): void {
    for (const handler of node.children.flatMap((inner) => [inner, ...(inner.type === 'body_statement' ? inner.children : [])])) {
      if (roleOf(handler) === 'handler') {
        this.#tell(handler, level, t('on an error ({0}):', inlineCode(headerOf(handler, 50))));
        this.block(bodyOf(handler) ?? handler, level + 1);
      } else if (/^(?:finally_clause|ensure)$/.test(handler.type)) {
        this.#tell(handler, level, t('in any case, at the end:'));
        this.block(bodyOf(handler) ?? handler, level + 1);
      }
    }
  }

  #value(node: SyntaxNode, level: number, without: string, withValue: (value: string) => string): void {
    const value = named(node)[0];
    this.#tell(node, level, value === undefined ? without : withValue(show(value, 120)));
  }

  #simple(node: SyntaxNode, level: number): void {
    const declared = /declaration$|^(?:let_declaration|lexical_declaration|local_variable_declaration)$/.test(node.type) ? named(node).flatMap((inner) => (inner.type === 'variable_declaration' ? named(inner) : [inner])) : [];
    const declarators = declared.filter((inner) => assignmentOf(inner) !== undefined);
    if (declarators.length > 0 && assignmentOf(node) === undefined) {
      for (const declarator of declarators) {
        this.#simple(declarator, level);
      }
      return;
    }
    const assignment = assignmentOf(node);
    if (assignment !== undefined) {
      const { target, value, operator } = assignment;
      this.#tell(node, level, operator === '=' || operator === ':=' ? t('{0} becomes {1}', show(target, 40), isSecret(target, value) ? inlineCode('•••') : show(value)) : t('changes {0}: {1}', show(target, 40), show(node)));
      return;
    }
    if (roleOf(node) === 'assignment') {
      this.#tell(node, level, t('changes {0}', show(node)));
      return;
    }
    const call = callOf(node);
    if (call !== undefined) {
      this.#tell(node, level, t('calls {0}', show(node)));
      return;
    }
    if (/string|comment|import|package|include|php_tag|preproc|empty_statement|pass_statement|^using_/.test(node.type)) {
      return;
    }
    this.#tell(node, level, /expression|^(?:identifier|binary|unary|array|hash|integer|string)/.test(node.type) ? t('has the value {0}', show(node)) : show(node));
  }

  #tell(node: SyntaxNode, level: number, text: string, whole = false): void {
    this.lines.push(`${'  '.repeat(level)}- ${cite(this.#code, node, whole)} ${text}`);
  }
}

/** The statements of a block; a single statement is its own block. */
function statementsIn(node: SyntaxNode): readonly SyntaxNode[] {
  if (/^(?:block|statement_block|compound_statement|body_statement|module|program|source_file|compilation_unit|translation_unit|statement_list|then|else|do|do_block|block_body|else_clause|switch_body|switch_block|match_block|declaration_list|class_body|constructor_body|field_declaration_list|begin|ensure|finally_clause)$/.test(node.type)) {
    return named(node).flatMap((inner) => (/^(?:statement_list|block_body|body_statement)$/.test(inner.type) || (inner.type === 'block' && node.type === 'finally_clause') ? statementsIn(inner) : inner.type === 'block_parameters' ? [] : [inner]));
  }
  if (caseTypes.test(node.type)) {
    const isLabel = (inner: SyntaxNode): boolean => inner.field === 'value' || inner.field === 'pattern' || /^(?:switch_label|case_switch_label|case_pattern|match_pattern|pattern|expression_list|default_switch_label)$/.test(inner.type);
    return named(node).filter((inner) => !(isLabel(inner) && inner.field !== 'body') || (node.type === 'match_arm' && inner.field === 'value')).flatMap((inner) => (/^(?:block|statement_block|then|compound_statement)$/.test(inner.type) ? statementsIn(inner) : [inner]));
  }
  return /^(?:except_clause|catch_clause|rescue)$/.test(node.type) ? named(node).slice(-1).flatMap(statementsIn) : [node];
}

function unwrap(node: SyntaxNode): SyntaxNode {
  const inner = named(node);
  return /^(?:expression_statement|global_statement|export_statement|await_expression|await|decorated_definition|parenthesized_expression)$/.test(node.type) && inner.length > 0 ? unwrap(inner.at(-1) ?? node) : node;
}

/** The words of a function's signature. */
export function signature(node: SyntaxNode): string {
  return inlineCode(headerOf(node, 120));
}

/** Text of a node, for comparing. */
export function plain(node: SyntaxNode): string {
  return textOf(node).replace(/\s+/g, ' ').trim();
}
