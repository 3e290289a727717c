import type { NamedRange } from './excerpt';
import type { Log } from './log';
import type { FunctionFinder } from './selection';
import type { CodeSymbol } from '../tools/workspace';

const functionKinds: ReadonlySet<CodeSymbol['kind']> = new Set(['function', 'method', 'constructor']);

/**
 * Functions of a text by its syntax tree, for languages without a language server. `prepare` sets up the grammars
 * and is called before the first parse. Where the parser fails, there are none: a selection can be reasoned about
 * all the same.
 */
export function syntaxFunctions(prepare: () => Promise<void>, log: Log): FunctionFinder {
  return async (text, languageId) => {
    try {
      await prepare();
      const { knownSymbols } = await import('../tools/codeKnowledge');
      const { symbols } = await knownSymbols({ path: '', text, languageId, unsaved: false });
      return namedFunctions(symbols);
    } catch (error) {
      log.error(`The functions of a ${languageId} text could not be found.`, error);
      return [];
    }
  };
}

function namedFunctions(symbols: readonly CodeSymbol[]): readonly NamedRange[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    ...(functionKinds.has(kind) ? [{ name, range }] : []),
    ...namedFunctions(children),
  ]);
}
