import type { ErrorData } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelChunk, ModelRequest, RateLimits } from '../core/model';
import { formatDuration } from '../core/text';
import { sleep, systemClock, type Clock } from './clock';
import { cancelledError } from './failures';
import { createTokenEstimator, type TokenEstimator } from './tokenEstimate';

/** What a limit allows now and how it fills up again. */
interface Allowance {
  limit: number;
  left: number;
  /** Units that come back in each ms. */
  refillPerMs: number;
  /** When `left` was true, in ms of the clock. */
  at: number;
}

/** What is known of one model's limits. All runs that use the model share one. */
export interface BudgetState {
  readonly estimator: TokenEstimator;
  tokens: Allowance | undefined;
  requests: Allowance | undefined;
  /** Tokens of calls that are under way and that the server has not counted in a header yet. */
  reservedTokens: number;
  /** Calls likewise. */
  reservedRequests: number;
  /** Prompt tokens that the server's cache held at the last call: they do not count against the limits. */
  cachedTokens: number;
  /** No call before this time, in ms of the clock: the server said so. */
  closedUntil: number;
}

/** The state of a model of which nothing is known. */
export function createBudgetState(): BudgetState {
  return {
    estimator: createTokenEstimator(), tokens: undefined, requests: undefined,
    reservedTokens: 0, reservedRequests: 0, cachedTokens: 0, closedUntil: 0,
  };
}

export interface BudgetOptions {
  readonly state: BudgetState;
  /**
   * Room for a reply that is worth a call, in tokens; 2,048 if left out. With that much the reply's limit is cut to
   * what is left of the minute rather than waited for.
   */
  readonly comfortableOutputTokens?: number;
  /** Longest wait in ms that the governor chooses by itself; 65 s if left out. Past it the server decides. */
  readonly longestWaitMs?: number;
  readonly clock?: Clock;
}

/** A reply's limit is never cut below this. */
const leastOutputTokens = 256;
/** A shorter wait than this, in ms, is not worth its announcement: limits are not that exact. */
const leastWaitMs = 25;
/** What estimates may fall short by. */
const estimateMargin = 1.05;

/**
 * Keeps calls under the limits per minute that a server's headers tell: cuts the room for the reply to what fits,
 * and where too little is left, waits for more (a `wait` chunk says how long) instead of being refused. Learns the
 * limits from every answer. Where the server reports no usage, the `usage` chunk is made of counted characters.
 */
export function withBudget(model: ChatModel, options: BudgetOptions): ChatModel {
  return { info: model.info, stream: (request, signal) => govern(model, request, signal, options) };
}

async function* govern(
  model: ChatModel,
  request: ModelRequest,
  signal: AbortSignal,
  options: BudgetOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  const { state } = options;
  const clock = options.clock ?? systemClock;
  const longestWaitMs = options.longestWaitMs ?? 65_000;
  const promptTokens = state.estimator.ofRequest(request);
  const guardedPrompt = Math.ceil(promptTokens * estimateMargin);
  const deadline = clock.now() + longestWaitMs;
  for (;;) {
    const waitMs = Math.ceil(waitFor(state, guardedPrompt, request, options, clock.now()));
    if (waitMs < leastWaitMs || clock.now() + waitMs > deadline) {
      break;
    }
    yield { type: 'wait', waitMs, attempt: 1, reason: waitReason(model, waitMs) };
    if (!(await sleep(waitMs, signal, clock))) {
      yield { type: 'error', error: cancelledError() };
      return;
    }
  }
  const fitted = fit(state, guardedPrompt, request, options, clock.now());
  const reserved = guardedPrompt + (fitted.maxOutputTokens ?? 0);
  state.reservedTokens += reserved;
  state.reservedRequests += 1;
  let counted = false;
  const count = (): void => {
    if (!counted) {
      counted = true;
      state.reservedTokens -= reserved;
      state.reservedRequests -= 1;
    }
  };
  let written = 0;
  let reported = false;
  try {
    for await (const chunk of model.stream(fitted, signal)) {
      switch (chunk.type) {
        case 'text':
        case 'reasoning':
          written += chunk.text.length;
          break;
        case 'tool-call':
          written += chunk.call.name.length + chunk.call.arguments.length;
          break;
        case 'limits':
          count();
          learnLimits(state, chunk.limits, clock.now());
          break;
        case 'usage':
          reported = true;
          state.cachedTokens = chunk.usage.cachedTokens ?? 0;
          state.estimator.calibrate(fitted, chunk.usage.promptTokens);
          break;
        case 'error':
          if (chunk.error.code === 'rate-limited' && chunk.error.retryAfterMs !== undefined) {
            state.closedUntil = Math.max(state.closedUntil, clock.now() + chunk.error.retryAfterMs);
          }
          break;
        case 'finish':
          if (!reported) {
            // 3.6 characters to a token: see the estimator.
            yield { type: 'usage', usage: { promptTokens, completionTokens: Math.ceil(written / 3.6), estimated: true } };
          }
          break;
        case 'wait':
        case 'restart':
          break;
      }
      yield chunk;
    }
  } finally {
    count();
  }
}

