import type { RunOutcome } from '../core/events';
import { taskKinds } from '../core/request';
import type { TaskKind } from '../core/request';
import type { Run } from '../core/run';
import type { Agreement } from '../core/verdict';
import { oneLine } from './escapeMarkdown';

/** The version of the form of notes that this code writes. */
export const noteVersion = 1;

/** What lists and searches of notes need to know; the front matter of a note holds it, a fact a line. */
export interface NoteSummary {
  readonly version: number;
  readonly question: string;
  /** When the run began, epoch ms. */
  readonly date: number;
  readonly task: TaskKind;
  /** Id of the model. */
  readonly model: string;
  readonly provider: string;
  /** Path of the code as tools take it. */
  readonly source?: string;
  /** 1-based, both ends included. */
  readonly startLine?: number;
  readonly endLine?: number;
  readonly symbol?: string;
  /** `sha256:` and the hash of the code in hexadecimal digits; see `codeToHash`. */
  readonly hash?: string;
  readonly steps: number;
  /** Wall time, and the time in which the model was thinking, in seconds. */
  readonly seconds?: number;
  readonly thinkingSeconds?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly costUsd?: number;
  /** `running` in a note whose run goes on, or ended with the process. */
  readonly result: RunOutcome | 'running';
  /** The complexity that the answer claims, and how the check of it ended. */
  readonly claim?: string;
  readonly verdict?: Agreement;
}

const outcomes: readonly string[] = ['answered', 'limit', 'cancelled', 'failed'] satisfies readonly RunOutcome[];
const agreements: readonly string[] = ['agrees', 'disagrees', 'weaker', 'cannot-tell'] satisfies readonly Agreement[];

/** What the front matter says of a run. `codeHash` is the SHA-256 of the code in hexadecimal digits. */
export function summaryOf(run: Run, codeHash?: string): NoteSummary {
  const { code, task, question } = run.request;
  const { totals, verdict, outcome } = run;
  return {
    version: noteVersion,
    question: oneLine(question),
    date: run.startedAt,
    task,
    model: run.model.id,
    provider: run.model.vendor,
    ...(code === undefined ? {} : { source: code.path, startLine: code.range.startLine, endLine: code.range.endLine }),
    ...(code?.symbol === undefined ? {} : { symbol: code.symbol }),
    ...(codeHash === undefined ? {} : { hash: `sha256:${codeHash}` }),
    steps: run.steps.length,
    ...(totals === undefined
      ? {}
      : {
          seconds: seconds(totals.elapsedMs),
          thinkingSeconds: seconds(totals.thinkingMs),
          promptTokens: totals.usage.promptTokens,
          completionTokens: totals.usage.completionTokens,
          ...(totals.costUsd === undefined ? {} : { costUsd: Number(totals.costUsd.toPrecision(6)) }),
        }),
    result: outcome ?? 'running',
    ...(verdict === undefined || verdict.claim === '' ? {} : { claim: verdict.claim }),
    ...(verdict === undefined ? {} : { verdict: verdict.agreement }),
  };
}

/**
 * The text of some code over which its hash is taken: line ends and white space at the ends of lines do not count,
 * for neither changes what code does.
 */
export function codeToHash(code: string): string {
  return code.replace(/\r\n?/g, '\n').replace(/[^\S\n]+$/gm, '').trimEnd();
}

/** The front matter of a note with its marks, without a line break at the end. */
export async function writeFrontMatter(summary: NoteSummary): Promise<string> {
  const { stringify } = await import('yaml');
  const { version, question, date, startLine, endLine, source, ...rest } = summary;
  const ordered = {
    stepwise: version,
    question,
    date: new Date(date).toISOString(),
    task: rest.task,
    model: rest.model,
    provider: rest.provider,
    source,
    lines: startLine === undefined ? undefined : `${String(startLine)}-${String(endLine ?? startLine)}`,
    symbol: rest.symbol,
    hash: rest.hash,
    steps: rest.steps,
    seconds: rest.seconds,
    'thinking-seconds': rest.thinkingSeconds,
    'prompt-tokens': rest.promptTokens,
    'completion-tokens': rest.completionTokens,
    'cost-usd': rest.costUsd,
    result: rest.result,
    claim: rest.claim,
    verdict: rest.verdict,
  };
  const known = Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== undefined));
  // No line may be folded or broken: each fact is one line, and no value can end the front matter.
  const yaml = stringify(known, { lineWidth: 0, blockQuote: false, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER, aliasDuplicateObjects: false });
  return `---\n${yaml.trimEnd()}\n---`;
}

/** Most characters of a note in which its front matter must end. */
const frontMatterLimit = 20_000;

/** What the front matter of a note says; undefined for a file that is no note of Stepwise. Reads the beginning only. */
export async function readFrontMatter(note: string): Promise<NoteSummary | undefined> {
  const head = note.slice(0, frontMatterLimit).replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const yaml = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(head)?.[1];
  if (yaml === undefined || !/^stepwise:/m.test(yaml)) {
    return undefined;
  }
  const { parse } = await import('yaml');
  try {
    const value: unknown = parse(yaml, { schema: 'core', maxAliasCount: 0 });
    return typeof value === 'object' && value !== null ? summaryFrom(value as Record<string, unknown>) : undefined;
  } catch {
    // Not YAML any more, whatever it was: a note without a readable head is not listed.
    return undefined;
  }
}

function summaryFrom(values: Readonly<Record<string, unknown>>): NoteSummary | undefined {
  const date = Date.parse(String(values['date']));
  const task = taskKinds.find((kind) => kind === values['task']);
  const version = values['stepwise'];
  if (typeof version !== 'number' || Number.isNaN(date) || task === undefined) {
    return undefined;
  }
  const text = (key: string): string | undefined => {
    const value = values[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const number = (key: string): number | undefined => {
    const value = values[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const lines = /^(\d{1,9})-(\d{1,9})$/.exec(text('lines') ?? '');
  const result = text('result') ?? '';
  const verdict = text('verdict') ?? '';
  return defined({
    version,
    question: text('question') ?? '',
    date,
    task,
    model: text('model') ?? '',
    provider: text('provider') ?? '',
    source: text('source'),
    startLine: lines === null ? undefined : Number(lines[1]),
    endLine: lines === null ? undefined : Number(lines[2]),
    symbol: text('symbol'),
    hash: text('hash'),
    steps: number('steps') ?? 0,
    seconds: number('seconds'),
    thinkingSeconds: number('thinking-seconds'),
    promptTokens: number('prompt-tokens'),
    completionTokens: number('completion-tokens'),
    costUsd: number('cost-usd'),
    result: outcomes.includes(result) ? (result as RunOutcome) : 'running',
    claim: text('claim'),
    verdict: agreements.includes(verdict) ? (verdict as Agreement) : undefined,
  });
}

/** A summary whose unknown facts are left out. */
function defined(values: { readonly [Key in keyof NoteSummary]-?: NoteSummary[Key] | undefined }): NoteSummary {
  // The required keys are given above by the type of each of them.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as unknown as NoteSummary;
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
