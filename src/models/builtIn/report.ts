import { analyzeComplexity, canAnalyze } from '../../analysis/index';
import { formatReport, readReport } from '../../analysis/outline/reportText';
import type { ReadReport } from '../../analysis/outline/reportText';
import type { PastAction, Situation } from './conversation';
import { hasFile } from './lookups';
import type { Wish } from './reply';
import type { View } from './view';

/** Longest time of an analysis of the model's own, in ms: as long as the tool's, for busy machines. */
const analysisLimitMs = 2000;

/** Files in which the code in question stands among other text: the file as a whole is in none of the languages. */
const holdsCodeAmongOthers = /\.(?:md|markdown|mdx|qmd|rmd|ipynb)$/i;

/** The call that derives the complexity of the code: by its place, or by its text where the place cannot be read. */
export function complexityWish({ excerpt, focus }: View, byText: boolean): Wish {
  if (byText || !hasFile(excerpt) || holdsCodeAmongOthers.test(excerpt.path)) {
    return { tool: 'analyze_complexity', args: { code: excerpt.text, language: excerpt.languageId, ...(focus === undefined ? {} : { symbol: focus.name }) } };
  }
  const { startLine, endLine } = excerpt.range;
  return {
    tool: 'analyze_complexity',
    args: { path: excerpt.path, ...(focus === undefined ? {} : { symbol: focus.name }), start_line: startLine, end_line: endLine },
  };
}

/** A report with the lines of the file. */
export interface PlacedReport {
  readonly report: ReadReport;
  /** Where it comes from: a tool's answer, or the model's own analysis. */
  readonly source: 'tool' | 'own';
}

/** The report about the code in question from the results so far, the newest that can be read. */
export function reportedComplexity({ past }: Situation, { excerpt }: View): PlacedReport | undefined {
  for (const action of past.toReversed()) {
    const isOwnPath = action.args['path'] === excerpt.path;
    const isOwnText = action.args['code'] === excerpt.text;
    const report = action.tool === 'analyze_complexity' && !action.isError && (isOwnPath || isOwnText) ? readReport(action.result) : undefined;
    if (report !== undefined) {
      return { report: isOwnText ? shifted(report, excerpt.range.startLine - 1) : report, source: 'tool' };
    }
  }
  return undefined;
}

/** The model's own analysis of the text in front of it, where no tool has told. */
export async function ownReport(view: View): Promise<PlacedReport | undefined> {
  const { excerpt, focus } = view;
  if (!canAnalyze(excerpt.languageId)) {
    return undefined;
  }
  const report = await analyzeComplexity(excerpt.text, excerpt.languageId, { limitMs: analysisLimitMs });
  const fn = focus === undefined ? report.whole : (report.functions.find((each) => each.name === focus.name) ?? report.whole);
  const read = readReport(formatReport(report, excerpt.path, fn));
  return read === undefined ? undefined : { report: shifted(read, excerpt.range.startLine - 1), source: 'own' };
}

function shifted(report: ReadReport, by: number): ReadReport {
  return by === 0
    ? report
    : {
        ...report,
        startLine: report.startLine + by,
        endLine: report.endLine + by,
        evidence: report.evidence.map((item) => ({ ...item, lines: { start: item.lines.start + by, end: item.lines.end + by } })),
      };
}

/** A file that a tool has shown as a whole. */
export interface ShownFile {
  readonly path: string;
  readonly text: string;
}

/** Files that `read_file` has shown whole, from its numbered lines. */
export function shownFiles(past: readonly PastAction[]): readonly ShownFile[] {
  return past.flatMap(({ tool, result, isError }) => {
    const head = tool === 'read_file' && !isError ? /^(.*), lines 1–(\d+) of (\d+) \(.*\):\n/.exec(result) : null;
    if (head === null || head[2] !== head[3] || /\n… \[.*left out/.test(result)) {
      return [];
    }
    const text = result.slice(head[0].length).split('\n').map((line) => line.replace(/^ *\d+ \| ?/, '')).join('\n');
    return [{ path: head[1] ?? '', text }];
  });
}

/** A report over the code with that of the functions it calls, and which file each line of evidence is in. */
export interface JoinedReport {
  readonly report: ReadReport;
  /** The place of a line of evidence. */
  place(line: number): { readonly path: string; readonly line: number };
}

/**
 * The analysis of the code with other files put behind it, so that what they define is counted instead of guessed.
 * Undefined where there is nothing to put beside it, or nothing new comes of it.
 */
export async function joinedReport(view: View, files: readonly ShownFile[]): Promise<JoinedReport | undefined> {
  const { excerpt, focus } = view;
  const others = files.filter((file) => file.path !== excerpt.path);
  if (others.length === 0 || !canAnalyze(excerpt.languageId)) {
    return undefined;
  }
  const own = files.find((file) => file.path === excerpt.path)?.text ?? '\n'.repeat(excerpt.range.startLine - 1) + excerpt.text;
  const parts = [{ path: excerpt.path, text: own }, ...others];
  const starts: number[] = [];
  let next = 1;
  for (const { text } of parts) {
    starts.push(next);
    next += text.split('\n').length;
  }
  const joined = parts.map(({ text }, index) => (index === 0 ? text : text.replace(/^<\?php/, ''))).join('\n');
  const report = await analyzeComplexity(joined, excerpt.languageId, { limitMs: analysisLimitMs });
  const { startLine, endLine } = excerpt.range;
  const fn = report.functions.find((each) => each.name === focus?.name && each.range.start >= startLine && each.range.end <= endLine);
  const read = fn === undefined ? undefined : readReport(formatReport({ ...report, functions: [] }, excerpt.path, fn));
  return read === undefined
    ? undefined
    : {
        report: read,
        place(line) {
          const index = starts.findLastIndex((start) => start <= line);
          return { path: parts[index]?.path ?? excerpt.path, line: line - (starts[index] ?? 1) + 1 };
        },
      };
}
