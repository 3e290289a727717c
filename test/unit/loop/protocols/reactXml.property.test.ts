import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonStep } from '../../../../src/loop/protocols/jsonSteps';
import { parseReactXml, ReactXmlReader, type ReactXmlResult } from '../../../../src/loop/protocols/reactXml';

const tools = ['read_file', 'write_file', 'run_command'];
const isNightly = process.env.STEPWISE_NIGHTLY === '1';
const numRuns = isNightly ? 100_000 : 5_000;
const timeout = isNightly ? 600_000 : 60_000;

const calls = [
  '<action name="read_file">{"path": "a"}</action>', '<action name="run_command">{\'command\': "x",}</action>', '<action>{"name": "read_file", "arguments": {}}</action>',
  '<read_file><path>a</path></read_file>', '<tool_call>{"name": "read_file", "arguments": {"path": "b"}}</tool_call>', '<function=read_file><parameter=path>a</parameter></function>',
  '<invoke name="read_file"><parameter name="path">a</parameter></invoke>', '<|channel|>commentary to=functions.read_file<|message|>{"path": "a"}<|call|>',
  '<|tool_call_begin|>functions.read_file:0<|tool_call_argument_begin|>{"path": "a"}<|tool_call_end|>', '\nAction: read_file\nAction Input: {"path": "a"}\n',
  '<action>read_file</action><action_input>{"path": "a"}</action_input>', '<行动 name="read_file">{"path": "a"}</行动>', '＜action name＝“read_file”＞{"path": "a"}＜／action＞',
];
const thoughtTags = ['<thought>', '</thought>', '<think>', '</think>', '<思考>', '</思考>', '< thought >', '＜／thought＞', '<tho\u200bught>', '<thought/>', '\nThought: '];
const answerTags = ['<answer>', '</answer>', '<final_answer>', '</final_answer>', '<回答>', '</回答>', '<answer', '</ans', '\nFinal Answer: '];
const codeMarks = ['`', '``', '```', '\n```\n', '\n```xml\n', '\n~~~\n', '<!--', '-->'];
const pieces = [
  '<action name="read_file">', '<action', '<action name="', '</action>', '<action name="none">', '<action:read_file>', '<action name="read_file"{', '<read_file>', '</read_file>', '<read_file', '<tool_call>', '</tool_call>',
  '<action_input>', '<function=', '<invoke name="x">', '<observation>', '</observation>', '<tool_result>', '\nObservation: ', '\nUser: ', '\nAction: ', '\nAction Input: ', '\n行动：read_file\n行动输入：', '## Observation\n',
  '<|im_end|>', '<|channel|>analysis<|message|>', '<|channel|>final<|message|>', '<|start|>assistant', '<|end|>', '<|python_tag|>', '<|', '<｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n', '<｜DSML｜invoke name="read_file">',
  '{"path": "a"}', '{', '}', '"', "'", '\\', '\\"', ':', ',', '[', ']', '{"a": {"b": [1, 2]}}', '{a: 1}', '"""', '“', '”', '&lt;', '&quot;', '<![CDATA[', ']]>', '<path>', '</path>', '<args>', '</args>', '<parameter name="k">', '</parameter>',
  '<', '</', '>', '/', '＜', '*', '**', '#', ' ', '\n', '\r\n', '\t', '\ufeff', '\u200b', 'a < b', 'prose ', 'Hm. ', '思考：', '😀', '\ud83d', '<div>', '</div>', 'none', 'null', '__proto__', '{"__proto__": 1}', '&lt;thought&gt;',
];

const fragments = (...lists: string[][]): fc.Arbitrary<string> =>
  fc.array(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...lists.flat()) }, { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) }), { maxLength: 24 }).map((parts) => parts.join(''));
const reply = fragments(calls, thoughtTags, answerTags, codeMarks, pieces);

