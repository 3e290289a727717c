import { describe, expect, test } from 'vitest';
import { mapLimitHeaders, mapRetryAfter, parseDuration } from '../../../src/models/limitHeaders';

describe('durations', () => {
  test.each([
    ['2m59.56s', 179_560],
    ['7.66s', 7660],
    ['120ms', 120],
    ['1h2m3s', 3_723_000],
    ['1d', 86_400_000],
    ['6m0s', 360_000],
    ['0s', 0],
    [' 12 ', 12_000],
    ['1.5', 1500],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBeCloseTo(ms, 6));

  test.each(['', 'soon', '-3s', '3 s', '5x', 's'])('%j is none', (text) => expect(parseDuration(text)).toBeUndefined());
});

describe('limits', () => {
  test('all six', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '1000',
      'x-ratelimit-remaining-requests': '999',
      'x-ratelimit-reset-requests': '1m26.4s',
      'x-ratelimit-limit-tokens': '8000',
      'x-ratelimit-remaining-tokens': '7312',
      'x-ratelimit-reset-tokens': '5.16s',
    });
    expect(mapLimitHeaders(headers)).toEqual({
      requestsLimit: 1000, requestsLeft: 999, requestsResetMs: 86_400, tokensLimit: 8000, tokensLeft: 7312, tokensResetMs: 5160,
    });
  });

  test('only what is there and readable', () => {
    expect(mapLimitHeaders(new Headers({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-limit-tokens': 'many' }))).toEqual({ tokensLeft: 0 });
    expect(mapLimitHeaders(new Headers({ 'content-type': 'text/plain' }))).toBeUndefined();
  });
});

describe('retry-after', () => {
  test('in seconds, in ms and as a date', () => {
    expect(mapRetryAfter(new Headers({ 'retry-after': '7' }))).toBe(7000);
    expect(mapRetryAfter(new Headers({ 'retry-after': '2m1s' }))).toBe(121_000);
    expect(mapRetryAfter(new Headers({ 'retry-after-ms': '350', 'retry-after': '7' }))).toBe(350);
    const date = 'Wed, 21 Oct 2026 07:28:10 GMT';
    expect(mapRetryAfter(new Headers({ 'retry-after': date }), Date.parse(date) - 10_000)).toBe(10_000);
    expect(mapRetryAfter(new Headers({ 'retry-after': date }), Date.parse(date) + 10_000)).toBe(0);
  });

  test('else the reset of what is used up', () => {
    const headers = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '12s', 'x-ratelimit-reset-requests': '20m' };
    expect(mapRetryAfter(new Headers({ ...headers, 'x-ratelimit-remaining-requests': '10' }))).toBe(12_000);
    expect(mapRetryAfter(new Headers({ ...headers, 'x-ratelimit-remaining-requests': '0' }))).toBe(1_200_000);
    expect(mapRetryAfter(new Headers({ 'retry-after': 'later' }))).toBeUndefined();
  });
});
