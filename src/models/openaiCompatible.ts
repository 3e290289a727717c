import type { OpenAI } from 'openai';
import type { ChatModel, ModelInfo } from '../core/model';
import { knownOf } from './catalog';
import { streamCompletion, type CompletionServer } from './chatCompletions';
import { alternativesFrom, clientSettings, readModelList, throwingFetch, type Fetch } from './clientLibrary';
import { systemClock, type Clock } from './clock';
import type { CallContext } from './failures';
import { createQuirks, type ServerQuirks } from './serverQuirks';

/** Which server: Ollama, LM Studio, vLLM, OpenAI or any other that speaks `/chat/completions`. */
export interface CompatibleOptions {
  /** The address up to and with its version, such as `http://localhost:11434/v1`; `/v1` is added where there is no path. */
  readonly baseUrl: string;
  /** Left out for servers that ask for none. */
  readonly key?: string;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
}

export interface CompatibleModelOptions extends CompatibleOptions {
  readonly id: string;
  /** What is known of the model beyond the catalog. */
  readonly info?: Partial<ModelInfo>;
  /** What the server was found to refuse; kept from call to call. */
  readonly quirks?: ServerQuirks;
}

/** A model at an OpenAI-compatible server, through `openai`, which is loaded at the first call. No retries: see `withRetry`. */
export function compatibleModel(options: CompatibleModelOptions): ChatModel {
  const info: ModelInfo = {
    id: options.id, vendor: 'openai-compatible', label: options.id, ...knownOf('openai-compatible', options.id), ...options.info,
  };
  const client = lazyClient(options);
  const server: CompletionServer = {
    info,
    context: contextOf(options, options.id),
    vendor: { askForUsage: true, extra: {} },
    quirks: options.quirks ?? createQuirks(maxTokensFieldOf(options.baseUrl)),
    clock: options.clock ?? systemClock,
    async send(body, signal) {
      const openai = await client();
      // The library's type is for OpenAI's own models; the body is checked by its own type.
      const parameters = body as unknown as Parameters<typeof openai.chat.completions.create>[0];
      return openai.chat.completions.create(parameters, { signal }).asResponse();
    },
    alternatives: (signal) => alternativesFrom(() => listCompatibleModels(options, signal), options.id),
  };
  return { info, stream: (request, signal) => streamCompletion(server, request, signal) };
}

/** The models of a server that chat, best first. Rejects with a `StepwiseError`. */
export async function listCompatibleModels(options: CompatibleOptions, signal: AbortSignal): Promise<ModelInfo[]> {
  const send = async (within: AbortSignal): Promise<Response> => {
    const openai = await lazyClient(options)();
    return openai.models.list({ signal: within }).asResponse();
  };
  return readModelList('openai-compatible', send, contextOf(options, ''), options.clock ?? systemClock, signal);
}

/** OpenAI's newer models refuse `max_tokens`; most other servers know only that. What is wrong is learned. */
export function maxTokensFieldOf(baseUrl: string): ServerQuirks['maxTokensField'] {
  return /\/\/api\.openai\.com(\/|:|$)/.test(baseUrl) ? 'max_completion_tokens' : 'max_tokens';
}

/** A base URL as people paste it, in the form that the library needs. */
export function normalizeBaseUrl(baseUrl: string): string {
  const trimmed = baseUrl.trim().replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  return URL.canParse(trimmed) && new URL(trimmed).pathname === '/' ? `${trimmed}/v1` : trimmed;
}

function lazyClient(options: CompatibleOptions): () => Promise<OpenAI> {
  let client: OpenAI | undefined;
  const key = (options.key ?? '').trim();
  return async () => {
    if (client === undefined) {
      const library = await import('openai');
      client ??= new library.OpenAI({
        ...clientSettings,
        baseURL: normalizeBaseUrl(options.baseUrl),
        fetch: throwingFetch(options.fetch),
        // The library insists on a key; the header is taken out again where there is none.
        apiKey: key === '' ? 'none' : key,
        ...(key === '' ? { defaultHeaders: { ...clientSettings.defaultHeaders, Authorization: null } } : {}),
        // Left out, these would be read from the environment and sent to whatever server this is.
        adminAPIKey: null,
        organization: null,
        project: null,
        webhookSecret: null,
      });
    }
    return client;
  };
}

function contextOf(options: CompatibleOptions, modelId: string): CallContext {
  const address = normalizeBaseUrl(options.baseUrl);
  const host = URL.canParse(address) ? new URL(address).host : address;
  const key = (options.key ?? '').trim();
  return { vendor: 'openai-compatible', server: host, host, modelId, secrets: key === '' ? [] : [key] };
}
