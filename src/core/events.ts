import type { ErrorData } from './errors';
import type { ModelInfo, RateLimits, TokenUsage } from './model';
import type { ReasoningRequest, SourceReference } from './request';
import type { ToolArguments } from './tool';
import type { ClaimVerdict } from './verdict';

/** How a run ended. `limit`: with an answer asked for at the step, time or token limit. */
export type RunOutcome = 'answered' | 'limit' | 'cancelled' | 'failed';

/** The protocol in use, once it is decided. */
export type ProtocolName = 'xml' | 'json-steps' | 'native' | 'text';

/** Something worth knowing that did not end the run. */
export type NoticeCode =
  | 'repeated-call'
  | 'repair'
  | 'protocol-changed'
  | 'history-shortened'
  | 'limit-reached'
  | 'recovered'
  | 'model-fallback'
  | 'paused'
  | 'truncated';

/** Sums over a run. Times in ms. */
export interface RunTotals {
  /** Wall time from start to end. */
  readonly elapsedMs: number;
  /** Time in which the model was thinking or writing. */
  readonly thinkingMs: number;
  readonly steps: number;
  readonly usage: TokenUsage;
  /** At list price, where the model has one. */
  readonly costUsd?: number;
}

/**
 * What happens in a run, in order. A run begins with `run-start` and ends with exactly one `run-end`. Steps are
 * numbered from 1. Times of day are epoch ms, durations ms. The events alone are enough to rebuild the run.
 */
export type RunEvent =
  | {
      readonly type: 'run-start';
      readonly runId: string;
      readonly at: number;
      readonly request: ReasoningRequest;
      readonly model: ModelInfo;
      readonly protocol: ProtocolName;
      readonly maxIterations: number;
    }
  | { readonly type: 'step-start'; readonly step: number; readonly at: number; readonly kind: 'turn' | 'final-answer' }
  /** What the step has shown so far is void: the reply comes again. */
  | { readonly type: 'step-reset'; readonly step: number }
  | { readonly type: 'thought-delta'; readonly step: number; readonly text: string }
  | { readonly type: 'answer-delta'; readonly step: number; readonly text: string }
  /** The model's turn is over: `title` and `thought` are final, `thinkingMs` is the time until the last chunk. */
  | {
      readonly type: 'thought-end';
      readonly step: number;
      readonly title: string;
      readonly thought: string;
      readonly thinkingMs: number;
      readonly usage: TokenUsage;
    }
  | {
      readonly type: 'action-start';
      readonly step: number;
      /** Unique within the run. */
      readonly callId: string;
      readonly tool: string;
      readonly args: ToolArguments;
      /** What the call does, for the person. */
      readonly summary: string;
    }
  | {
      readonly type: 'action-end';
      readonly step: number;
      readonly callId: string;
      readonly observation: string;
      readonly isError: boolean;
      /** Answered from an equal call before. */
      readonly cached: boolean;
      readonly elapsedMs: number;
      readonly references: readonly SourceReference[];
    }
  | { readonly type: 'step-end'; readonly step: number; readonly at: number }
  | { readonly type: 'wait'; readonly step: number; readonly waitMs: number; readonly attempt: number; readonly reason: ErrorData }
  | { readonly type: 'limits'; readonly limits: RateLimits }
  | { readonly type: 'notice'; readonly step: number; readonly code: NoticeCode; readonly message: string }
  | { readonly type: 'verdict'; readonly verdict: ClaimVerdict }
  | {
      readonly type: 'run-end';
      readonly at: number;
      readonly outcome: RunOutcome;
      /** The final answer as Markdown; empty only when cancelled or failed before one could be had. */
      readonly answer: string;
      readonly error?: ErrorData;
      readonly totals: RunTotals;
    };

/** Takes the events of a run. One that throws is dropped, and the run goes on. */
export type RunSink = (event: RunEvent) => void;
