import { describe, expect, it } from 'vitest';
import type { KeyPlaces } from '../../../src/vscode/secrets';
import { cleanKey, createKeys, dotEnvValue } from '../../../src/vscode/secrets';

function places(given: { stored?: Record<string, string>; environment?: Record<string, string>; dotEnv?: string[] }): KeyPlaces & { stored: Map<string, string>; seen: string[] } {
  const stored = new Map(Object.entries(given.stored ?? {}));
  const seen: string[] = [];
  return {
    stored,
    seen,
    storage: {
      get: (key) => Promise.resolve(stored.get(key)),
      store: (key, value) => Promise.resolve(void stored.set(key, value)),
      delete: (key) => Promise.resolve(void stored.delete(key)),
    },
    environment: given.environment ?? {},
    readDotEnv: () => Promise.resolve(given.dotEnv ?? []),
    onFound: (value) => seen.push(value),
  };
}

const all = {
  stored: { 'stepwise.groq.apiKey': 'gsk_stored' },
  environment: { GROQ_API_KEY: 'gsk_exported' },
  dotEnv: ['GROQ_API_KEY=gsk_written\n'],
};

describe('createKeys', () => {
  it('looks in the secret storage first, then in the environment, then in .env', async () => {
    const first = places(all);
    expect(await createKeys(first).find('groq')).toEqual({ value: 'gsk_stored', source: 'storage' });
    expect(first.seen).toEqual(['gsk_stored']);
    expect(await createKeys(places({ ...all, stored: {} })).find('groq')).toEqual({ value: 'gsk_exported', source: 'environment' });
    expect(await createKeys(places({ dotEnv: ['OTHER=1', ...all.dotEnv] })).find('groq')).toEqual({ value: 'gsk_written', source: 'dotenv' });
    expect(await createKeys(places({})).find('groq')).toBeUndefined();
  });

  it('gives no key of Groq to another server', async () => {
    expect(await createKeys(places(all)).find('openaiCompatible')).toBeUndefined();
  });

  it('passes over a key that no header could carry', async () => {
    const broken = places({ ...all, stored: { 'stepwise.groq.apiKey': 'two words' }, environment: { GROQ_API_KEY: '' } });
    expect(await createKeys(broken).find('groq')).toEqual({ value: 'gsk_written', source: 'dotenv' });
  });

  it('stores and removes', async () => {
    const empty = places({});
    const keys = createKeys(empty);
    await keys.store('groq', ' gsk_new ');
    expect(empty.stored.get('stepwise.groq.apiKey')).toBe('gsk_new');
    expect(await keys.find('groq')).toEqual({ value: 'gsk_new', source: 'storage' });
    await keys.remove('groq');
    expect(await keys.find('groq')).toBeUndefined();
  });
});

describe('dotEnvValue', () => {
  it.each([
    ['GROQ_API_KEY=gsk_1', 'gsk_1'],
    ['export GROQ_API_KEY = "gsk_1" # mine', 'gsk_1'],
    ["GROQ_API_KEY='gsk # 1'", 'gsk # 1'],
    ['GROQ_API_KEY=gsk_1 # mine', 'gsk_1'],
    ['GROQ_API_KEY=old\r\nGROQ_API_KEY=new\r\n', 'new'],
    ['# GROQ_API_KEY=gsk_1', undefined],
    ['MY_GROQ_API_KEY=gsk_1', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(dotEnvValue(text, 'GROQ_API_KEY')).toBe(expected);
  });
});

describe('cleanKey', () => {
  it('refuses what is empty, has spaces or line ends inside, or letters that no header takes', () => {
    expect([cleanKey(undefined), cleanKey('  '), cleanKey('a b'), cleanKey('a\nb'), cleanKey('ключ')]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(cleanKey(' gsk_1\n')).toBe('gsk_1');
  });
});
