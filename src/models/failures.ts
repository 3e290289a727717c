import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { formatDuration } from '../core/text';
import type { ModelVendor } from '../core/model';
import { parseDuration } from './limitHeaders';
import { isRecord } from './json';
import type { ServerFault } from './serverFault';

/** What the sentences about a failure need to know of the call. */
export interface CallContext {
  readonly vendor: ModelVendor;
  /** The server's name for people: `Groq`, or the host of the base URL. */
  readonly server: string;
  /** Host and port that were called. */
  readonly host: string;
  readonly modelId: string;
  /** Texts that no message and no log may show. */
  readonly secrets: readonly string[];
}

/** The run was stopped. */
export function cancelledError(): StepwiseError {
  return new StepwiseError('cancelled', t('Stopped.'));
}

/** A reply that ended, or turned unreadable, before its end. */
export function brokenStreamError(context: CallContext, cause?: unknown): StepwiseError {
  return new StepwiseError('stream-broken', t('The connection to {0} broke before the reply was complete. Try again.', context.server), {
    remedy: 'retry',
    ...(cause === undefined ? {} : { cause: safeCause(cause, context) }),
  });
}

/** `text` without the key, and without anything else that looks like one. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    clean = secret === '' ? clean : clean.replaceAll(secret, '[key]');
  }
  return clean.replace(/\b(?:gsk|sk|pk|rk)[-_][\w*.-]{8,}/g, '[key]').replace(/\bBearer\s+\S+/gi, 'Bearer [key]');
}

/** The error for what a server said. `alternatives` are ids of models to use instead of one that is gone. */
export function failureOf(fault: ServerFault, context: CallContext, alternatives: readonly string[] = []): StepwiseError {
  const { status, code } = fault;
  const extra = {
    ...(status === undefined ? {} : { status }),
    cause: new Error(redact(`${String(status ?? 'in the stream')} ${code ?? fault.type ?? ''}: ${fault.message}`, context.secrets)),
  };
  const detail = redact(fault.message, context.secrets).slice(0, 300);
  const kind = classify(fault);
  switch (kind) {
    case 'bad-key':
      return new StepwiseError('bad-key', t('{0} does not accept the API key. Set a valid key.', context.server), {
        ...extra,
        remedy: 'set-key',
      });
    case 'no-credit':
      return new StepwiseError('forbidden', t('The account at {0} has no credit or quota left. Check its plan and billing, or choose another model.', context.server), {
        ...extra,
        remedy: 'choose-model',
      });
    case 'forbidden':
      return new StepwiseError('forbidden', t('{0} refuses this request: the key may not use {1}. Choose another model or another key.', context.server, context.modelId), {
        ...extra,
        remedy: 'choose-model',
      });
    case 'model-not-found':
      return new StepwiseError('model-not-found', t('{0} does not have the model {1} (any more). Choose another one.', context.server, context.modelId), {
        ...extra,
        remedy: 'choose-model',
        ...(alternatives.length > 0 ? { alternatives } : {}),
      });
    case 'no-endpoint':
      return new StepwiseError('bad-request', t('{0} has no chat service at this address. Check the base URL in the settings; it often ends in /v1.', context.host), {
        ...extra,
        remedy: 'open-settings',
      });
    case 'request-too-large': {
      const excessTokens = excessOf(fault.message);
      const message =
        excessTokens === undefined
          ? t('The request is too large for {0}. Select less code or choose a model with a larger limit.', context.modelId)
          : t('The request is {1} tokens too large for {0}. Select less code or choose a model with a larger limit.', context.modelId, excessTokens);
      return new StepwiseError('request-too-large', message, { ...extra, ...(excessTokens === undefined ? {} : { excessTokens }) });
    }
    case 'rate-limited': {
      const retryAfterMs = fault.retryAfterMs ?? statedWait(fault.message);
      const message =
        retryAfterMs === undefined
          ? t('The limit of requests or tokens at {0} is used up for now. Try again in a while.', context.server)
          : t('The limit of requests or tokens at {0} is used up for now. Try again in {1}.', context.server, formatDuration(retryAfterMs));
      return new StepwiseError('rate-limited', message, {
        ...extra,
        remedy: 'retry',
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    case 'over-capacity':
      return new StepwiseError('over-capacity', t('{0} is over capacity at the moment. Try again in a while or choose another model.', context.server), {
        ...extra,
        remedy: 'retry',
        ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
      });
    case 'content-filtered':
      return new StepwiseError('content-filtered', t('The content filter of {0} stopped the request. Change the question or choose another model.', context.server), extra);
    case 'tool-use-failed':
      return new StepwiseError('tool-use-failed', t('{0} could not make a tool call of what {1} wrote. Try again, or set another protocol.', context.server, context.modelId), {
        ...extra,
        remedy: 'retry',
      });
    case 'unreadable-reply':
      return new StepwiseError('unreadable-reply', t('{1} did not write valid JSON, so {0} gave no reply. Try again, or set another protocol.', context.server, context.modelId), {
        ...extra,
        remedy: 'retry',
      });
    case 'server-error':
      return new StepwiseError('server-error', t('{0} had an internal error. Try again in a while.', context.server), {
        ...extra,
        remedy: 'retry',
        ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
      });
    case 'bad-request':
      return new StepwiseError(
        'bad-request',
        detail === ''
          ? t('{0} did not accept the request. Check the model and its settings.', context.server)
          : t('{0} did not accept the request: {1} Check the model and its settings.', context.server, /[.!?]$/.test(detail) ? detail : `${detail}.`),
        { ...extra, remedy: 'open-settings' },
      );
  }
}

type FaultKind =
  | 'bad-key' | 'no-credit' | 'forbidden' | 'model-not-found' | 'no-endpoint' | 'request-too-large' | 'rate-limited'
  | 'over-capacity' | 'content-filtered' | 'tool-use-failed' | 'unreadable-reply' | 'server-error' | 'bad-request';

/** By code first, since the status is missing in mid-stream and the same code comes with several of them. */
function classify(fault: ServerFault): FaultKind {
  const byCode = classifyCode(fault.code, fault) ?? classifyCode(fault.type, fault);
  if (byCode !== undefined) {
    return byCode;
  }
  // Servers that give neither code nor type leave only the sentence.
  if (excessOf(fault.message) !== undefined || /context (length|window|size)|too many tokens/i.test(fault.message)) {
    return 'request-too-large';
  }
  if (/\bmodel\b.*\b(not found|does not exist|not exist|decommissioned)\b/i.test(fault.message)) {
    return 'model-not-found';
  }
  return classifyStatus(fault);
}

function classifyCode(code: string | undefined, fault: ServerFault): FaultKind | undefined {
  switch (code) {
    case 'invalid_api_key':
    case 'authentication_error':
    case 'invalid_authentication':
      return 'bad-key';
    case 'insufficient_quota':
    case 'billing_hard_limit_reached':
      return 'no-credit';
    case 'model_decommissioned':
    case 'model_not_found':
    case 'model_not_active':
      return 'model-not-found';
    case 'context_length_exceeded':
    case 'exceed_context_size_error':
    case 'request_too_large':
      return 'request-too-large';
    case 'rate_limit_exceeded':
    case 'rate_limit_error':
    case 'tokens':
    case 'requests':
      // The ceiling per minute is also one for a single request, which no waiting helps: OpenAI says so with 429.
      return fault.status === 413 || excessOf(fault.message) !== undefined ? 'request-too-large' : 'rate-limited';
    case 'capacity_exceeded':
    case 'over_capacity':
    case 'overloaded_error':
    case 'engine_overloaded':
      return 'over-capacity';
    case 'content_filter':
    case 'content_policy_violation':
      return 'content-filtered';
    case 'tool_use_failed':
      return 'tool-use-failed';
    case 'json_validate_failed':
      return 'unreadable-reply';
    default:
      return undefined;
  }
}

function classifyStatus(fault: ServerFault): FaultKind {
  const { status } = fault;
  switch (status) {
    case undefined:
      return fault.type === 'invalid_request_error' ? 'bad-request' : 'server-error';
    case 401:
      return 'bad-key';
    case 402:
      return 'no-credit';
    case 403:
      return 'forbidden';
    case 404:
    case 405:
      return 'no-endpoint';
    case 413:
      return 'request-too-large';
    case 429:
      return 'rate-limited';
    case 408:
    case 409:
    case 424:
    case 425:
    case 499:
      return 'server-error';
    case 498:
    case 503:
    case 529:
      return 'over-capacity';
    default:
      return status >= 500 ? 'server-error' : 'bad-request';
  }
}

/** By how many tokens a request was over a limit, as the sentences of Groq, OpenAI, vLLM and llama.cpp say it. */
export function excessOf(message: string): number | undefined {
  const patterns: readonly [RegExp, limitFirst: boolean][] = [
    [/Limit (\d+),(?: Used \d+,)? Requested (\d+)/i, true],
    [/maximum context length is (\d+) tokens.*?(?:requested|resulted in|has) (?:about )?(\d+)/is, true],
    [/request \((\d+) tokens\) exceeds the available context size \((\d+)/i, false],
  ];
  for (const [pattern, limitFirst] of patterns) {
    const match = pattern.exec(message);
    if (match !== null) {
      const [first, second] = [Number(match[1]), Number(match[2])];
      const excess = limitFirst ? second - first : first - second;
      return excess > 0 ? excess : undefined;
    }
  }
  return undefined;
}

/** The wait that a sentence such as "Please try again in 7.66s." asks for, in ms. */
function statedWait(message: string): number | undefined {
  const match = /try again in ((?:\d+(?:\.\d+)?(?:ms|[dhms]))+)/i.exec(message);
  return match?.[1] === undefined ? undefined : parseDuration(match[1]);
}

/** The error for a call that no server answered, or whose answer broke off (`started`). */
export function networkFailure(error: unknown, context: CallContext, started: boolean): StepwiseError {
  const code = networkCode(error) ?? '';
  const options = { cause: safeCause(error, context) };
  if (/(HEADERS|BODY)_TIMEOUT/.test(code) || (started && code === 'ETIMEDOUT')) {
    return new StepwiseError('stream-stalled', t('{0} has stopped sending. Try again.', context.server), { ...options, remedy: 'retry' });
  }
  if (started || code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') {
    return brokenStreamError(context, error);
  }
  if (code === 'ERR_INVALID_URL') {
    return new StepwiseError('bad-request', t('The base URL {0} is not a valid address. Check it in the settings.', context.host), {
      ...options,
      remedy: 'open-settings',
    });
  }
  const remedy = context.vendor === 'groq' ? 'retry' : 'open-settings';
  return new StepwiseError('unreachable', unreachableMessage(code, context), { ...options, remedy });
}

function unreachableMessage(code: string, context: CallContext): string {
  const { host } = context;
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL|ALTNAME/.test(code)) {
    return t('The certificate of {0} is not trusted. Check the proxy and certificate settings of VS Code.', host);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return t('{0} could not be found. Check the network, the proxy settings and the address.', host);
  }
  if (isLoopback(host)) {
    return host.endsWith(':11434')
      ? t('No server answers at {0}. Start Ollama (“ollama serve”) and try again.', host)
      : host.endsWith(':1234')
        ? t('No server answers at {0}. Start the server of LM Studio and try again.', host)
        : t('No server answers at {0}. Start it and try again.', host);
  }
  return t('{0} could not be reached. Check the network and the proxy settings, then try again.', host);
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
}

/** The first code such as `ECONNREFUSED` in an error, its causes and its parts. */
function networkCode(error: unknown, depth = 0): string | undefined {
  if (!isRecord(error) || depth > 5) {
    return undefined;
  }
  if (typeof error['code'] === 'string' && error['code'] !== '') {
    return error['code'];
  }
  const parts: unknown = error['errors'];
  return networkCode(error['cause'], depth + 1) ?? (Array.isArray(parts) ? networkCode(parts[0], depth + 1) : undefined);
}

/** The messages of an error and its causes in one plain error, without secrets, fit for a log. */
function safeCause(error: unknown, context: CallContext): Error {
  const messages: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current !== undefined && current !== null; depth += 1) {
    const message = current instanceof Error ? current.message : typeof current === 'string' ? current : '';
    if (message !== '' && !messages.includes(message)) {
      messages.push(message);
    }
    current = current instanceof Error ? current.cause : undefined;
  }
  const code = networkCode(error);
  return new Error(redact(`${messages.join(': ')}${code === undefined ? '' : ` (${code})`}`, context.secrets));
}
