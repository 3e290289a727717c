import type { Bound, ComplexityReport, FunctionReport } from '../complexity';
import type { Evidence } from '../derivation';

/** Most lines of evidence, and most other functions, that a text names. */
const maxEvidence = 40;
const maxOthers = 30;

/** One line of evidence as a text has it. */
export type ReadEvidence = Pick<Evidence, 'kind' | 'lines' | 'text' | 'runs' | 'total' | 'level'>;

/** What a text says of one function or piece. */
export interface ReadReport {
  /** Empty for a piece that is no function. */
  readonly name: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly time: Bound;
  readonly space: Bound;
  readonly evidence: readonly ReadEvidence[];
  readonly assumptions: readonly string[];
  readonly undecided: readonly string[];
}

/**
 * A report as compact text for a model: the bounds, the evidence with its lines, what was assumed and what is open.
 * `focus` is the function that was asked for; the others follow with one line each. The form is stable:
 * `readReport` reads it back.
 */
export function formatReport(report: ComplexityReport, path: string, focus: FunctionReport = report.whole): string {
  const others = report.functions.filter((fn) => fn !== focus && !(fn.name === focus.name && fn.range.start === focus.range.start));
  return [
    `${path}, ${focus.name === '' ? 'code' : `function ${oneLine(focus.name)}`}, ${linesText(focus.range.start, focus.range.end)}, worst case:`,
    `Time: ${boundText(focus.time)}`,
    `Space: ${boundText(focus.space)}`,
    ...listed('Evidence', focus.evidence.slice(0, maxEvidence).map(evidenceText)),
    ...(focus.evidence.length > maxEvidence ? [`… [${String(focus.evidence.length - maxEvidence)} more lines of evidence left out]`] : []),
    ...listed('Assumptions', focus.assumptions.map((text) => `- ${oneLine(text)}`)),
    ...listed('Undecided', focus.undecided.map((text) => `- ${oneLine(text)}`)),
    ...listed('Other functions', others.slice(0, maxOthers).map(otherText)),
    ...(others.length > maxOthers ? [`… [${String(others.length - maxOthers)} more functions left out; ask for one by symbol]`] : []),
    ...(report.syntaxErrors > 0 ? [`Note: ${String(report.syntaxErrors)} ${report.syntaxErrors === 1 ? 'place' : 'places'} could not be parsed; the result covers the rest.`] : []),
  ].join('\n');
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}

function boundText({ expression, class: name, confidence }: Bound): string {
  return `${oneLine(expression)} (class ${name}, ${confidence})`;
}

function evidenceText({ kind, lines, text, runs, total, level }: Evidence): string {
  return `${'  '.repeat(level)}- ${linesText(lines.start, lines.end)}, ${kind}: ${oneLine(text)} [runs ${oneLine(runs)}; total ${oneLine(total)}]`;
}

function otherText({ name, range, time, space }: FunctionReport): string {
  return `- ${oneLine(name)} (${linesText(range.start, range.end)}): time ${oneLine(time.expression)}, space ${oneLine(space.expression)}`;
}

function linesText(start: number, end: number): string {
  return start === end ? `line ${String(start)}` : `lines ${String(start)}–${String(end)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

const head = /^.*, (?:code|function (.*)), lines? (\d+)(?:–(\d+))?, worst case:$/;
const bound = /^(Time|Space): (.*) \(class ([\w]+), (certain|likely|guess)\)$/;
const evidence = /^((?: {2})*)- lines? (\d+)(?:–(\d+))?, (loop|recursion|call|library): (.*) \[runs (.*); total (.*)\]$/;

/** What `formatReport` wrote, read back; undefined for any other text. */
export function readReport(text: string): ReadReport | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => head.test(line));
  const title = head.exec(lines[start] ?? '');
  const time = readBound(lines[start + 1], 'Time');
  const space = readBound(lines[start + 2], 'Space');
  if (title === null || time === undefined || space === undefined) {
    return undefined;
  }
  const read = { evidence: [] as ReadEvidence[], assumptions: [] as string[], undecided: [] as string[] };
  let section = '';
  for (const line of lines.slice(start + 3)) {
    const heading = /^(Evidence|Assumptions|Undecided|Other functions):$/.exec(line)?.[1];
    if (heading !== undefined) {
      section = heading;
    } else if (section === 'Evidence') {
      read.evidence.push(...readEvidence(line));
    } else if (line.startsWith('- ') && (section === 'Assumptions' || section === 'Undecided')) {
      (section === 'Assumptions' ? read.assumptions : read.undecided).push(line.slice(2));
    }
  }
  const startLine = Number(title[2]);
  return { name: title[1] ?? '', startLine, endLine: Number(title[3] ?? startLine), time, space, ...read };
}

function readBound(line: string | undefined, name: 'Time' | 'Space'): Bound | undefined {
  const match = bound.exec(line ?? '');
  return match?.[1] !== name
    ? undefined
    : { expression: match[2] ?? '', class: match[3] as Bound['class'], confidence: match[4] as Bound['confidence'] };
}

function readEvidence(line: string): readonly ReadEvidence[] {
  const match = evidence.exec(line);
  if (match === null) {
    return [];
  }
  const start = Number(match[2]);
  return [
    {
      level: (match[1] ?? '').length / 2,
      lines: { start, end: Number(match[3] ?? start) },
      kind: match[4] as ReadEvidence['kind'],
      text: match[5] ?? '',
      runs: match[6] ?? '',
      total: match[7] ?? '',
    },
  ];
}
