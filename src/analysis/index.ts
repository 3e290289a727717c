import type { AnalysisOptions, ComplexityReport } from './complexity';

export { setGrammarSource, type GrammarSource } from './parser';
export { canAnalyze, loadLanguage } from './languages/index';
export type { AnalysisOptions, Bound, ComplexityReport, Confidence, FunctionReport } from './complexity';
export type { Evidence } from './derivation';
export type { ComplexityClass, Rank } from './algebra/ranks';
export { checkClaim, readClaim, type ReadClaim } from './claim';

/**
 * Derives how time and space grow in the worst case, as `complexity.ts` says. The rules are loaded with the first call:
 * they weigh more than everything that most programs need at their start.
 */
export async function analyzeComplexity(code: string, languageId: string, options: AnalysisOptions = {}): Promise<ComplexityReport> {
  const analysis = await import('./complexity');
  return await analysis.analyzeComplexity(code, languageId, options);
}
