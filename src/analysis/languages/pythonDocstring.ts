import { type Parameter, type Type, unknownType } from '../program/ir';
import { typeNamed } from '../library';
import { pythonLibrary } from './pythonLibrary';

/** Types that a docstring states, by parameter; the result is under `return`. */
export type DocumentedTypes = ReadonlyMap<string, Type>;

/**
 * Reads `:type name: T`, `:param T name:` and `:rtype: T` (reStructuredText, as Sphinx reads it), and `name (T): …` as in
 * Google's style.
 */
export function documentedTypes(docstring: string): DocumentedTypes {
  const types = new Map<string, Type>();
  const note = (name: string | undefined, text: string | undefined): void => {
    const type = text === undefined ? undefined : typeSpelled(text);
    if (name !== undefined && type !== undefined && type.kind !== 'unknown') {
      types.set(name, type);
    }
  };
  for (const line of docstring.split('\n')) {
    const stated = /^\s*:type\s+\*{0,2}(\w+)\s*:\s*(.+?)\s*$/.exec(line);
    const result = /^\s*:rtype\s*:\s*(.+?)\s*$/.exec(line);
    const inline = /^\s*:param\s+([^:]*\S)\s+\*{0,2}(\w+)\s*:/.exec(line);
    const google = /^\s+\*{0,2}(\w+)\s*\(([^()]+)\)\s*:/.exec(line);
    note(stated?.[1], stated?.[2]);
    note(result === null ? undefined : 'return', result?.[1]);
    note(inline?.[2], inline?.[1]);
    note(google?.[1], google?.[2]);
  }
  return types;
}

/** Parameters with the types of the docstring where the code states none. */
export function withDocumented(params: readonly Parameter[], types: DocumentedTypes): Parameter[] {
  return params.map((param) => (param.type === undefined && types.has(param.name) ? { ...param, type: types.get(param.name) } : param));
}

/** `List[int]`, `list of str`, `int[]`, `Optional[TreeNode]`, `TreeNode or None`. */
function typeSpelled(text: string): Type | undefined {
  const parser = new TypeParser(text.match(/[A-Za-z_][\w.]*|\[|\]|,|\|/g) ?? []);
  return parser.type();
}

class TypeParser {
  private at = 0;
  private readonly tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] === token) {
      this.at += 1;
      return true;
    }
    return false;
  }

  type(): Type | undefined {
    let type = this.plain();
    while (type !== undefined && (this.take('|') || this.take('or'))) {
      const other = this.plain();
      type = type.kind === 'void' ? other : type;
    }
    return type;
  }

  private plain(): Type | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !/^\w/.test(token)) {
      return undefined;
    }
    this.at += 1;
    const name = token.slice(token.lastIndexOf('.') + 1);
    let args: Type[] = [];
    if (this.take('of')) {
      args = [this.type() ?? unknownType];
    } else if (this.take('[')) {
      if (this.take(']')) {
        return typeNamed(pythonLibrary, 'list', [typeNamed(pythonLibrary, name)]);
      }
      do {
        args.push(this.type() ?? unknownType);
      } while (this.take(','));
      this.take(']');
    }
    if (name === 'Optional' || name === 'Union') {
      return args.find((arg) => arg.kind !== 'void');
    }
    // Words of a sentence are no types: only known names, and those that are written like a class.
    return Object.hasOwn(pythonLibrary.types, name) || /^[A-Z]\w*[a-z]/.test(name) ? typeNamed(pythonLibrary, name, args) : undefined;
  }
}
