import { unknownType, type Type } from '../program/ir';
import { typeNamed } from '../library';
import { child, named, textOf, type SyntaxNode } from '../syntax';
import { javaLibrary } from './javaLibrary';

/** The type that a node names, with the dimensions that stand behind the name (`int a[]`). */
export function typeOf(node: SyntaxNode, dimensions?: SyntaxNode): Type {
  let type = plainType(node);
  for (let at = dimensions === undefined ? 0 : (textOf(dimensions).match(/\[/g) ?? []).length; at > 0; at--) {
    type = arrayOf(type);
  }
  return type;
}

function plainType(node: SyntaxNode): Type {
  switch (node.type) {
    case 'array_type': {
      const element = child(node, 'element');
      return typeOf(element ?? node, child(node, 'dimensions'));
    }
    case 'generic_type': {
      const [head, args] = named(node);
      const name = head === undefined ? '' : textOf(head).replace(/^.*\./, '');
      return typeNamed(javaLibrary, name, args === undefined ? [] : named(args).map((inner) => typeOf(inner)));
    }
    case 'scoped_type_identifier':
      return typeNamed(javaLibrary, textOf(node).replace(/^.*\./, ''));
    case 'wildcard':
      return unknownType;
    default:
      return typeNamed(javaLibrary, textOf(node));
  }
}

export function arrayOf(element: Type): Type {
  return { kind: 'array', name: '[]', args: [element] };
}
