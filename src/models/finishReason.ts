import type { FinishReason } from '../core/model';

/**
 * A server's `finish_reason`. `failed` is for the ones by which servers admit that the reply is not complete;
 * undefined where the value is no reason (null while the reply goes on).
 */
export function mapFinishReason(value: unknown): FinishReason | 'failed' | undefined {
  if (typeof value !== 'string' || value === '') {
    return undefined;
  }
  switch (value) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length';
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'content_filter':
      return 'content-filter';
    // OpenRouter, vLLM and DeepSeek, in this order.
    case 'error':
    case 'abort':
    case 'insufficient_system_resource':
      return 'failed';
    default:
      return 'stop';
  }
}
