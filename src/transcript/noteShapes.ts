import type { ErrorData } from '../core/errors';
import type { RunTotals } from '../core/events';
import type { ModelInfo, RateLimits, TokenUsage } from '../core/model';
import type { CodeExcerpt, EarlierStep, LineRange, ReasoningRequest, RunParent, SourceReference } from '../core/request';
import { taskKinds } from '../core/request';
import type { Run, RunAction, RunNotice, RunStep, RunWait } from '../core/run';
import type { ClaimVerdict } from '../core/verdict';

/*
 * The shapes of the facts in a note. A note is a file that anybody may have written: what has not the shape is
 * refused before any view sees it.
 */

/** Facts of an excerpt; its text stands in the note for itself. */
export type ExcerptFacts = Omit<CodeExcerpt, 'text'>;

/** Facts of a run that are known at its start. `earlierSteps` as a number: so many first steps of the run. */
export type RunFacts = Pick<Run, 'id' | 'startedAt' | 'protocol' | 'maxIterations' | 'model'> & {
  readonly request: Omit<ReasoningRequest, 'question' | 'code' | 'attachments' | 'earlierSteps'> & {
    readonly question?: string;
    readonly code?: ExcerptFacts;
    readonly attachments?: readonly ExcerptFacts[];
    readonly earlierSteps?: readonly EarlierStep[] | number;
  };
};

/** Facts of a step; thought, arguments and observations stand for themselves. */
export type StepFacts = Pick<RunStep, 'index' | 'kind' | 'state' | 'startedAt' | 'title' | 'thinkingMs' | 'usage' | 'notices' | 'wait'> & {
  readonly actions: readonly Omit<RunAction, 'args' | 'observation'>[];
  /** Given where the step streamed the final answer: the white space around it. */
  readonly aroundAnswer?: { readonly before: string; readonly after: string };
};

/** Facts of how a run ended. */
export type EndingFacts = Pick<Run, 'outcome' | 'endedAt' | 'totals' | 'verdict' | 'limits' | 'error'>;

type Shape<Value> = (value: unknown) => value is Value;
/** A shape for every property; those of optional ones accept undefined. */
type Shapes<Value> = { readonly [Key in keyof Value]-?: (value: unknown) => boolean };

const text: Shape<string> = (value) => typeof value === 'string';
const number: Shape<number> = (value) => typeof value === 'number';
const flag: Shape<boolean> = (value) => typeof value === 'boolean';

/** True for an object that is no array. */
export const isRecord: Shape<Record<string, unknown>> = (value): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (value): value is Value | undefined => value === undefined || shape(value);
}

function list<Value>(shape: Shape<Value>): Shape<Value[]> {
  return (value): value is Value[] => Array.isArray(value) && value.every(shape);
}

function oneOf<Value extends string>(...values: readonly Value[]): Shape<Value> {
  return (value): value is Value => values.some((known) => known === value);
}

function object<Value extends object>(shapes: Shapes<Value>): Shape<Value> {
  return (value): value is Value =>
    isRecord(value) && Object.entries<(item: unknown) => boolean>(shapes).every(([key, shape]) => shape(Object.hasOwn(value, key) ? value[key] : undefined));
}

const range = object<LineRange>({ startLine: number, endLine: number });
const reference = object<SourceReference>({ path: text, range: optional(range) });
const excerpt = object<ExcerptFacts>({ uri: text, path: text, languageId: text, range, symbol: optional(text) });
const usage = object<TokenUsage>({ promptTokens: number, completionTokens: number, cachedTokens: optional(number), estimated: optional(flag) });
const error = object<ErrorData>({ code: text, message: text, remedy: optional(text), alternatives: optional(list(text)) });

const model = object<ModelInfo>({
  id: text,
  vendor: oneOf('built-in', 'groq', 'openai-compatible', 'vscode'),
  label: text,
  contextTokens: optional(number),
  maxOutputTokens: optional(number),
  nativeTools: optional(flag),
  jsonMode: optional(flag),
  strictSchema: optional(flag),
  price: optional(isRecord),
});

