import type { ModelPrice, TokenUsage } from '../core/model';

/** What a usage costs at list price, in US dollars; undefined without a price. */
export function costOf(usage: TokenUsage, price: ModelPrice | undefined): number | undefined {
  if (price === undefined) {
    return undefined;
  }
  const cached = usage.cachedTokens ?? 0;
  const fresh = usage.promptTokens - cached;
  const input = fresh * price.input + cached * (price.cachedInput ?? price.input);
  return (input + usage.completionTokens * price.output) / 1_000_000;
}
