import type { ModelInfo, ModelVendor } from '../core/model';

/** What an id tells of a model beyond its name. */
export type ModelKnowledge = Omit<ModelInfo, 'id' | 'vendor' | 'label'>;

interface CatalogEntry {
  readonly pattern: RegExp;
  readonly knowledge: ModelKnowledge;
}

/** Limits and list prices per million tokens as Groq's model pages had them in mid 2026. */
const groqModels: readonly CatalogEntry[] = [
  {
    pattern: /^openai\/gpt-oss-120b$/,
    knowledge: {
      contextTokens: 131_072, maxOutputTokens: 65_536, nativeTools: true, jsonMode: true, strictSchema: true,
      price: { input: 0.15, output: 0.6, cachedInput: 0.075 },
    },
  },
  {
    pattern: /^openai\/gpt-oss-20b$/,
    knowledge: {
      contextTokens: 131_072, maxOutputTokens: 65_536, nativeTools: true, jsonMode: true, strictSchema: true,
      price: { input: 0.075, output: 0.3, cachedInput: 0.0375 },
    },
  },
  // Systems of several models, with tools of their own only.
  { pattern: /^(groq\/)?compound/, knowledge: { nativeTools: false, jsonMode: false, strictSchema: false } },
  { pattern: /llama-4|kimi-k2|qwen3|llama-3\.[13]/, knowledge: { nativeTools: true, jsonMode: true, strictSchema: false } },
];

/**
 * Models of OpenAI, also under an aggregator's `openai/` prefix. What a local server lets a model use of its
 * context is that server's setting, so that the open models below have none here.
 */
const compatibleModels: readonly CatalogEntry[] = [
  { pattern: /^(openai\/)?gpt-5(?!.*chat)/, knowledge: openAi(400_000, 128_000, true) },
  { pattern: /^(openai\/)?gpt-4\.1/, knowledge: openAi(1_047_576, 32_768, true) },
  { pattern: /^(openai\/)?(gpt-4o|chatgpt-4o)/, knowledge: openAi(128_000, 16_384, true) },
  { pattern: /^(openai\/)?(o1|o3|o4)(-|$)/, knowledge: openAi(200_000, 100_000, true) },
  { pattern: /^(openai\/)?gpt-4-turbo/, knowledge: openAi(128_000, 4_096, false) },
  { pattern: /^(openai\/)?gpt-3\.5-turbo/, knowledge: openAi(16_385, 4_096, false) },
  { pattern: /(^|\/)gpt-oss/, knowledge: { nativeTools: true } },
  // Families by the names that Ollama, LM Studio and vLLM give them; first those whose templates know no tools.
  {
    pattern: /(^|\/)(code)?(llama-?2|llama-?3([:-](8|70)b|:|$)|codellama|tinyllama|gemma-?[123]?([:-]|$)|phi-?[23]|phi-?4([:-]\d|$)|deepseek-(r1|coder)|starcoder|vicuna|orca|yi[:-]|solar)/i,
    knowledge: { nativeTools: false },
  },
  {
    pattern: /(^|\/)((meta-)?llama-?(3\.[123]|4)|qwen-?(2\.5|3)|mistral(-nemo|-small|-large|-medium)?([:-]|$)|ministral|devstral|codestral|command-(r|a)|hermes-?3|granite-?[34]|firefunction|glm-4|kimi-k2|deepseek-(v3|chat))/i,
    knowledge: { nativeTools: true },
  },
];

function openAi(contextTokens: number, maxOutputTokens: number, strictSchema: boolean): ModelKnowledge {
  return { contextTokens, maxOutputTokens, nativeTools: true, jsonMode: true, strictSchema };
}

/** What is known of a model by its id; empty where nothing is. */
export function knownOf(vendor: ModelVendor, id: string): ModelKnowledge {
  const entries = vendor === 'groq' ? groqModels : vendor === 'openai-compatible' ? compatibleModels : [];
  return entries.find((entry) => entry.pattern.test(id))?.knowledge ?? {};
}

/** The model that Groq is asked for where the person chose none. */
export const defaultGroqModel = 'openai/gpt-oss-120b';

/** Groq's fields for what a model thinks: gpt-oss sends it by default in a field of its own, others inside the text. */
export function groqReasoningFields(id: string, includeReasoning: boolean): Readonly<Record<string, unknown>> {
  if (id.includes('gpt-oss')) {
    return { include_reasoning: includeReasoning };
  }
  return /qwen3|deepseek-r1|qwq/.test(id) ? { reasoning_format: includeReasoning ? 'parsed' : 'hidden' } : {};
}

/** Ids of models that do not chat: speech, pictures, embeddings, guards. */
const otherKinds =
  /whisper|(^|[-_/])(tts|stt|asr)([-_/]|$)|speech|transcri|orpheus|playai|embed|rerank|guard|moderation|dall-e|image|sora|realtime|audio|davinci|babbage|(^|\/)bge-|(^|\/)clip-|diffusion|flux/i;

/** False for models that no conversation can be had with. */
export function isChatModelId(id: string): boolean {
  return !otherKinds.test(id);
}

/** Order for people: what is known to work well first, then by name. */
export function compareModelIds(first: string, second: string): number {
  return rank(first) - rank(second) || first.localeCompare(second, 'en');
}

function rank(id: string): number {
  const preferred = [/^openai\/gpt-oss-120b$/, /^openai\/gpt-oss-20b$/, /gpt-oss/, /kimi|qwen3|gpt-5|gpt-4\.1|llama-4|llama3\.3|qwen2\.5-coder/];
  const found = preferred.findIndex((pattern) => pattern.test(id));
  return found === -1 ? preferred.length : found;
}
