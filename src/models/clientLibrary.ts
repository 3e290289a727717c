import { cancelledError, failureOf, networkFailure, type CallContext } from './failures';
import { sleep, type Clock } from './clock';
import { parseJson } from './json';
import { mapModelList } from './modelList';
import { faultOfHttp, HttpFailure } from './serverFault';
import { StepwiseError } from '../core/errors';
import type { ModelInfo } from '../core/model';

/** `fetch` as the platform has it; VS Code's carries its proxies and certificates. */
export type Fetch = typeof globalThis.fetch;

/** Headers by which the libraries tell servers of the machine they run on. */
const telltaleHeaders = ['Arch', 'Lang', 'OS', 'Package-Version', 'Retry-Count', 'Runtime', 'Runtime-Version', 'Timeout'];

/** Settings that both client libraries share: no retries, no waiting, no logging and no tales of their own. */
export const clientSettings = {
  maxRetries: 0,
  logLevel: 'off',
  // Silence is the watchdog's business; this is only the far end.
  timeout: 30 * 60_000,
  defaultHeaders: Object.fromEntries(telltaleHeaders.map((name) => [`X-Stainless-${name}`, null])),
} as const;

/**
 * A `fetch` that throws `HttpFailure` for a status of 400 or more. The libraries keep only a part of an error's body,
 * each another one; this keeps all of it. `fetch` is looked up at each call, since VS Code replaces it.
 */
export function throwingFetch(fetch: Fetch | undefined): Fetch {
  return async (input, init) => {
    const response = await (fetch ?? globalThis.fetch)(input, init);
    if (!response.ok) {
      throw new HttpFailure(response.status, response.headers, await response.text().catch(() => ''));
    }
    return response;
  };
}

/** How long a list of models may take, in ms. */
const listLimitMs = 10_000;
/** How many models an error names. */
const mostAlternatives = 12;

/** The models of a server, best first. Rejects with a `StepwiseError`. */
export async function readModelList(
  vendor: 'groq' | 'openai-compatible',
  send: (signal: AbortSignal) => Promise<Response>,
  context: CallContext,
  clock: Clock,
  signal: AbortSignal,
): Promise<ModelInfo[]> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal.addEventListener('abort', stop, { once: true });
  const ended = new AbortController();
  void sleep(listLimitMs, ended.signal, clock).then(() => controller.abort());
  try {
    if (signal.aborted) {
      throw cancelledError();
    }
    const response = await send(controller.signal);
    const value = parseJson(await response.text());
    if (value === undefined) {
      throw failureOf({ status: 404, message: '' }, context);
    }
    return mapModelList(vendor, value);
  } catch (error) {
    if (signal.aborted) {
      throw cancelledError();
    }
    if (error instanceof StepwiseError) {
      throw error;
    }
    const failure = error instanceof HttpFailure ? error : error instanceof Error ? error.cause : undefined;
    throw failure instanceof HttpFailure ? failureOf(faultOfHttp(failure), context) : networkFailure(error, context, false);
  } finally {
    signal.removeEventListener('abort', stop);
    ended.abort();
  }
}

/** Ids that could be used instead of `id`; empty where the list cannot be had. Never rejects. */
export async function alternativesFrom(list: () => Promise<readonly ModelInfo[]>, id: string): Promise<readonly string[]> {
  try {
    const models = await list();
    return models.map((model) => model.id).filter((other) => other !== id).slice(0, mostAlternatives);
  } catch {
    return [];
  }
}
