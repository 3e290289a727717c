/**
 * Tool names as models write them, matched with the tools that there are.
 */
import { withoutInvisible } from './characters';

/** A tool name after cleaning. */
export interface ResolvedName {
  /** The name to call: the known tool's own spelling, otherwise what was written, cleaned. */
  readonly name: string;
  /** Whether it is one of the tools. */
  readonly known: boolean;
  /** Whether it differs from what was written. */
  readonly changed: boolean;
}

/** The known tools, found whatever the case, blanks, hyphens and underscores. */
export class ToolNames {
  private readonly byKey = new Map<string, string>();
  /** The names as given. */
  readonly all: readonly string[];

  constructor(tools: readonly string[]) {
    this.all = tools;
    for (const tool of tools) {
      const key = nameKey(tool);
      if (key !== '' && !this.byKey.has(key)) this.byKey.set(key, tool);
    }
  }

  /** The known tool of that name, or `undefined`. */
  find(name: string): string | undefined {
    return this.byKey.get(nameKey(name));
  }

  /** Cleans a written name: blanks, `functions.`, `:0`, a leaked `<|`, and `\_` go. `undefined` when nothing is left. */
  resolve(written: string): ResolvedName | undefined {
    let name = written;
    const leak = name.search(/<[|｜]/);
    if (leak >= 0) name = name.slice(0, leak);
    name = withoutInvisible(name).replaceAll('\\_', '_').trim();
    name = name.replace(/^functions\./, '').replace(/:\d+$/, '').trim();
    if (name === '') return undefined;
    const tool = this.find(name);
    return { name: tool ?? name, known: tool !== undefined, changed: (tool ?? name) !== written };
  }
}

/** A name reduced to what makes it that name: lower case, without blanks, `-` and `_`. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}
