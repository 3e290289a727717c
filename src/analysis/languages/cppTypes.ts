import { unknownType, type Type } from '../program/ir';
import { typeNamed } from '../library';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { cppLibrary } from './cppLibrary';
import { textIn } from './lowering';

/** What a declarator says besides the type before it: `*p`, `&r`, `a[10][n]`, `[x, y]`. */
export interface Declarator {
  readonly name: string;
  readonly type: Type;
  readonly byReference: boolean;
  /** Pointer depth: `TreeNode*` is 1. */
  readonly pointers: number;
  /** Sizes of a C array from the outside in; one that is left out (`a[]`) is missing. */
  readonly sizes: readonly SyntaxNode[];
  readonly isArray: boolean;
  readonly bindings?: readonly string[] | undefined;
  /** The declarator of a function, and the name's node (which may be qualified). */
  readonly fn?: SyntaxNode | undefined;
  readonly nameNode?: SyntaxNode | undefined;
}

const plainKinds: ReadonlySet<Type['kind']> = new Set(['number', 'boolean', 'array', 'list', 'string']);

/** Types by alias (`using`, `typedef`, `#define`) and the reading of type nodes. */
export class CppTypes {
  readonly aliases = new Map<string, Type>();

  /** A type of a type node or a `type_descriptor`; `auto` gives undefined. */
  read(node: SyntaxNode): Type | undefined {
    switch (node.type) {
      case 'placeholder_type_specifier':
      case 'auto':
      case 'decltype':
        return undefined;
      case 'type_descriptor': {
        const inner = child(node, 'type');
        const declarator = child(node, 'declarator');
        if (inner === undefined) {
          return unknownType;
        }
        if (declarator?.type === 'abstract_function_declarator') {
          return { kind: 'function', name: 'function', args: [] };
        }
        const type = this.read(inner);
        return type === undefined || declarator === undefined ? type : pointed(type, (textOf(declarator).match(/\*|\[/g) ?? []).length);
      }
      case 'template_type':
      case 'template_function': {
        const name = textIn(node, 'name');
        const list = child(node, 'arguments');
        const args = (list === undefined ? [] : named(list)).map((inner) => (inner.type === 'type_descriptor' ? (this.read(inner) ?? unknownType) : unknownType));
        if ((name === 'unique_ptr' || name === 'shared_ptr' || name === 'optional') && args[0] !== undefined) {
          return args[0];
        }
        const known = typeNamed(cppLibrary, name, args);
        return known.kind === 'map' || known.kind === 'sortedMap' ? { ...known, args: args.slice(0, 2) } : known.kind === 'tuple' || known.kind === 'object' ? known : { ...known, args: args.slice(0, 1) };
      }
      case 'qualified_identifier': {
        const inner = child(node, 'name');
        const scope = child(node, 'scope');
        if (inner !== undefined && textOf(inner) === 'value_type' && scope !== undefined) {
          return this.read(scope)?.args[0] ?? unknownType;
        }
        return inner === undefined ? unknownType : textOf(inner).endsWith('iterator') ? typeNamed(cppLibrary, 'iterator') : this.read(inner);
      }
      case 'dependent_type': {
        const inner = named(node)[0];
        return inner === undefined ? unknownType : this.read(inner);
      }
      case 'struct_specifier':
      case 'class_specifier':
      case 'union_specifier':
        return typeNamed(cppLibrary, textIn(node, 'name'));
      case 'enum_specifier':
      case 'sized_type_specifier':
        return typeNamed(cppLibrary, 'int');
      default: {
        const name = textOf(node);
        return this.aliases.get(name) ?? typeNamed(cppLibrary, name === 'istringstream' ? 'stringstream' : name);
      }
    }
  }

  /** Takes a declarator apart. `base` is the type before it. */
  declarator(base: Type | undefined, node: SyntaxNode | undefined): Declarator {
    let current = node;
    let pointers = 0;
    let byReference = false;
    let fn: SyntaxNode | undefined;
    let isArray = false;
    let depth = 0;
    const sizes: SyntaxNode[] = [];
    for (;;) {
      switch (current?.type) {
        case 'pointer_declarator':
          pointers += 1;
          current = child(current, 'declarator');
          continue;
        case 'abstract_pointer_declarator':
          pointers += 1;
          current = child(current, 'declarator');
          continue;
        case 'reference_declarator':
        case 'abstract_reference_declarator':
          byReference = true;
          current = named(current)[0];
          continue;
        case 'parenthesized_declarator':
        case 'attributed_declarator':
        case 'variadic_declarator':
          current = named(current)[0];
          continue;
        case 'array_declarator':
        case 'abstract_array_declarator': {
          isArray = true;
          depth += 1;
          const size = child(current, 'size');
          if (size !== undefined) {
            sizes.unshift(size);
          }
          current = child(current, 'declarator');
          continue;
        }
        case 'function_declarator':
          fn = current;
          current = child(current, 'declarator');
          continue;
        default:
      }
      break;
    }
    let type = pointed(base ?? unknownType, pointers);
    for (let at = 0; at < depth; at++) {
      type = arrayOf(type);
    }
    const bindings = current?.type === 'structured_binding_declarator' ? named(current).map(textOf) : undefined;
    return {
      name: current === undefined || bindings !== undefined ? '' : textOf(current), type, byReference, pointers, sizes, isArray, bindings, fn, nameNode: current,
    };
  }

  /** The declarator's parameters. */
  static parametersOf(fn: SyntaxNode): readonly SyntaxNode[] {
    const list = child(fn, 'parameters') ?? childOfType(fn, 'parameter_list');
    return list === undefined ? [] : named(list);
  }
}

/** A pointer to a number is an array of numbers, to `char` a text, to a class the object. */
function pointed(type: Type, pointers: number): Type {
  let result = type;
  for (let at = 0; at < pointers; at++) {
    if (result.kind === 'char') {
      result = typeNamed(cppLibrary, 'string');
    } else if (plainKinds.has(result.kind) || (result.kind === 'object' && at > 0)) {
      result = arrayOf(result);
    }
  }
  return result;
}

export function arrayOf(element: Type): Type {
  return { kind: 'array', name: '[]', args: [element] };
}
