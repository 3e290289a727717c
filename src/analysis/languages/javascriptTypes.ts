import { unknownType, type Type } from '../program/ir';
import { typeNamed } from '../library';
import { child, childOfType, named, textOf, type SyntaxNode } from '../syntax';
import { javascriptLibrary } from './javascriptLibrary';
import { textIn } from './lowering';

/** What a function's JSDoc says: `@param {number[]} nums`, `@return {boolean}`. */
export interface Documented {
  readonly params: ReadonlyMap<string, Type>;
  readonly result?: Type | undefined;
}

const listType = (element: Type): Type => ({ kind: 'list', name: 'Array', args: [element] });

/** Reads type annotations of TypeScript, and of JSDoc. Classes of the program hide library types of the same name. */
export class JavascriptTypes {
  readonly aliases = new Map<string, Type>();
  readonly classNames = new Set<string>();

  named(name: string, args: readonly Type[] = []): Type {
    if (this.classNames.has(name)) {
      return { kind: 'object', name, args };
    }
    const type = this.aliases.get(name) ?? typeNamed(javascriptLibrary, name, args);
    // Int32Array and its like hold numbers.
    return type.kind === 'array' && type.args.length === 0 ? { ...type, args: [{ kind: 'number', name: 'number', args: [] }] } : type;
  }

  read(node: SyntaxNode): Type {
    switch (node.type) {
      case 'type_annotation':
      case 'parenthesized_type':
      case 'readonly_type':
      case 'optional_type':
      case 'rest_type': {
        const inner = named(node)[0];
        return inner === undefined ? unknownType : this.read(inner);
      }
      case 'array_type': {
        const inner = named(node)[0];
        return listType(inner === undefined ? unknownType : this.read(inner));
      }
      case 'tuple_type':
        return { kind: 'tuple', name: 'tuple', args: named(node).map((inner) => this.read(inner)) };
      case 'generic_type': {
        const list = child(node, 'type_arguments') ?? childOfType(node, 'type_arguments');
        const args = list === undefined ? [] : named(list).map((inner) => this.read(inner));
        const name = textIn(node, 'name').replace(/^.*\./, '');
        return name === 'Readonly' || name === 'Partial' || name === 'Required' || name === 'Promise' ? (args[0] ?? unknownType) : this.named(name, args);
      }
      case 'union_type':
      case 'intersection_type': {
        const options = named(node).map((inner) => this.read(inner));
        return options.find((option) => option.kind !== 'void' && option.kind !== 'unknown') ?? unknownType;
      }
      case 'function_type':
      case 'constructor_type':
        return { kind: 'function', name: 'Function', args: [] };
      case 'object_type': {
        const index = childOfType(node, 'index_signature');
        const value = index === undefined ? undefined : child(index, 'type');
        return index === undefined ? unknownType : { kind: 'map', name: 'Record', args: [unknownType, value === undefined ? unknownType : this.read(value)] };
      }
      case 'literal_type': {
        const inner = named(node)[0];
        return inner?.type === 'string' ? this.named('string') : inner?.type === 'number' || inner?.type === 'unary_expression' ? this.named('number') : this.named('null');
      }
      case 'predefined_type':
      case 'type_identifier':
      case 'identifier':
        return this.named(textOf(node));
      default:
        return unknownType;
    }
  }

  /** A type as JSDoc writes it: `number[][]`, `Array<string>`, `?TreeNode`, `Map<string, number>`. */
  private written(text: string): Type {
    const type = text.trim().replace(/^[?!]|[?!=]$/g, '').replace(/\|\s*(?:null|undefined)|(?:null|undefined)\s*\|/g, '').trim();
    if (type.endsWith('[]')) {
      return listType(this.written(type.slice(0, -2)));
    }
    const generic = /^(\w+)\.?<(.*)>$/s.exec(type);
    if (generic?.[1] !== undefined && generic[2] !== undefined) {
      return this.named(generic[1], splitTypes(generic[2]).map((part) => this.written(part)));
    }
    return /^function\b/i.test(type) || type.includes('=>') ? this.named('Function') : /^[\w$]+$/.test(type) ? this.named(type === 'character' ? 'string' : type) : unknownType;
  }

  /** Reads a JSDoc comment. */
  documented(comment: string): Documented {
    const params = new Map<string, Type>();
    for (const [, type, name] of comment.matchAll(/@param\s*\{([^}]*)\}\s*\[?([\w$]+)/g)) {
      if (type !== undefined && name !== undefined) {
        params.set(name, this.written(type));
      }
    }
    const result = /@returns?\s*\{([^}]*)\}/.exec(comment)?.[1];
    return { params, result: result === undefined ? undefined : this.written(result) };
  }
}

function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    depth += character === '<' ? 1 : character === '>' ? -1 : 0;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