function waitReason(model: ChatModel, waitMs: number): ErrorData {
  return {
    code: 'rate-limited',
    message: t('The limit per minute of {0} is used up; going on in {1}.', model.info.label, formatDuration(waitMs)),
  };
}

/** Notes what headers said at the time `now`. */
function learnLimits(state: BudgetState, limits: RateLimits, now: number): void {
  state.tokens = learn(state.tokens, limits.tokensLimit, limits.tokensLeft, limits.tokensResetMs, now);
  state.requests = learn(state.requests, limits.requestsLimit, limits.requestsLeft, limits.requestsResetMs, now);
}

function learn(
  known: Allowance | undefined,
  limit: number | undefined,
  left: number | undefined,
  resetMs: number | undefined,
  now: number,
): Allowance | undefined {
  if (limit === undefined || limit === 0 || left === undefined) {
    return known;
  }
  // The reset says when all of it is back. Without one, the limit is taken as one per minute.
  const refillPerMs = resetMs !== undefined && resetMs > 0 && left < limit ? (limit - left) / resetMs : limit / 60_000;
  return { limit, left, refillPerMs, at: now };
}

/** How much of an allowance there is at the time `now`. */
function available(allowance: Allowance, now: number): number {
  return Math.min(allowance.limit, allowance.left + (now - allowance.at) * allowance.refillPerMs);
}

/** Ms until a call may be sent; 0 or less when it may now. */
function waitFor(state: BudgetState, promptTokens: number, request: ModelRequest, options: BudgetOptions, now: number): number {
  let waitMs = state.closedUntil - now;
  const { tokens, requests } = state;
  if (tokens !== undefined) {
    const comfortable = Math.min(options.comfortableOutputTokens ?? 2048, request.maxOutputTokens ?? Number.POSITIVE_INFINITY);
    const uncached = Math.max(0, promptTokens - state.cachedTokens);
    const needed = Math.min(tokens.limit, uncached + comfortable);
    const missing = needed - (available(tokens, now) - state.reservedTokens);
    waitMs = Math.max(waitMs, missing / tokens.refillPerMs);
  }
  if (requests !== undefined) {
    const missing = 1 - (available(requests, now) - state.reservedRequests);
    waitMs = Math.max(waitMs, missing / requests.refillPerMs);
  }
  return waitMs;
}

/** The request with its reply cut to what one request may take, and to what is left of the minute. */
function fit(state: BudgetState, promptTokens: number, request: ModelRequest, options: BudgetOptions, now: number): ModelRequest {
  const { tokens } = state;
  if (tokens === undefined) {
    return request;
  }
  const uncached = Math.max(0, promptTokens - state.cachedTokens);
  const leftNow = Math.floor(available(tokens, now) - state.reservedTokens - uncached);
  const comfortable = options.comfortableOutputTokens ?? 2048;
  const room = Math.min(tokens.limit - promptTokens, Math.max(leftNow, comfortable));
  const asked = request.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  return asked <= room ? request : { ...request, maxOutputTokens: Math.min(asked, Math.max(leastOutputTokens, room)) };
}
