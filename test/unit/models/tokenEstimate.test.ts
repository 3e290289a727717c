import { describe, expect, test } from 'vitest';
import type { ModelRequest } from '../../../src/core/model';
import { createTokenEstimator } from '../../../src/models/tokenEstimate';

const prose = 'The outer loop runs once for every element, and the inner one for every element behind it. '.repeat(20);
const code = 'for (let index = 0; index < items.length; index += 1) {\n  total += items[index].price * items[index].count;\n}\n'.repeat(20);
const chinese = '外层循环对每个元素执行一次，内层循环对其后的每个元素执行一次。'.repeat(20);
const request = (content: string): ModelRequest => ({ messages: [{ role: 'user', content }] });

describe('before any report', () => {
  // Counted once with js-tiktoken in the encoding o200k_base, from which that of gpt-oss comes.
  test.each([
    ['prose', prose, 381],
    ['code', code, 660],
    ['Chinese', chinese, 440],
  ])('%s: within 40 percent of the truth', (_name, text, truth) => {
    const estimate = createTokenEstimator().ofText(text);
    expect(estimate).toBeGreaterThan(truth * 0.6);
    expect(estimate).toBeLessThan(truth * 1.4);
  });

  test('tools and calls count as well', () => {
    const estimator = createTokenEstimator();
    const plain = estimator.ofRequest(request(prose));
    const tools = [{ name: 'read_file', description: prose, parameters: { type: 'object' } }];
    expect(estimator.ofRequest({ ...request(prose), tools })).toBeGreaterThan(plain * 1.8);
    const toolCalls = [{ id: '1', name: 'x', arguments: prose }];
    expect(estimator.ofRequest({ messages: [{ role: 'assistant', content: prose, toolCalls }] })).toBeGreaterThan(plain * 1.8);
    expect(estimator.ofText('')).toBe(0);
  });
});

describe('calibration', () => {
  test('one report sets it, further ones move it', () => {
    const estimator = createTokenEstimator();
    const before = estimator.ofRequest(request(prose));
    estimator.calibrate(request(prose), before * 2);
    expect(estimator.ofRequest(request(prose))).toBeCloseTo(before * 2, -1);
    expect(estimator.ofText(prose)).toBeCloseTo(createTokenEstimator().ofText(prose) * 2, -1);
    estimator.calibrate(request(prose), before);
    expect(estimator.ofRequest(request(prose))).toBeCloseTo(before * 1.5, -1);
  });

  test('what cannot be true is bounded or passed over', () => {
    const estimator = createTokenEstimator();
    const before = estimator.ofRequest(request(prose));
    estimator.calibrate(request(prose), 0);
    estimator.calibrate(request('hi'), 90);
    expect(estimator.ofRequest(request(prose))).toBe(before);
    estimator.calibrate(request(prose), before * 100);
    expect(estimator.ofRequest(request(prose))).toBeLessThanOrEqual(before * 3 + 1);
  });
});
