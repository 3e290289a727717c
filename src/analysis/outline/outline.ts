import { withTree } from '../parser';
import type { SyntaxNode } from '../syntax';
import { child, childOfType, textOf } from '../syntax';
import { grammarFor } from './grammars';

export type OutlineKind =
  | 'namespace'
  | 'class'
  | 'interface'
  | 'struct'
  | 'enum'
  | 'trait'
  | 'type'
  | 'function'
  | 'method'
  | 'constructor';

/** A definition as the syntax tree shows it. */
export interface OutlineSymbol {
  readonly name: string;
  readonly kind: OutlineKind;
  /** 1-based lines of the whole definition, decorators included. */
  readonly startLine: number;
  readonly endLine: number;
  /** 1-based line on which the name stands. */
  readonly nameLine: number;
  readonly children: readonly OutlineSymbol[];
}

/** Node types that define something under a `name`, over all grammars: their names do not clash. */
const definitions: Readonly<Record<string, OutlineKind>> = {
  // Python, JavaScript, TypeScript, Go, Rust, PHP
  function_definition: 'function',
  function_declaration: 'function',
  generator_function_declaration: 'function',
  function_expression: 'function',
  generator_function: 'function',
  function_item: 'function',
  function_signature_item: 'function',
  local_function_statement: 'function',
  class_definition: 'class',
  class_declaration: 'class',
  abstract_class_declaration: 'class',
  class: 'class',
  method_definition: 'method',
  method_declaration: 'method',
  abstract_method_signature: 'method',
  constructor_declaration: 'constructor',
  compact_constructor_declaration: 'constructor',
  interface_declaration: 'interface',
  annotation_type_declaration: 'interface',
  record_declaration: 'class',
  enum_declaration: 'enum',
  type_alias_declaration: 'type',
  internal_module: 'namespace',
  module: 'namespace',
  // C, C++, C#
  class_specifier: 'class',
  struct_specifier: 'struct',
  enum_specifier: 'enum',
  namespace_definition: 'namespace',
  struct_declaration: 'struct',
  namespace_declaration: 'namespace',
  file_scoped_namespace_declaration: 'namespace',
  // Rust
  struct_item: 'struct',
  enum_item: 'enum',
  union_item: 'struct',
  trait_item: 'trait',
  mod_item: 'namespace',
  type_item: 'type',
  macro_definition: 'function',
  // Ruby
  method: 'function',
  singleton_method: 'method',
  // PHP
  trait_declaration: 'trait',
};

/** Kinds inside which a function is a method. */
const owners: ReadonlySet<OutlineKind> = new Set(['class', 'interface', 'struct', 'enum', 'trait']);

/** Values that make the name they are bound to a function. */
const functionValues: ReadonlySet<string> = new Set([
  'arrow_function', 'function_expression', 'generator_function', 'lambda', 'lambda_expression', 'closure_expression',
  'anonymous_function', 'anonymous_method_expression', 'func_literal',
]);

/** Bindings of a name to a value: the field of the name, and the field of the value. */
const bindings: Readonly<Record<string, readonly [name: string, value: string]>> = {
  variable_declarator: ['name', 'value'],
  public_field_definition: ['name', 'value'],
  field_definition: ['property', 'value'],
  pair: ['key', 'value'],
  assignment_expression: ['left', 'right'],
  assignment: ['left', 'right'],
  init_declarator: ['declarator', 'value'],
  let_declaration: ['pattern', 'value'],
};

/** The definitions of a text by its syntax tree, nested, in order; undefined for a language that has no grammar. */
export async function outlineOf(text: string, languageId: string): Promise<readonly OutlineSymbol[] | undefined> {
  const grammar = grammarFor(languageId);
  return grammar === undefined ? undefined : await withTree(grammar, text, (root) => collect(root, undefined));
}

/** All definitions of an outline in one list, outer ones first. */
export function flattenOutline(symbols: readonly OutlineSymbol[]): readonly OutlineSymbol[] {
  return symbols.flatMap((symbol) => [symbol, ...flattenOutline(symbol.children)]);
}

/** The definitions below a node of a tree. `owner` is the kind of the definition around it. */
export function collect(node: SyntaxNode, owner: OutlineKind | undefined): readonly OutlineSymbol[] {
  return node.children.flatMap((inner) => {
    const found = definitionAt(inner, owner);
    if (found === undefined) {
      return collect(inner, owner);
    }
    const outer = wrapper(node, inner);
    return [
      {
        name: found.name,
        kind: found.kind,
        startLine: outer.startLine,
        endLine: inner.endLine,
        nameLine: found.nameNode.startLine,
        children: collect(found.body ?? inner, found.kind),
      },
    ];
  });
}

