import type { ReadExcerpt } from '../../core/excerpt';
import type { PastAction, Situation } from './conversation';
import type { Wish } from './reply';
import type { OuterCall, View } from './view';

/** Most functions that are looked up elsewhere for one question. */
export const maxLookups = 3;

/** Whether tools may know the file: `untitled:` documents and code from a chat have none. */
export function hasFile(excerpt: ReadExcerpt): boolean {
  return excerpt.path !== '' && excerpt.path !== 'chat' && !/^untitled/i.test(excerpt.path);
}

/** The file of the code as an argument; left out where there is none, or a tool could not read it. */
export function placeOf({ past }: Situation, { excerpt }: View): { readonly path: string } | Record<string, never> {
  const isUnreadable = past.some((action) => action.isError && action.args['path'] === excerpt.path);
  return hasFile(excerpt) && !isUnreadable ? { path: excerpt.path } : {};
}

/** Calls that look up where functions are defined. Empty where no tool can tell. */
export function definitionWishes(situation: Situation, view: View, calls: readonly OuterCall[]): readonly Wish[] {
  const wanted = calls.slice(0, maxLookups);
  if (situation.tools.has('find_references')) {
    const place = placeOf(situation, view);
    return wanted.map(({ call, line }) => ({ tool: 'find_references', args: { symbol: call.name, ...place, ...('path' in place ? { line } : {}) } }));
  }
  if (situation.tools.has('search_text')) {
    return wanted.map(({ call }) => ({
      tool: 'search_text',
      args: { pattern: `\\b(def|function|func|fn|static|public|private|int|void|auto|const)\\b.*\\b${call.name}\\b\\s*[=(<]`, is_regex: true, case_sensitive: true, max_results: 20 },
    }));
  }
  return [];
}

/** Where a function is defined, by what a tool has found. */
export interface Definition {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

/** Definitions that lookups have found, one per name. */
export function foundDefinitions(past: readonly PastAction[]): readonly Definition[] {
  return past.flatMap(({ tool, args, result, isError }) => {
    const name = tool === 'find_references' && typeof args['symbol'] === 'string' ? args['symbol'] : searchedName(tool, args);
    if (name === undefined || isError) {
      return [];
    }
    const match = tool === 'find_references' ? /^(.+):(\d+): .* {2}\(definition\)$/m.exec(result) : /^(\S.*)\n {2}(\d+): /m.exec(result.slice(result.indexOf('\n') + 1));
    return match === null ? [] : [{ name, path: match[1] ?? '', line: Number(match[2]) }];
  });
}

function searchedName(tool: string, args: PastAction['args']): string | undefined {
  const pattern = tool === 'search_text' ? args['pattern'] : undefined;
  return typeof pattern === 'string' ? /\\b([\p{L}_][\p{L}\p{N}_?!]*)\\b\\s\*\[=\(<\]$/u.exec(pattern)?.[1] : undefined;
}

/** A place where the code in question is used. */
export interface Use {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Where a symbol is used, by what `find_references` has found, without the lines of its own definition. */
export function foundUses(past: readonly PastAction[], symbol: string): readonly Use[] {
  const action = past.findLast(({ tool, args, isError }) => tool === 'find_references' && !isError && args['symbol'] === symbol);
  return [...(action?.result ?? '').matchAll(/^(.+):(\d+): (.*)$/gm)]
    .filter((match) => match[3]?.endsWith('  (definition)') !== true)
    .map((match) => ({ path: match[1] ?? '', line: Number(match[2]), text: match[3] ?? '' }));
}

/** Whether a tool has been asked in this question, whatever came of it. */
export function hasAsked({ past }: Situation, tool: string): boolean {
  return past.some((action) => action.tool === tool);
}
