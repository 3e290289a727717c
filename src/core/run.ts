import type { ErrorData } from './errors';
import type { NoticeCode, ProtocolName, RunEvent, RunOutcome, RunTotals } from './events';
import type { ModelInfo, RateLimits, TokenUsage } from './model';
import { noUsage } from './model';
import type { ReasoningRequest, SourceReference } from './request';
import type { ToolArguments } from './tool';
import type { ClaimVerdict } from './verdict';

/** One call of a tool in a step. `observation` is undefined while it runs. */
export interface RunAction {
  readonly callId: string;
  readonly tool: string;
  readonly args: ToolArguments;
  readonly summary: string;
  observation?: string;
  isError: boolean;
  cached: boolean;
  elapsedMs: number;
  references: readonly SourceReference[];
}

/** A notice as a step keeps it. */
export interface RunNotice {
  readonly code: NoticeCode;
  readonly message: string;
}

/** A wait that is going on: until when (epoch ms by the clock of whoever reduces), and why. */
export interface RunWait {
  readonly waitMs: number;
  readonly attempt: number;
  readonly reason: ErrorData;
}

/** One step of a run. */
export interface RunStep {
  /** 1-based. */
  readonly index: number;
  readonly kind: 'turn' | 'final-answer';
  readonly startedAt: number;
  title: string;
  thought: string;
  /** Answer text that this step has streamed. */
  answer: string;
  actions: RunAction[];
  notices: RunNotice[];
  /** What the step waits for now. */
  wait?: RunWait;
  thinkingMs: number;
  usage: TokenUsage;
  state: 'thinking' | 'acting' | 'done';
}

/** The state of a run, which every view renders. Built by `reduceRun` alone. */
export interface Run {
  readonly id: string;
  readonly startedAt: number;
  readonly request: ReasoningRequest;
  readonly model: ModelInfo;
  protocol: ProtocolName;
  readonly maxIterations: number;
  steps: RunStep[];
  limits?: RateLimits;
  verdict?: ClaimVerdict;
  /** Undefined while the run goes on. */
  outcome?: RunOutcome;
  endedAt?: number;
  answer: string;
  error?: ErrorData;
  totals?: RunTotals;
}

/**
 * Applies one event to a run and returns it. The run is changed in place, so that a stream of n events costs n;
 * a view that needs to know what changed looks at the event. `undefined` is the state before `run-start`; an
 * event for a step that never started is dropped.
 */
export function reduceRun(run: Run | undefined, event: RunEvent): Run | undefined {
  if (event.type === 'run-start') {
    return {
      id: event.runId,
      startedAt: event.at,
      request: event.request,
      model: event.model,
      protocol: event.protocol,
      maxIterations: event.maxIterations,
      steps: [],
      answer: '',
    };
  }
  if (run !== undefined) {
    apply(run, event);
  }
  return run;
}

/** The run that a list of events tells, or undefined where they do not begin with `run-start`. */
export function runFromEvents(events: Iterable<RunEvent>): Run | undefined {
  let run: Run | undefined;
  for (const event of events) {
    run = reduceRun(run, event);
  }
  return run;
}

function apply(run: Run, event: Exclude<RunEvent, { type: 'run-start' }>): void {
  switch (event.type) {
    case 'step-start':
      run.steps.push({
        index: event.step,
        kind: event.kind,
        startedAt: event.at,
        title: '',
        thought: '',
        answer: '',
        actions: [],
        notices: [],
        thinkingMs: 0,
        usage: noUsage,
        state: 'thinking',
      });
      return;
    case 'limits':
      run.limits = event.limits;
      return;
    case 'verdict':
      run.verdict = event.verdict;
      return;
    case 'run-end':
      endRun(run, event);
      return;
    default: {
      const step = findStep(run, event.step);
      if (step !== undefined) {
        applyToStep(step, event);
      }
    }
  }
}

type StepEvent = Exclude<RunEvent, { type: 'run-start' | 'step-start' | 'limits' | 'verdict' | 'run-end' }>;

function applyToStep(step: RunStep, event: StepEvent): void {
  if (event.type !== 'wait') {
    delete step.wait;
  }
  switch (event.type) {
    case 'step-reset':
      step.thought = '';
      step.answer = '';
      return;
    case 'thought-delta':
      step.thought += event.text;
      return;
    case 'answer-delta':
      step.answer += event.text;
      return;
    case 'thought-end':
      step.title = event.title;
      step.thought = event.thought;
      step.thinkingMs = event.thinkingMs;
      step.usage = event.usage;
      return;
    case 'action-start':
      step.state = 'acting';
      step.actions.push({
        callId: event.callId,
        tool: event.tool,
        args: event.args,
        summary: event.summary,
        isError: false,
        cached: false,
        elapsedMs: 0,
        references: [],
      });
      return;
    case 'action-end': {
      const action = step.actions.find((candidate) => candidate.callId === event.callId);
      if (action !== undefined) {
        action.observation = event.observation;
        action.isError = event.isError;
        action.cached = event.cached;
        action.elapsedMs = event.elapsedMs;
        action.references = event.references;
      }
      return;
    }
    case 'wait':
      step.wait = { waitMs: event.waitMs, attempt: event.attempt, reason: event.reason };
      return;
    case 'notice':
      step.notices.push({ code: event.code, message: event.message });
      return;
    case 'step-end':
      step.state = 'done';
      return;
  }
}

function endRun(run: Run, event: Extract<RunEvent, { type: 'run-end' }>): void {
  run.outcome = event.outcome;
  run.endedAt = event.at;
  run.answer = event.answer;
  run.totals = event.totals;
  if (event.error !== undefined) {
    run.error = event.error;
  }
  for (const step of run.steps) {
    step.state = 'done';
    delete step.wait;
  }
}

/** The step with that number: nearly always the last one. */
function findStep(run: Run, index: number): RunStep | undefined {
  for (let at = run.steps.length - 1; at >= 0; at -= 1) {
    const step = run.steps[at];
    if (step?.index === index) {
      return step;
    }
  }
  return undefined;
}
