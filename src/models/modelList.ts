import type { ModelInfo } from '../core/model';
import { compareModelIds, isChatModelId, knownOf } from './catalog';
import { isRecord, listAt, numberAt, recordAt, stringAt, type JsonRecord } from './json';

/** A server's list of models, without those that are switched off or do not chat; best first. */
export function mapModelList(vendor: 'groq' | 'openai-compatible', value: unknown): ModelInfo[] {
  const entries = isRecord(value) ? listAt(value, 'data') : Array.isArray(value) ? (value as readonly unknown[]) : [];
  const models: ModelInfo[] = [];
  for (const entry of entries) {
    const id = isRecord(entry) ? stringAt(entry, 'id') : undefined;
    if (isRecord(entry) && id !== undefined && entry['active'] !== false && isChatModelId(id)) {
      models.push({ id, vendor, label: id, ...knownOf(vendor, id), ...statedLimits(entry) });
    }
  }
  return models.sort((first, second) => compareModelIds(first.id, second.id));
}

/** Limits by the names that Groq, vLLM, OpenRouter, Mistral and llama.cpp give them. */
function statedLimits(entry: JsonRecord): { contextTokens?: number; maxOutputTokens?: number } {
  const meta = recordAt(entry, 'meta');
  const contextTokens =
    numberAt(entry, 'context_window') ??
    numberAt(entry, 'max_model_len') ??
    numberAt(entry, 'context_length') ??
    numberAt(entry, 'max_context_length') ??
    (meta === undefined ? undefined : numberAt(meta, 'n_ctx'));
  const maxOutputTokens = numberAt(entry, 'max_completion_tokens');
  return {
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}
