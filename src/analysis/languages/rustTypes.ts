import { unknownType, type Type } from '../program/ir';
import { typeNamed } from '../library';
import { child, named, textOf, type SyntaxNode } from '../syntax';
import { rustLibrary } from './rustLibrary';

/** Types that only hold one value of another. */
const wrappers: ReadonlySet<string> = new Set(['Option', 'Result', 'Box', 'Rc', 'Arc', 'RefCell', 'Cell', 'Ref', 'RefMut', 'Mutex', 'RwLock', 'Reverse', 'Weak', 'Cow', 'Wrapping', 'OnceCell']);

/** Reads Rust's types; what only wraps or borrows a value is left out. */
export class RustTypes {
  readonly aliases = new Map<string, Type>();
  /** What `Self` stands for. */
  self: string | undefined;

  read(node: SyntaxNode): Type {
    switch (node.type) {
      case 'reference_type':
      case 'pointer_type':
      case 'bracketed_type':
      case 'dynamic_type':
      case 'abstract_type': {
        const inner = child(node, 'type') ?? child(node, 'trait') ?? named(node).at(-1);
        return inner === undefined ? unknownType : this.read(inner);
      }
      case 'array_type': {
        const element = child(node, 'element');
        const args = [element === undefined ? unknownType : this.read(element)];
        return child(node, 'length') === undefined ? { kind: 'list', name: 'Vec', args } : { kind: 'array', name: 'Vec', args };
      }
      case 'tuple_type':
        return { kind: 'tuple', name: '', args: named(node).map((inner) => this.read(inner)) };
      case 'unit_type':
        return typeNamed(rustLibrary, 'void');
      case 'function_type':
        return { kind: 'function', name: 'fn', args: [] };
      case 'generic_type': {
        const type = child(node, 'type');
        const list = child(node, 'type_arguments');
        const args = list === undefined ? [] : named(list).filter((inner) => inner.type !== 'lifetime').map((inner) => this.read(inner));
        const name = type === undefined ? '' : textOf(type).replace(/^.*::/s, '');
        return wrappers.has(name) ? (args[0] ?? unknownType) : this.named(name, args);
      }
      case 'scoped_type_identifier': {
        const name = child(node, 'name');
        return name === undefined ? unknownType : this.named(textOf(name));
      }
      default:
        return this.named(textOf(node));
    }
  }

  named(name: string, args: readonly Type[] = []): Type {
    if (name === 'Self' && this.self !== undefined) {
      return { kind: 'object', name: this.self, args: [] };
    }
    return this.aliases.get(name) ?? typeNamed(rustLibrary, name, args);
  }
}