interface Definition {
  readonly name: string;
  readonly kind: OutlineKind;
  readonly nameNode: SyntaxNode;
  /** Where inner definitions are, where that is not the node itself. */
  readonly body?: SyntaxNode;
}

/** What a node defines, where it is a definition. */
export function definitionAt(node: SyntaxNode, owner: OutlineKind | undefined): Definition | undefined {
  if (!node.isNamed) {
    return undefined;
  }
  switch (node.type) {
    case 'type_spec':
      return goType(node);
    case 'impl_item':
      return implementation(node);
    case 'function_definition':
      return child(node, 'declarator') === undefined ? named(node, owner) : cFunction(node, owner);
    default:
      return Object.hasOwn(definitions, node.type) ? named(node, owner) : binding(node, owner);
  }
}

function named(node: SyntaxNode, owner: OutlineKind | undefined): Definition | undefined {
  const nameNode = child(node, 'name');
  const kind = definitions[node.type];
  // A specifier without a body only mentions its type: `struct Node *next`.
  const mentions = node.type.endsWith('_specifier') && child(node, 'body') === undefined;
  if (nameNode === undefined || kind === undefined || mentions) {
    return undefined;
  }
  const name = textOf(nameNode);
  return { name, kind: kindOf(kind, name, owner), nameNode };
}

function kindOf(kind: OutlineKind, name: string, owner: OutlineKind | undefined): OutlineKind {
  if (kind !== 'function' && kind !== 'method') {
    return kind;
  }
  const inType = owner !== undefined && owners.has(owner);
  if (inType && ['__init__', 'constructor', '__construct', 'initialize'].includes(name)) {
    return 'constructor';
  }
  return inType || (kind === 'method' && owner !== undefined && owner !== 'namespace') ? 'method' : kind;
}

function goType(node: SyntaxNode): Definition | undefined {
  const nameNode = child(node, 'name');
  const type = child(node, 'type')?.type;
  const kind = type === 'struct_type' ? 'struct' : type === 'interface_type' ? 'interface' : 'type';
  return nameNode === undefined ? undefined : { name: textOf(nameNode), kind, nameNode };
}

function implementation(node: SyntaxNode): Definition | undefined {
  const nameNode = child(node, 'type');
  return nameNode === undefined ? undefined : { name: textOf(nameNode), kind: 'class', nameNode };
}

function cFunction(node: SyntaxNode, owner: OutlineKind | undefined): Definition | undefined {
  let declarator = child(node, 'declarator');
  while (declarator !== undefined && declarator.type !== 'function_declarator') {
    declarator = child(declarator, 'declarator') ?? childOfType(declarator, 'function_declarator');
  }
  const nameNode = declarator === undefined ? undefined : child(declarator, 'declarator');
  if (nameNode === undefined) {
    return undefined;
  }
  const name = textOf(nameNode);
  const isMember = (owner !== undefined && owners.has(owner)) || name.includes('::');
  return { name, kind: isMember ? 'method' : 'function', nameNode };
}

function binding(node: SyntaxNode, owner: OutlineKind | undefined): Definition | undefined {
  const fields = bindings[node.type];
  if (fields === undefined || !Object.hasOwn(bindings, node.type)) {
    return undefined;
  }
  const nameNode = child(node, fields[0]);
  const value = child(node, fields[1]) ?? initializer(node);
  if (nameNode === undefined || value === undefined || !isFunctionValue(value)) {
    return undefined;
  }
  const name = textOf(nameNode).replace(/^.*[.#]/s, '').replace(/^['"]|['"]$/g, '');
  return /^[\p{L}_$@][\p{L}\p{N}_$?!]*$/u.test(name) ? { name, kind: kindOf('function', name, owner), nameNode, body: value } : undefined;
}

/** C# keeps the value of a declarator without a field. */
function initializer(node: SyntaxNode): SyntaxNode | undefined {
  return node.type === 'variable_declarator' ? node.children.at(-1) : undefined;
}

function isFunctionValue(value: SyntaxNode): boolean {
  return functionValues.has(value.type) || (value.type === 'call' && /^(?:lambda|proc|Proc\.new)\b/.test(textOf(value)));
}

/** The node whose lines count as the definition's: with decorators, templates, `export` and `const` in front. */
function wrapper(parent: SyntaxNode, node: SyntaxNode): SyntaxNode {
  const wraps = ['decorated_definition', 'template_declaration', 'export_statement', 'lexical_declaration', 'variable_declaration'];
  return wraps.includes(parent.type) && parent.startLine < node.startLine ? parent : node;
}
