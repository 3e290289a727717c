export { setGrammarSource, type GrammarSource } from './parser';
export { languageFor, languages } from './languages/index';
