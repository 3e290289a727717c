import type { Groq } from 'groq-sdk';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { ChatModel, ModelInfo } from '../core/model';
import { groqReasoningFields, knownOf } from './catalog';
import { streamCompletion, type CompletionServer } from './chatCompletions';
import { alternativesFrom, clientSettings, readModelList, throwingFetch, type Fetch } from './clientLibrary';
import { systemClock, type Clock } from './clock';
import type { CallContext } from './failures';
import { createQuirks, type ServerQuirks } from './serverQuirks';

/** Which of Groq's models, and how to reach it. */
export interface GroqOptions {
  readonly key: string;
  /** Where the service is, without its path `/openai/v1`; Groq's own address if left out. */
  readonly baseUrl?: string;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
}

export interface GroqModelOptions extends GroqOptions {
  readonly id: string;
  /** Whether the model's thinking is sent as well; true if left out. */
  readonly includeReasoning?: boolean;
  /** How long gpt-oss thinks. */
  readonly reasoningEffort?: 'low' | 'medium' | 'high';
  /** What is known of the model beyond the catalog. */
  readonly info?: Partial<ModelInfo>;
  /** What the server was found to refuse; kept from call to call. */
  readonly quirks?: ServerQuirks;
}

const groqAddress = 'https://api.groq.com';

/** A model at Groq, through `groq-sdk`, which is loaded at the first call. No retries: see `withRetry`. */
export function groqModel(options: GroqModelOptions): ChatModel {
  const info: ModelInfo = { id: options.id, vendor: 'groq', label: options.id, ...knownOf('groq', options.id), ...options.info };
  if (options.key.trim() === '') {
    return { info, stream: () => noKey() };
  }
  const client = lazyClient(options);
  const server: CompletionServer = {
    info,
    context: contextOf(options, options.id),
    vendor: {
      askForUsage: false,
      extra: {
        ...groqReasoningFields(options.id, options.includeReasoning ?? true),
        ...(options.reasoningEffort !== undefined && options.id.includes('gpt-oss') ? { reasoning_effort: options.reasoningEffort } : {}),
      },
    },
    quirks: options.quirks ?? createQuirks('max_completion_tokens'),
    clock: options.clock ?? systemClock,
    async send(body, signal) {
      const groq = await client();
      // The library's type knows fewer fields than the service; the body is checked by its own type.
      const parameters = body as unknown as Parameters<typeof groq.chat.completions.create>[0];
      return groq.chat.completions.create(parameters, { signal }).asResponse();
    },
    alternatives: (signal) => alternativesFrom(() => listGroqModels(options, signal), options.id),
  };
  return { info, stream: (request, signal) => streamCompletion(server, request, signal) };
}

/** The models that a key may use for chat, best first. Rejects with a `StepwiseError`. */
export async function listGroqModels(options: GroqOptions, signal: AbortSignal): Promise<ModelInfo[]> {
  if (options.key.trim() === '') {
    throw noKeyError();
  }
  const send = async (within: AbortSignal): Promise<Response> => {
    const groq = await lazyClient(options)();
    return groq.models.list({ signal: within }).asResponse();
  };
  return readModelList('groq', send, contextOf(options, ''), options.clock ?? systemClock, signal);
}

function lazyClient(options: GroqOptions): () => Promise<Groq> {
  let client: Groq | undefined;
  return async () => {
    if (client === undefined) {
      const library = await import('groq-sdk');
      client ??= new library.Groq({
        ...clientSettings,
        apiKey: options.key.trim(),
        baseURL: addressOf(options),
        fetch: throwingFetch(options.fetch),
      });
    }
    return client;
  };
}

function addressOf(options: GroqOptions): string {
  return (options.baseUrl ?? groqAddress).trim().replace(/\/+$/, '').replace(/\/openai\/v1$/, '');
}

function contextOf(options: GroqOptions, modelId: string): CallContext {
  const address = addressOf(options);
  const host = URL.canParse(address) ? new URL(address).host : address;
  return { vendor: 'groq', server: 'Groq', host, modelId, secrets: [options.key.trim()] };
}

function noKeyError(): StepwiseError {
  return new StepwiseError('no-key', t('There is no API key for Groq. Set one, or choose another model.'), { remedy: 'set-key' });
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* noKey(): ReturnType<typeof streamCompletion> {
  yield { type: 'error', error: noKeyError() };
}
