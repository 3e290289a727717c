/** Stable names for everything that can go wrong: programs match these, never the message. */
export type ErrorCode =
  // models
  | 'no-key'
  | 'bad-key'
  | 'forbidden'
  | 'no-model'
  | 'model-not-found'
  | 'unreachable'
  | 'rate-limited'
  | 'over-capacity'
  | 'request-too-large'
  | 'bad-request'
  | 'server-error'
  | 'stream-stalled'
  | 'stream-broken'
  | 'content-filtered'
  | 'tool-use-failed'
  | 'budget-exceeded'
  | 'time-limit'
  // the protocol between model and loop
  | 'unreadable-reply'
  // what the person gave
  | 'empty-selection'
  | 'no-editor'
  | 'no-workspace'
  | 'binary-file'
  | 'file-too-large'
  | 'unknown-language'
  | 'untrusted-workspace'
  // the workspace
  | 'not-found'
  | 'outside-workspace'
  | 'secret-file'
  | 'bad-arguments'
  | 'unknown-tool'
  | 'tool-failed'
  | 'note-not-written'
  | 'not-written'
  | 'unreadable-note'
  // the rest
  | 'cancelled'
  | 'internal';

/** What a person can press to mend an error. */
export type ErrorRemedy = 'set-key' | 'choose-model' | 'open-settings' | 'retry' | 'open-folder' | 'manage-trust';

/** An error as plain data, as events, notes and the panel carry it. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** A sentence for the person, translated, that ends with what to do next. */
  readonly message: string;
  readonly remedy?: ErrorRemedy;
  /** Ids of models that could be used instead, where the code is `model-not-found`. */
  readonly alternatives?: readonly string[];
}

export interface StepwiseErrorOptions {
  readonly cause?: unknown;
  readonly remedy?: ErrorRemedy;
  readonly alternatives?: readonly string[];
  /** How long the server asked us to wait before another try, in ms. */
  readonly retryAfterMs?: number;
  /** HTTP status, where a server answered. */
  readonly status?: number;
  /** By how many tokens a request was over the limit, where the server said so. */
  readonly excessTokens?: number;
}

/** An expected failure: a stable code, a sentence for the person, and the cause for the log. */
export class StepwiseError extends Error {
  readonly code: ErrorCode;
  readonly remedy: ErrorRemedy | undefined;
  readonly alternatives: readonly string[] | undefined;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly excessTokens: number | undefined;

  constructor(code: ErrorCode, message: string, options: StepwiseErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StepwiseError';
    this.code = code;
    this.remedy = options.remedy;
    this.alternatives = options.alternatives;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.excessTokens = options.excessTokens;
  }
}

/** True for a `StepwiseError`, also one that another bundle of Stepwise made. */
export function isStepwiseError(error: unknown): error is StepwiseError {
  return error instanceof Error && error.name === 'StepwiseError' && 'code' in error;
}

/** Any thrown value as a `StepwiseError`; what is not expected becomes `internal` with the cause kept. */
export function toStepwiseError(error: unknown, fallback: ErrorCode = 'internal'): StepwiseError {
  if (isStepwiseError(error)) {
    return error;
  }
  return new StepwiseError(fallback, error instanceof Error ? error.message : String(error), { cause: error });
}

/** The part of an error that events, notes and views may carry. */
export function errorData(error: StepwiseError): ErrorData {
  return {
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.alternatives === undefined ? {} : { alternatives: error.alternatives }),
  };
}
