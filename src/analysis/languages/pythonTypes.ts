import { unknownType, type Type } from '../program/ir';
import { typeNamed } from '../library';
import { childOfType, childrenIn, named, textOf, type SyntaxNode } from '../syntax';
import { textIn } from './lowering';
import { pythonLibrary } from './pythonLibrary';

/** Annotations: `List[int]`, `Optional['TreeNode']`, `int | None`. */
export function typeOf(node: SyntaxNode): Type {
  switch (node.type) {
    case 'type': {
      const inner = named(node)[0];
      return inner === undefined ? unknownType : typeOf(inner);
    }
    case 'identifier':
      return typeNamed(pythonLibrary, textOf(node));
    case 'none':
      return typeNamed(pythonLibrary, 'None');
    case 'attribute':
      return typeNamed(pythonLibrary, textIn(node, 'attribute'));
    case 'string': {
      const name = textOf(node).replace(/['"]/g, '');
      const optional = /^Optional\[(\w+)\]$/.exec(name);
      return typeNamed(pythonLibrary, optional?.[1] ?? name);
    }
    case 'generic_type':
    case 'subscript': {
      const head = named(node)[0];
      const name = head === undefined ? '' : textOf(head).replace(/^.*\./, '');
      const inside = node.type === 'subscript' ? childrenIn(node, 'subscript') : (childOfType(node, 'type_parameter')?.children.filter((inner) => inner.isNamed) ?? []);
      const args = inside.map((inner) => typeOf(inner));
      if (name === 'Optional') {
        return args[0] ?? unknownType;
      }
      return name === 'Union' ? (args.find((arg) => arg.kind !== 'void') ?? unknownType) : typeNamed(pythonLibrary, name, args);
    }
    case 'binary_operator':
    case 'union_type': {
      const args = named(node).map((inner) => typeOf(inner));
      return args.find((arg) => arg.kind !== 'void') ?? unknownType;
    }
    default:
      return unknownType;
  }
}
