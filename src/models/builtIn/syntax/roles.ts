import type { SyntaxNode } from '../../../analysis/syntax';

/** What a node of a syntax tree is, over all languages, as far as answers tell of it. */
export type Role =
  | 'loop'
  | 'comprehension'
  | 'branch'
  | 'choice'
  | 'conditional'
  | 'return'
  | 'throw'
  | 'try'
  | 'handler'
  | 'call'
  | 'construction'
  | 'assignment'
  | 'binary'
  | 'jump'
  | 'yield'
  | 'string'
  | 'comment';

/** Node types over the grammars of all languages; where grammars share a type, it means the same. */
const rolesByType: Readonly<Record<string, Role>> = {
  for_statement: 'loop', for_in_statement: 'loop', enhanced_for_statement: 'loop', for_range_loop: 'loop', foreach_statement: 'loop', for_each_statement: 'loop',
  while_statement: 'loop', do_statement: 'loop', for_expression: 'loop', while_expression: 'loop', loop_expression: 'loop',
  for: 'loop', while: 'loop', until: 'loop', while_modifier: 'loop', until_modifier: 'loop',
  list_comprehension: 'comprehension', set_comprehension: 'comprehension', dictionary_comprehension: 'comprehension', generator_expression: 'comprehension',
  if_statement: 'branch', if_expression: 'branch', elif_clause: 'branch', else_if_clause: 'branch', if: 'branch', elsif: 'branch', unless: 'branch',
  if_modifier: 'branch', unless_modifier: 'branch',
  switch_statement: 'choice', switch_expression: 'choice', match_statement: 'choice', match_expression: 'choice', expression_switch_statement: 'choice',
  type_switch_statement: 'choice', select_statement: 'choice', case: 'choice', case_match: 'choice',
  conditional_expression: 'conditional', ternary_expression: 'conditional', conditional: 'conditional',
  return_statement: 'return', return_expression: 'return', return: 'return',
  raise_statement: 'throw', throw_statement: 'throw', throw_expression: 'throw',
  try_statement: 'try', try_with_resources_statement: 'try', begin: 'try',
  except_clause: 'handler', catch_clause: 'handler', rescue: 'handler',
  call: 'call', call_expression: 'call', method_invocation: 'call', invocation_expression: 'call', function_call_expression: 'call', member_call_expression: 'call',
  nullsafe_member_call_expression: 'call', scoped_call_expression: 'call', macro_invocation: 'call',
  object_creation_expression: 'construction', new_expression: 'construction',
  assignment: 'assignment', assignment_expression: 'assignment', augmented_assignment: 'assignment', augmented_assignment_expression: 'assignment',
  compound_assignment_expr: 'assignment', short_var_declaration: 'assignment', assignment_statement: 'assignment', operator_assignment: 'assignment',
  variable_declarator: 'assignment', init_declarator: 'assignment', let_declaration: 'assignment', update_expression: 'assignment', inc_statement: 'assignment', dec_statement: 'assignment',
  binary_expression: 'binary', binary_operator: 'binary', comparison_operator: 'binary', boolean_operator: 'binary', binary: 'binary',
  break_statement: 'jump', continue_statement: 'jump', break_expression: 'jump', continue_expression: 'jump', break: 'jump', next: 'jump', goto_statement: 'jump',
  yield: 'yield', yield_expression: 'yield', yield_statement: 'yield',
  string: 'string', string_literal: 'string', template_string: 'string', interpreted_string_literal: 'string', raw_string_literal: 'string', verbatim_string_literal: 'string',
  interpolated_string_expression: 'string', encapsed_string: 'string', heredoc: 'string', heredoc_body: 'string', concatenated_string: 'string',
  comment: 'comment', line_comment: 'comment', block_comment: 'comment',
};

/** The role of a node, or undefined. Keywords (unnamed nodes called `if` or `return`) have none. */
export function roleOf(node: SyntaxNode): Role | undefined {
  return node.isNamed && Object.hasOwn(rolesByType, node.type) ? rolesByType[node.type] : undefined;
}

const functionTypes: ReadonlySet<string> = new Set([
  'function_definition', 'function_declaration', 'generator_function_declaration', 'function_expression', 'generator_function', 'function_item',
  'local_function_statement', 'method_definition', 'method_declaration', 'constructor_declaration', 'compact_constructor_declaration', 'method', 'singleton_method',
  'arrow_function', 'lambda', 'lambda_expression', 'closure_expression', 'anonymous_function', 'anonymous_function_creation_expression', 'anonymous_method_expression', 'func_literal',
]);

/** True for a node that is a function of any form, lambdas included. */
export function isFunction(node: SyntaxNode): boolean {
  return node.isNamed && functionTypes.has(node.type);
}

/** Methods of collections that run a block for every item, over the languages that have them. */
export const iteratingMethods: ReadonlySet<string> = new Set([
  'each', 'each_with_index', 'each_with_object', 'each_char', 'each_slice', 'times', 'upto', 'downto', 'step', 'map', 'flat_map', 'collect', 'select', 'reject', 'filter', 'filterMap',
  'reduce', 'inject', 'sum', 'any?', 'all?', 'forEach', 'ForEach', 'flatMap', 'some', 'every', 'find', 'findIndex', 'Select', 'Where', 'Any', 'All', 'Aggregate',
  'for_each', 'fold', 'filter_map', 'array_map', 'array_filter', 'array_walk', 'anyMatch', 'allMatch', 'mapToInt',
]);
