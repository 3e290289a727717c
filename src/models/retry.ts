import { errorData, StepwiseError, type ErrorCode } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelChunk, ModelRequest } from '../core/model';
import { sleep, systemClock, type Clock } from './clock';
import { cancelledError } from './failures';

export interface RetryOptions {
  /** Tries of one call, the first included; 3 if left out. */
  readonly attempts?: number;
  /** Longest single wait in ms that is worth it; 60 s if left out. A server that asks for more ends the call. */
  readonly longestWaitMs?: number;
  readonly clock?: Clock;
}

/** Longest wait before the second try where the server asks for none, in ms; doubled for each further one. */
const firstBackoffMs = 1000;
const longestBackoffMs = 16_000;
/** A reply that may not be longer than this is not worth asking for. */
const leastOutputTokens = 128;
/** Added to what a server says is too much: its count and ours differ a little. */
const shrinkMargin = 32;

const retryable: ReadonlySet<ErrorCode> = new Set([
  'rate-limited', 'over-capacity', 'server-error', 'unreachable', 'stream-stalled', 'stream-broken',
]);

/**
 * Tries a failed call again where that can help: with a wait that doubles and is drawn at random (full jitter), or
 * as long as the server asks. A request that is too large is sent once more with less room for the reply. Each wait
 * is a `wait` chunk, and `restart` follows it where part of a reply had been shown. An abort ends a wait at once.
 *
 * Signs of life (empty `text`) end here.
 */
export function withRetry(model: ChatModel, options: RetryOptions = {}): ChatModel {
  return { info: model.info, stream: (request, signal) => tryAgain(model, request, signal, options) };
}

async function* tryAgain(
  model: ChatModel,
  request: ModelRequest,
  signal: AbortSignal,
  options: RetryOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  const clock = options.clock ?? systemClock;
  const attempts = options.attempts ?? 3;
  let current = request;
  for (let attempt = 1; ; attempt += 1) {
    let shown = false;
    let failure: StepwiseError | undefined;
    for await (const chunk of model.stream(current, signal)) {
      if (chunk.type === 'error') {
        failure = chunk.error;
        break;
      }
      if (chunk.type === 'text' || chunk.type === 'reasoning') {
        if (chunk.text === '') {
          continue;
        }
        shown = true;
      } else if (chunk.type === 'tool-call') {
        shown = true;
      }
      yield chunk;
      if (chunk.type === 'finish') {
        return;
      }
    }
    failure ??= new StepwiseError('stream-broken', t('The reply of {0} broke off. Try again.', model.info.label), { remedy: 'retry' });
    const plan = signal.aborted ? undefined : planRetry(failure, current, request, attempt, attempts, options, clock);
    if (plan === undefined) {
      yield { type: 'error', error: signal.aborted ? cancelledError() : finalError(failure, current) };
      return;
    }
    yield { type: 'wait', waitMs: plan.waitMs, attempt: attempt + 1, reason: errorData(failure) };
    if (!(await sleep(plan.waitMs, signal, clock))) {
      yield { type: 'error', error: cancelledError() };
      return;
    }
    if (shown) {
      yield { type: 'restart' };
    }
    current = plan.request;
  }
}

interface Plan {
  readonly waitMs: number;
  readonly request: ModelRequest;
}

function planRetry(
  failure: StepwiseError,
  current: ModelRequest,
  original: ModelRequest,
  attempt: number,
  attempts: number,
  options: RetryOptions,
  clock: Clock,
): Plan | undefined {
  if (attempt >= attempts) {
    return undefined;
  }
  if (failure.code === 'request-too-large') {
    const smaller = current === original ? shrink(current, failure.excessTokens) : undefined;
    return smaller === undefined ? undefined : { waitMs: 0, request: smaller };
  }
  if (!retryable.has(failure.code)) {
    return undefined;
  }
  const longestWaitMs = options.longestWaitMs ?? 60_000;
  const ceiling = Math.min(firstBackoffMs * 2 ** (attempt - 1), longestBackoffMs, longestWaitMs);
  const jitterMs = Math.ceil(clock.random() * ceiling);
  if (failure.retryAfterMs === undefined) {
    return { waitMs: jitterMs, request: current };
  }
  // A little later than asked, so that many who wait do not come back in the same instant.
  return failure.retryAfterMs > longestWaitMs
    ? undefined
    : { waitMs: Math.min(longestWaitMs, Math.ceil(failure.retryAfterMs + jitterMs / 4)), request: current };
}

/** The request with room for the reply cut by what was too much; undefined where that leaves no room. */
function shrink(request: ModelRequest, excessTokens: number | undefined): ModelRequest | undefined {
  if (excessTokens === undefined || request.maxOutputTokens === undefined) {
    return undefined;
  }
  const maxOutputTokens = request.maxOutputTokens - excessTokens - shrinkMargin;
  return maxOutputTokens < leastOutputTokens ? undefined : { ...request, maxOutputTokens };
}

function finalError(failure: StepwiseError, request: ModelRequest): StepwiseError {
  const { excessTokens } = failure;
  const promptAlone =
    failure.code === 'request-too-large' &&
    excessTokens !== undefined &&
    request.maxOutputTokens !== undefined &&
    excessTokens >= request.maxOutputTokens - leastOutputTokens;
  if (!promptAlone) {
    return failure;
  }
  return new StepwiseError(
    'request-too-large',
    t('The prompt alone is too large: it leaves no room for a reply (the request is {0} tokens over the limit). Select less code or choose a model with a larger limit.', excessTokens),
    { cause: failure, excessTokens, ...(failure.status === undefined ? {} : { status: failure.status }) },
  );
}
