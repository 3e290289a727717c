import type { ReadReport } from '../../../analysis/outline/reportText';
import type { ComplexityClass, Confidence } from '../../../analysis/index';
import { t } from '../../../core/l10n';
import { citeLines } from '../view';

/** A class of growth in words. */
export function classText(name: ComplexityClass): string {
  switch (name) {
    case 'constant':
      return t('constant');
    case 'logn':
      return t('logarithmic');
    case 'log2n':
      return t('logarithmic squared');
    case 'sqrt':
      return t('square root');
    case 'linear':
      return t('linear');
    case 'nlogn':
      return t('linearithmic');
    case 'nlog2n':
      return t('linear times logarithm squared');
    case 'nsqrt':
      return t('linear times square root');
    case 'quadratic':
      return t('quadratic');
    case 'n2logn':
      return t('quadratic times logarithm');
    case 'cubic':
      return t('cubic');
    case 'n3logn':
      return t('cubic times logarithm');
    case 'n4':
      return t('fourth power');
    case 'polynomial':
      return t('polynomial');
    case 'exponential':
      return t('exponential');
    case 'unknown':
      return t('unknown');
  }
}

/** How sure a bound is, in words. */
export function confidenceText(confidence: Confidence): string {
  switch (confidence) {
    case 'certain':
      return t('follows from the rules');
    case 'likely':
      return t('likely');
    case 'guess':
      return t('uncertain');
  }
}

/** Levels of evidence that are told: what is deeper is in the sums. */
const deepestLevel = 3;

/** The evidence as a nested list, each line with its place; equal neighbours once, with their number. */
export function evidenceLines({ evidence }: ReadReport, place: (line: number) => { readonly path: string; readonly line: number }): readonly string[] {
  const lines: { text: string; times: number }[] = [];
  for (const { lines: range, text, runs, total, level } of evidence.filter((item) => item.level <= deepestLevel)) {
    const start = place(range.start);
    const often = runs === '1' || runs === '' || text.includes(runs) ? '' : ` ${t('Runs: {0}.', runs)}`;
    const line = `${'  '.repeat(level)}- ${citeLines(start.path, start.line, place(range.end).line)}: ${text}.${often} ${t('In all: {0}.', total)}`;
    const last = lines.at(-1);
    if (last?.text === line) {
      last.times += 1;
    } else {
      lines.push({ text: line, times: 1 });
    }
  }
  return lines.map(({ text, times }) => (times > 1 ? `${text} (×${String(times)})` : text));
}