const message = object<{ readonly role: string; readonly content: string }>({ role: oneOf('system', 'user', 'assistant', 'tool'), content: text });
const earlierStep = object<EarlierStep>({
  title: text,
  thought: text,
  actions: list(object<EarlierStep['actions'][number]>({ tool: text, args: isRecord, observation: text, isError: flag })),
});

const parent = object<RunParent>({
  kind: oneOf('fork', 'retry', 'go-deeper', 'follow-up'), runId: text, step: optional(number), edited: optional(flag),
});

const protocol = oneOf('xml', 'json-steps', 'native', 'text');

/** True for the facts that a note has of its run. */
export const runShape = object<RunFacts>({
  id: text,
  startedAt: number,
  protocol,
  maxIterations: number,
  model,
  request: object<RunFacts['request']>({
    task: oneOf(...taskKinds),
    question: optional(text),
    code: optional(excerpt),
    attachments: optional(list(excerpt)),
    history: optional(list(message)),
    earlierSteps: (value) => value === undefined || number(value) || list(earlierStep)(value),
    parent: optional(parent),
    options: optional(isRecord),
  }),
});

/** True for the facts that a note has of a step. */
export const stepShape = object<StepFacts>({
  index: number,
  kind: oneOf('turn', 'final-answer'),
  state: oneOf('thinking', 'acting', 'done'),
  startedAt: number,
  title: text,
  thinkingMs: number,
  usage,
  notices: list(object<RunNotice>({ code: text, message: text })),
  wait: optional(object<RunWait>({ waitMs: number, attempt: number, reason: error })),
  actions: list(
    object<StepFacts['actions'][number]>({
      callId: text, tool: text, summary: text, isError: flag, cached: flag, elapsedMs: number, references: list(reference),
    }),
  ),
  aroundAnswer: optional(object<{ before: string; after: string }>({ before: text, after: text })),
});

/** True for the facts that a note has of the end of its run. */
export const endingShape = object<EndingFacts>({
  outcome: optional(oneOf('answered', 'limit', 'cancelled', 'failed')),
  endedAt: optional(number),
  totals: optional(object<RunTotals>({ elapsedMs: number, thinkingMs: number, steps: number, usage, costUsd: optional(number) })),
  verdict: optional(
    object<ClaimVerdict>({
      agreement: oneOf('agrees', 'disagrees', 'weaker', 'cannot-tell'),
      claim: text,
      derived: text,
      claimClass: optional(text),
      derivedClass: optional(text),
      explanation: text,
    }),
  ),
  limits: optional(
    object<RateLimits>({
      requestsLimit: optional(number),
      requestsLeft: optional(number),
      requestsResetMs: optional(number),
      tokensLimit: optional(number),
      tokensLeft: optional(number),
      tokensResetMs: optional(number),
    }),
  ),
  error: optional(error),
});

const wholeExcerpt = object<CodeExcerpt>({ uri: text, path: text, languageId: text, text, range, symbol: optional(text) });
const wholeAction = object<RunAction>({
  callId: text, tool: text, args: isRecord, summary: text, observation: optional(text), isError: flag, cached: flag, elapsedMs: number, references: list(reference),
});
const wholeStep = object<RunStep>({
  index: number,
  kind: oneOf('turn', 'final-answer'),
  state: oneOf('thinking', 'acting', 'done'),
  startedAt: number,
  title: text,
  thought: text,
  answer: text,
  thinkingMs: number,
  usage,
  notices: list(object<RunNotice>({ code: text, message: text })),
  wait: optional(object<RunWait>({ waitMs: number, attempt: number, reason: error })),
  actions: list(wholeAction),
});

/** True for a run as plain data, as an exported file has it. */
export const wholeRunShape: Shape<Run> = (value): value is Run => isRecord(value) && endingShape(value) && object<Omit<Run, keyof EndingFacts>>({
  id: text,
  startedAt: number,
  protocol,
  maxIterations: number,
  model,
  answer: text,
  steps: list(wholeStep),
  request: object<ReasoningRequest>({
    task: oneOf(...taskKinds),
    question: text,
    code: optional(wholeExcerpt),
    attachments: optional(list(wholeExcerpt)),
    history: optional(list(message)),
    earlierSteps: optional(list(earlierStep)),
    parent: optional(parent),
    options: optional(isRecord),
  }),
})(value);
