import type { RateLimits } from '../core/model';

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/**
 * Ms of a duration as servers write it: `2m59.56s`, `7.66s`, `120ms`, `1h2m3s`; a bare number means seconds.
 * Undefined where the text is none.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    return Number(trimmed) * 1000;
  }
  if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(trimmed)) {
    return undefined;
  }
  let total = 0;
  for (const part of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
    total += Number(part[1]) * (unitMs[part[2] ?? ''] ?? 0);
  }
  return total;
}

/** What the `x-ratelimit-*` headers say; undefined where a reply has none of them. */
export function mapLimitHeaders(headers: Headers): RateLimits | undefined {
  const limits = {
    requestsLimit: count(headers, 'x-ratelimit-limit-requests'),
    requestsLeft: count(headers, 'x-ratelimit-remaining-requests'),
    requestsResetMs: duration(headers, 'x-ratelimit-reset-requests'),
    tokensLimit: count(headers, 'x-ratelimit-limit-tokens'),
    tokensLeft: count(headers, 'x-ratelimit-remaining-tokens'),
    tokensResetMs: duration(headers, 'x-ratelimit-reset-tokens'),
  };
  const known = Object.entries(limits).filter((entry) => entry[1] !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/**
 * Ms that a server asks to wait before the next try: `retry-after-ms`, `retry-after` in seconds or as a date
 * (`wallNow` is the time since 1970 in ms), else the reset of a limit of which nothing is left.
 */
export function mapRetryAfter(headers: Headers, wallNow = Date.now()): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) {
    return ms;
  }
  const text = headers.get('retry-after');
  if (text !== null) {
    const wait = parseDuration(text) ?? Date.parse(text) - wallNow;
    if (Number.isFinite(wait)) {
      return Math.max(0, wait);
    }
  }
  const limits = mapLimitHeaders(headers);
  const resets = [
    limits?.requestsLeft === 0 ? limits.requestsResetMs : undefined,
    limits?.tokensLeft === 0 ? limits.tokensResetMs : undefined,
  ].filter((reset) => reset !== undefined);
  return resets.length === 0 ? undefined : Math.max(...resets);
}

function count(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function duration(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  return text === null ? undefined : parseDuration(text);
}
