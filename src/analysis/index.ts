export { setGrammarSource, type GrammarSource } from './parser';
export { languageFor, languages } from './languages/index';
export {
  analyzeComplexity, canAnalyze, type AnalysisOptions, type Bound, type ComplexityReport, type Confidence, type Evidence, type FunctionReport,
} from './complexity';
export type { ComplexityClass, Rank } from './bigO';
export { checkClaim, readClaim, type ReadClaim } from './claim';
