import type { TokenUsage } from '../core/model';
import { isRecord, numberAt, recordAt } from './json';

/** A server's `usage` object; undefined where it is none or says nothing. */
export function mapUsage(value: unknown): TokenUsage | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const promptTokens = numberAt(value, 'prompt_tokens');
  const completionTokens = numberAt(value, 'completion_tokens');
  if (promptTokens === undefined && completionTokens === undefined) {
    return undefined;
  }
  const details = recordAt(value, 'prompt_tokens_details');
  // DeepSeek has its own field for what its cache held.
  const cachedTokens =
    (details === undefined ? undefined : numberAt(details, 'cached_tokens')) ?? numberAt(value, 'prompt_cache_hit_tokens') ?? 0;
  return {
    promptTokens: promptTokens ?? 0,
    completionTokens: completionTokens ?? 0,
    ...(cachedTokens > 0 ? { cachedTokens } : {}),
  };
}
