import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseReactXml, ReactXmlReader, type ReactXmlResult } from '../../../../src/loop/protocols/reactXml';
import { actionCases } from './policy/actionCases';
import { dialectCases } from './policy/dialectCases';
import { resultAndLiveness } from './policy/resultAndLiveness';
import { tagsAndThoughts } from './policy/tagsAndThoughts';
import type { PolicyCase } from './policy/policyCase';

const fixtures = join(import.meta.dirname, '../../../fixtures/protocol');
const { tools } = JSON.parse(readFileSync(join(fixtures, 'tools.json'), 'utf8')) as { tools: string[] };
const examples = readFileSync(join(fixtures, 'examples.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { id: string; protocol: string; note: string; raw: string; expect: ReactXmlResult })
  .filter(({ protocol }) => protocol === 'xml')
  .map(({ id, note, raw, expect: expected }): PolicyCase => ({ name: `${id}: ${note}`, raw, expect: expected }));

function readInPieces(raw: string, cuts: readonly number[]): ReactXmlResult {
  const reader = new ReactXmlReader({ tools });
  let from = 0;
  for (const cut of [...cuts, raw.length]) {
    reader.push(raw.slice(from, cut));
    from = cut;
  }
  return reader.end();
}

const sections: readonly (readonly [string, readonly PolicyCase[]])[] = [
  ['examples', examples],
  ['the result, and what is live', resultAndLiveness],
  ['tags and thoughts', tagsAndThoughts],
  ['actions', actionCases],
  ['dialects, invented turns, answers', dialectCases],
];

describe.each(sections)('%s', (_, cases) => {
  it.each(cases.map((policyCase) => [policyCase.name, policyCase] as const))('%s', (_name, { raw, expect: expected }) => {
    expect(parseReactXml(raw, { tools })).toStrictEqual(expected);
    expect(readInPieces(raw, Array.from({ length: raw.length }, (_unused, index) => index))).toStrictEqual(expected);
  });
});

it('reads every case the same however it is cut in two', () => {
  for (const { raw, expect: expected } of sections.flatMap(([, cases]) => cases)) {
    for (let cut = 1; cut < raw.length; cut += 1) expect(readInPieces(raw, [cut]), `${JSON.stringify(raw)} cut at ${cut}`).toStrictEqual(expected);
  }
});

it('has a table of cases that is worth its name', () => {
  expect(sections.flatMap(([, cases]) => cases).length).toBeGreaterThanOrEqual(300);
});
