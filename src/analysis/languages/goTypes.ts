import { unknownType, type Type } from '../program/ir';
import { typeNamed } from '../library';
import { child, named, textOf, type SyntaxNode } from '../syntax';
import { goLibrary } from './goLibrary';
import { textIn } from './lowering';

/** Reads Go's types. A type that the program names (`type minHeap []int`) keeps its name and has the kind below it. */
export class GoTypes {
  private readonly declared = new Map<string, Type>();

  /** Takes note of `type_spec` and `type_alias` nodes anywhere below `node`. */
  collect(node: SyntaxNode): void {
    for (const inner of node.children) {
      if (inner.type === 'type_spec' || inner.type === 'type_alias') {
        const type = child(inner, 'type');
        const name = textIn(inner, 'name');
        if (type === undefined || name === '') {
          continue;
        }
        if (type.type === 'struct_type') {
          // A struct around sort.IntSlice is a slice with methods.
          const isSlice = /\{\s*sort\.(?:Int|String|Float64)Slice\b/.test(textOf(type));
          this.declared.set(name, { kind: isSlice ? 'list' : 'object', name, args: [] });
        } else if (type.type !== 'interface_type') {
          this.declared.set(name, { ...this.read(type), name });
        }
      } else if (inner.children.length > 0) {
        this.collect(inner);
      }
    }
  }

  read(node: SyntaxNode): Type {
    switch (node.type) {
      case 'slice_type':
        return { kind: 'list', name: '[]', args: [this.element(node)] };
      case 'array_type':
      case 'implicit_length_array_type':
        return { kind: 'array', name: '[]', args: [this.element(node)] };
      case 'map_type': {
        const key = child(node, 'key');
        const value = child(node, 'value');
        return { kind: 'map', name: 'map', args: [key === undefined ? unknownType : this.read(key), value === undefined ? unknownType : this.read(value)] };
      }
      case 'pointer_type':
      case 'parenthesized_type': {
        const inner = named(node)[0];
        return inner === undefined ? unknownType : this.read(inner);
      }
      case 'channel_type':
        return { kind: 'queue', name: 'chan', args: [] };
      case 'function_type':
        return { kind: 'function', name: 'func', args: [] };
      case 'struct_type':
        return named(named(node)[0] ?? node).length === 0 ? { kind: 'boolean', name: 'struct{}', args: [] } : { kind: 'object', name: '', args: [] };
      case 'interface_type':
        return unknownType;
      case 'qualified_type':
        return typeNamed(goLibrary, textOf(node));
      case 'generic_type': {
        const type = child(node, 'type');
        return type === undefined ? unknownType : this.read(type);
      }
      case 'parameter_list': {
        // Several results: a tuple.
        const types = named(node).map((inner) => child(inner, 'type')).map((type) => (type === undefined ? unknownType : this.read(type)));
        return types.length === 1 && types[0] !== undefined ? types[0] : { kind: 'tuple', name: '', args: types };
      }
      default: {
        const name = textOf(node);
        return this.declared.get(name) ?? typeNamed(goLibrary, name);
      }
    }
  }

  private element(node: SyntaxNode): Type {
    const element = child(node, 'element');
    return element === undefined ? unknownType : this.read(element);
  }

  /** The lengths of an array type from the outside in: `[10][n]int`. */
  lengths(node: SyntaxNode): SyntaxNode[] {
    const length = child(node, 'length');
    const element = child(node, 'element');
    return node.type !== 'array_type' || length === undefined ? [] : [length, ...(element === undefined ? [] : this.lengths(element))];
  }
}