/** Reads the text in pieces of the given lengths, and says what became visible. */
function readCut(raw: string, lengths: readonly number[]): { result: ReactXmlResult; cutAt: number | undefined } {
  const reader = new ReactXmlReader({ tools });
  let at = 0;
  let cutAt: number | undefined;
  for (let index = 0; at < raw.length; index += 1) {
    const length = lengths[index % lengths.length] ?? 1;
    reader.push(raw.slice(at, at + length));
    cutAt ??= reader.cutAt;
    at += length;
  }
  return { result: reader.end(), cutAt };
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe('any reply', () => {
  it('is read without an error, and the same however it is cut', { timeout }, () => {
    fc.assert(
      fc.property(reply, lengths, (raw, cuts) => {
        const whole = parseReactXml(raw, { tools });
        const { result, cutAt } = readCut(raw, cuts);
        expect(result).toStrictEqual(whole);
        expect(whole.actions.length > 0 && whole.answer !== null).toBe(false);
        if (whole.actions.length === 0 && whole.answer === null) expect(whole.recovered).toBe(false);
        expect(whole.thoughts.every((thought) => thought.trim() === thought && thought !== '')).toBe(true);
        // What is said to be complete early is run in the end, and cutting there gives just that.
        if (cutAt !== undefined) {
          const { actions, error } = parseReactXml(raw.slice(0, cutAt), { tools });
          expect(error).toBe(null);
          expect(actions.length).toBeGreaterThan(0);
          expect(actions).toStrictEqual(whole.actions.slice(0, actions.length));
        }
      }),
      { numRuns },
    );
  });

  it('as a JSON step is read without an error', { timeout }, () => {
    const step = fragments(['{"title": "a", "content": "b", "next_action": "continue"}', '{"title": ', '"content": ', '"next_action": ', '"final_answer"', '```json\n', '\n```'], thoughtTags, pieces);
    fc.assert(
      fc.property(step, (raw) => {
        const read = parseJsonStep(raw);
        if ('error' in read) expect(['empty', 'no_json', 'bad_json', 'bad_step', 'truncated']).toContain(read.error);
        else expect(read.content.trim()).not.toBe('');
      }),
      { numRuns },
    );
  });
});

describe('no action comes out of', () => {
  it('a closed thought', { timeout }, () => {
    const inside = fragments(calls, answerTags, pieces.filter((piece) => piece !== '&lt;thought&gt;')).filter((text) => !/[`~]|<!--/.test(text) && !/thought|think|reasoning|思考|想法/i.test(text.replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')));
    fc.assert(
      fc.property(inside, lengths, (text, cuts) => {
        const { result, cutAt } = readCut(`<thought>${text}</thought>\nDone.`, cuts);
        expect(result.actions).toStrictEqual([]);
        expect(cutAt).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('a fence with prose around it', { timeout }, () => {
    const inside = fragments(calls, thoughtTags, answerTags, pieces).filter((text) => !/[`~]|<!--/.test(text));
    fc.assert(
      fc.property(inside, lengths, (text, cuts) => {
        expect(readCut(`For example:\n\`\`\`xml\n${text}\n\`\`\`\nThat is how.`, cuts).result.actions).toStrictEqual([]);
      }),
      { numRuns },
    );
  });

  it('an answer', { timeout }, () => {
    const inside = fragments(calls, pieces).filter((text) => text.trim() !== '' && !/[`~]|<!--|&lt;thought/.test(text) && !/thought|think|reasoning|answer|思考|想法|回答/i.test(text.replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')));
    fc.assert(
      fc.property(inside, lengths, (text, cuts) => {
        expect(readCut(`<thought>t</thought><answer>x${text}</answer>`, cuts).result).toStrictEqual({ thoughts: ['t'], actions: [], answer: `x${text}`.trim(), recovered: false, error: null });
      }),
      { numRuns },
    );
  });
});

describe('the exact form', () => {
  it('hands over any JSON object byte for byte', { timeout }, () => {
    const args = fc.dictionary(fc.oneof(fc.constantFrom('path', '__proto__', 'name'), fc.string({ unit: 'binary' })), fc.oneof(reply, fc.jsonValue()), { maxKeys: 4 });
    fc.assert(
      fc.property(args, lengths, fc.boolean(), (value, cuts, pretty) => {
        const json = JSON.stringify(value, undefined, pretty ? 2 : undefined);
        const { result, cutAt } = readCut(`<thought>t</thought>\n<action name="write_file">${json}</action>`, cuts);
        expect(result).toStrictEqual({ thoughts: ['t'], actions: [{ name: 'write_file', args: JSON.parse(json) as unknown }], answer: null, recovered: false, error: null });
        expect(cutAt).toBe(`<thought>t</thought>\n<action name="write_file">${json}</action>`.length);
      }),
      { numRuns },
    );
  });

  it('shows what the result says', { timeout }, () => {
    const plain = fc.array(fc.constantFrom('a', ' ', '\n', '<b>', 'x < y', '&lt;', '思', '`c`', 'Map<string, T[]>', '😀', '\n```ts\nf("</answer></thought>")\n```\n'), { minLength: 1, maxLength: 16 }).map((parts) => parts.join('')).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(plain, plain, lengths, (thought, answer, cuts) => {
        const raw = `<thought>${thought}</thought>\n<answer>${answer}</answer>`;
        const reader = new ReactXmlReader({ tools });
        const shown = { thought: '', answer: '' };
        for (let at = 0, index = 0; at < raw.length; index += 1) {
          const length = cuts[index % cuts.length] ?? 1;
          for (const delta of reader.push(raw.slice(at, at + length))) shown[delta.type] += delta.text;
          at += length;
        }
        const result = reader.end();
        expect(result.error).toBe(null);
        expect([shown.thought.trim()]).toStrictEqual(result.thoughts);
        expect(shown.answer.trim()).toBe(result.answer);
      }),
      { numRuns },
    );
  });
});
