import type { NamedRange } from './excerpt';
import type { FunctionFinder } from './selection';
import type { CodeSymbol } from '../tools/workspace';

const functionKinds: ReadonlySet<CodeSymbol['kind']> = new Set(['function', 'method', 'constructor']);

/**
 * Functions of a text by its syntax tree, for languages without a language server. `prepare` sets up the grammars
 * and is called before the first parse.
 */
export function syntaxFunctions(prepare: () => Promise<void>): FunctionFinder {
  return async (text, languageId) => {
    await prepare();
    const { knownSymbols } = await import('../tools/codeKnowledge');
    const { symbols } = await knownSymbols({ path: '', text, languageId, unsaved: false });
    return namedFunctions(symbols);
  };
}

function namedFunctions(symbols: readonly CodeSymbol[]): readonly NamedRange[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    ...(functionKinds.has(kind) ? [{ name, range }] : []),
    ...namedFunctions(children),
  ]);
}
