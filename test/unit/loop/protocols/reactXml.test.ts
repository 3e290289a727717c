import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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

it('reads every case the same however it is cut in two', { timeout: 120_000 }, () => {
  const wrong: string[] = [];
  for (const { raw, expect: expected } of sections.flatMap(([, cases]) => cases)) {
    for (let cut = 1; cut < raw.length; cut += 1) {
      if (!isDeepStrictEqual(readInPieces(raw, [cut]), expected)) wrong.push(`${raw.slice(0, cut)}|${raw.slice(cut)}`);
    }
  }
  expect(wrong).toStrictEqual([]);
});

it('shows the same when the result is asked for on the way', () => {
  const raw = '<thought>one `x` two</thought>\n<answer>a < b\n```\n</answer>\n```\nand the end</answer>';
  const reader = new ReactXmlReader({ tools });
  const shown = { thought: '', answer: '' };
  for (const character of raw) {
    for (const delta of reader.push(character)) shown[delta.type] += delta.text;
    reader.end();
  }
  expect(shown).toStrictEqual({ thought: 'one `x` two', answer: 'a < b\n```\n</answer>\n```\nand the end' });
  expect(reader.end()).toStrictEqual(parseReactXml(raw, { tools }));
});

describe('actionComplete', () => {
  const action = '<action name="read_file">{"path": "a"}</action>';
  const isComplete = (raw: string): boolean => {
    const reader = new ReactXmlReader({ tools });
    for (const character of raw) reader.push(character);
    return reader.actionComplete;
  };

  it.each([
    ['behind a closed thought', `<thought>t</thought>\n${action}`, true],
    ['before the closing tag', `<thought>t</thought>\n${action.slice(0, -1)}`, false],
    ['without a thought, which may still close one that the template opened', action, false],
    ['in a thought that is not closed', `<thought>t\n${action}`, false],
    ['behind prose in which code may have begun', `<thought>t</thought>\n\`\`\`\n${action}`, false],
    ['with lenient arguments', '<thought>t</thought><action name="read_file">{\'path\': "a"}</action>', true],
    ['with arguments that cannot be read', '<thought>t</thought><action name="read_file">{"path": "a" "b"}</action>', false],
    ['for none', '<thought>t</thought><action name="none">{}</action>', false],
    ['for an answer', '<thought>t</thought><action name="finish">{"answer": "x"}</action>', false],
    ['in another dialect', '<think>t</think><tool_call>{"name": "read_file", "arguments": {"path": "a"}}</tool_call>', true],
  ])('%s', (_, raw, expected) => {
    expect(isComplete(raw)).toBe(expected);
  });

  it('says where to cut, and what was wrong with an action that cannot be run', () => {
    const reader = new ReactXmlReader({ tools });
    reader.push(`<thought>t</thought>${action}\n<observation>1`);
    expect(reader.cutAt).toBe(`<thought>t</thought>${action}`.length);
    const bad = new ReactXmlReader({ tools });
    bad.push('<action name="run_command">npm test</action>');
    expect(bad.problems).toStrictEqual([{ kind: 'bad_args', name: 'run_command', detail: 'the arguments are plain text instead of one JSON object' }]);
    expect(bad.problem).toBe('run_command: the arguments are plain text instead of one JSON object');
  });
});

it('has a table of cases that is worth its name', () => {
  expect(sections.flatMap(([, cases]) => cases).length).toBeGreaterThanOrEqual(300);
});
