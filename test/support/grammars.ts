import { setGrammarSource } from '../../src/analysis/index';
import { createGrammarSource } from '../../src/node/grammars';

/** Lets the analysis load its grammars from the installed package. */
export function useInstalledGrammars(): void {
  setGrammarSource(createGrammarSource());
}
