import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, redacted } from '../../../src/transcript/redact';
import { anyRun, awkwardText } from '../../support/runArbitrary';
import { finishedRun } from '../../support/sampleRuns';

const { redact } = createRedactor();

/** Samples are put together here, so that no scanner takes this file for a leak. */
const random = (length: number, alphabet = 'aB3dE6gH1jK4mN7pQ9rS2tU5vW8xY0zC'): string =>
  Array.from({ length }, (_, index) => alphabet[(index * 7 + 3) % alphabet.length]).join('');
const upper = (length: number): string => random(length, 'A2B3C4D5E6F7G');
const hex = (length: number): string => random(length, '0f1e2d3c4b5a6978');

describe('redact', () => {
  it.each([
    ['AWS access key', `AKIA${upper(16)}`],
    ['GitHub token', `ghp_${random(36)}`],
    ['GitHub token', `github_pat_${random(82)}`],
    ['GitLab token', `glpat-${random(20)}`],
    ['Groq key', `gsk_${random(52)}`],
    ['OpenAI key', `sk-proj-${random(40)}_${random(20)}`],
    ['OpenAI key', `sk-${random(48)}`],
    ['Anthropic key', `sk-ant-api03-${random(60)}`],
    ['Slack token', `xoxb-${random(11)}-${random(24)}`],
    ['Slack webhook', `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${random(24)}`],
    ['Google API key', `AIza${random(35)}`],
    ['Stripe key', `sk_live_${random(24)}`],
    ['npm token', `npm_${random(36)}`],
    ['Hugging Face token', `hf_${random(34)}`],
    ['SendGrid key', `SG.${random(22)}.${random(43)}`],
    ['DigitalOcean token', `dop_v1_${hex(64)}`],
    ['JSON Web Token', `eyJ${random(20)}.eyJ${random(40)}.${random(30)}`],
  ])('masks a %s', (kind, secret) => {
    for (const text of [secret, `key: ${secret}`, `a(${secret});`, `"${secret}"`, `${secret}\n`]) {
      expect(redact(text)).not.toContain(secret);
      expect(redact(text)).toBe(text.replace(secret, `[redacted: ${kind}]`));
    }
  });

  it.each([
    ['password = "hunter2"', 'password = "[redacted: secret]"'],
    ["db_password: 'correct-horse'", "db_password: '[redacted: secret]'"],
    ['{"apiKey": "abcd-1234"}', '{"apiKey": "[redacted: secret]"}'],
    ['const clientSecret = `s3cr3t-value`;', 'const clientSecret = `[redacted: secret]`;'],
    ['API_KEY=abcdef', 'API_KEY=[redacted: secret]'],
    ['12 | export DB_PASSWORD=abcdef', '12 | export DB_PASSWORD=[redacted: secret]'],
    ['password: hunter2abc', 'password: [redacted: secret]'],
    ['postgres://admin:hunter2@db.example.org/shop', 'postgres://admin:[redacted: password]@db.example.org/shop'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer [redacted: credentials]'],
    [`session_token = "${random(24)}"`, 'session_token = "[redacted: secret]"'],
  ])('masks the value in %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'password = input("Password: ")',
    'function login(password: string, token: Token): Promise<void>',
    "const token = lexer.next(); if (token === 'identifier') {}",
    'token: "keyword"',
    'label = "Enter your password"',
    'secretKey: Uint8Array',
    'https://example.org:8080/path?next=a@b',
    'sk-learn is a library; task-force; risk-averse-development-of-things',
    'def complexity(items): return [x for x in items if x.key == 1]',
    'O(n²) · 复杂度 · src/sort.py:10-42',
    'KEY_COUNT=12345 for each',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('masks private keys, also numbered ones and one that was cut off', () => {
    const begin = '-----BEGIN RSA PRIVATE KEY-----';
    const end = '-----END RSA PRIVATE KEY-----';
    expect(redact(`a\n${begin}\nMIIE\nabcd\n${end}\nb`)).toBe('a\n[redacted: private key]\nb');
    expect(redact(`1 | ${begin}\n2 | MIIE\n3 | ${end}\n4 | b`)).toBe('1 | [redacted: private key]\n4 | b');
    expect(redact(`a ${begin}\nMIIE… [200 characters left out]`)).toBe('a [redacted: private key]');
    expect(redact('-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----')).toContain('MIIB');
  });

  it('takes further patterns, and names those that are none', () => {
    const { redact: own, brokenPatterns } = createRedactor(['ACME-\\d+', '(', '', 'x*']);
    expect(brokenPatterns).toEqual(['(']);
    expect(own('ACME-1234 and xx and y')).toBe('[redacted: own pattern] and [redacted: own pattern] and y');
  });

  it('changes nothing more the second time', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(awkwardText, fc.constantFrom('password=', 'TOKEN=', '"', `ghp_${random(36)}`, '-----BEGIN PRIVATE KEY-----', 'x'.repeat(20), '://a:b@'))), (parts) => {
        const once = redact(parts.join(''));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes linear time', () => {
    const text = ['password', '-----BEGIN PRIVATE KEY----- ', 'eyJaaaaaaaaaa.', 'secret = "', '://a:', 'SG.aaaaaaaaaaaaaaaaaaaaaa', 'sk-', 'a'].map((piece) => piece.repeat(100_000 / piece.length));
    const start = performance.now();
    text.forEach((part) => redact(part));
    // About 40 ms here; quadratic patterns would take minutes.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('redacted', () => {
  it('masks every text of a run, and nothing that names a place', () => {
    const secret = `ghp_${random(36)}`;
    const run = finishedRun();
    const action = run.steps[0]?.actions[0];
    if (action !== undefined) {
      action.observation = `12 | token = '${secret}'`;
    }
    const leaky = { ...run, answer: `It is ${secret}.`, request: { ...run.request, question: `What is ${secret}?` } };
    const masked = redacted(leaky, createRedactor());
    expect(JSON.stringify(masked)).not.toContain(secret);
    expect(masked.steps[0]?.actions[0]?.observation).toBe("12 | token = '[redacted: GitHub token]'");
    expect(masked.request.code?.uri).toBe(run.request.code?.uri);
    expect(leaky.answer).toContain(secret);
  });

  it('leaves a run without secrets equal', () => {
    const nothing = { redact: (text: string) => text, brokenPatterns: [] };
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(redacted(run, nothing)).toEqual(run);
      }),
      { numRuns: 100 },
    );
  });
});
