import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JsonStep, type JsonStepFailure, parseJsonStep } from '../../../../src/loop/protocols/jsonSteps';

const examples = readFileSync(join(import.meta.dirname, '../../../fixtures/protocol/examples.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { id: string; protocol: string; note: string; raw: string; expect: JsonStep | JsonStepFailure })
  .filter(({ protocol }) => protocol === 'json');

const step = (title: string, content: string, next: JsonStep['next_action'] = 'continue'): JsonStep => ({ title, content, next_action: next });
const error = (kind: JsonStepFailure['error']): JsonStepFailure => ({ error: kind });
const AB = '{"title": "A", "content": "b", "next_action": "continue"}';
const ab = step('A', 'b');

type Case = readonly [name: string, raw: string, expected: JsonStep | JsonStepFailure];

const cases: readonly Case[] = [
  // Which object
  ['with prose around', `Here:\n${AB}\nDone.`, ab],
  ['in a fence without language', `\`\`\`\n${AB}\n\`\`\``, ab],
  ['in a fence that is not closed', `\`\`\`json\n${AB}`, ab],
  ['the first of two', `${AB}\n{"title": "C", "content": "d", "next_action": "final_answer"}`, ab],
  ['the first of an array', `[${AB}, {"title": "C", "content": "d"}]`, ab],
  ['the first of an array that is cut', `[${AB}, {"title": "C", "con`, ab],
  ['behind an object that is no step', `{"model": "x"}\n${AB}`, ab],
  ['behind braces in prose', `Let \\frac{1}{2} be {x}.\n${AB}`, ab],
  ['behind a think block with a draft in it', `<think>{"title": "D", "content": "draft"}</think>${AB}`, ab],
  ['behind a think block that the template opened', `I reason {"title": "D", "content": "draft"}\n</think>\n${AB}`, ab],
  ['in a think block that is not closed', `<think>I reason.\n${AB}`, ab],
  ['a draft in a think block that is not closed', `<think>Maybe ${AB} or not`, error('no_json')],
  ['think tags in the content are text', '{"title": "A", "content": "the <think> and </think> tags"}', step('A', 'the <think> and </think> tags')],
  ['in the final channel', `<|channel|>analysis<|message|>{"title": "D", "content": "draft"}<|end|><|start|>assistant<|channel|>final<|message|>${AB}<|return|>`, ab],
  ['behind the header of a channel', `<|channel|>final<|message|>${AB}`, ab],
  ['before an end-of-turn token', `${AB}<|im_end|>`, ab],
  ['behind a role token', `<|im_start|>assistant\n${AB}<|im_end|>`, ab],
  ['a byte-order mark', `\ufeff${AB}`, ab],
  ['in a wrapping object', `{"step": ${AB}}`, ab],
  ['in a wrapping object with a list', `{"steps": [${AB}, {"title": "C"}]}`, ab],
  ['serialised twice', JSON.stringify(AB), ab],
  ['serialised twice without the quotes around', JSON.stringify(AB).slice(1, -1), ab],
  ['serialised in a wrapping object', JSON.stringify({ step: AB }), ab],
  // Reading it
  ['strict strings stay byte for byte', '{"title": "A", "content": "a &lt; b \\"c\\" \\\\d \\u00e9"}', step('A', 'a &lt; b "c" \\d é')],
  ['Python literals and single quotes', "{'title': 'A', 'content': 'b', 'next_action': None}", ab],
  ['unquoted keys', '{title: "A", content: "b"}', ab],
  ['a missing comma between lines', '{"title": "A"\n"content": "b"\n"next_action": "continue"}', ab],
  ['curly quotes', '{“title”：“A”，“content”：“b”}', ab],
  ['comments', '{"title": "A", // the title\n"content": "b"}', ab],
  ['triple quotes', '{"title": "A", "content": """say "hi"\nnow"""}', step('A', 'say "hi"\nnow')],
  ['entities where quotes should be', '{&quot;title&quot;: &quot;A&quot;, &quot;content&quot;: &quot;b&quot;}', ab],
  ['backslashes of LaTeX that start no escape', '{"title": "A", "content": "\\alpha \\(x\\) \\sqrt{2}"}', step('A', '\\alpha \\(x\\) \\sqrt{2}')],
  ['a LaTeX command that looks like a form feed', '{"title": "A", "content": "\\frac{1}{2}"}', step('A', '\\frac{1}{2}')],
  ['a LaTeX command that looks like a backspace', '{"title": "A", "content": "\\beta"}', step('A', '\\beta')],
  ['a form feed before no letter stays', '{"title": "A", "content": "a\\f1"}', step('A', 'a\f1')],
  ['escaped LaTeX stays', '{"title": "A", "content": "\\\\frac{1}{2}"}', step('A', '\\frac{1}{2}')],
  // Members
  ['keys in any spelling', '{"Title": "A", "CONTENT": "b", "Next Action": "done"}', step('A', 'b', 'final_answer')],
  ['keys with hyphens', '{"title": "A", "content": "b", "next-action": "final-answer"}', step('A', 'b', 'final_answer')],
  ['content as a list', '{"title": "A", "content": ["b", "c"]}', step('A', 'b\nc')],
  ['content as a number', '{"title": "A", "content": 7}', step('A', '7')],
  ['no title', '{"content": "b", "next_action": "continue"}', step('', 'b')],
  ['no next action', '{"title": "A", "content": "b"}', ab],
  ['an empty next action', '{"title": "A", "content": "b", "next_action": ""}', ab],
  ['an unknown next action', '{"title": "A", "content": "b", "next_action": "verify"}', ab],
  ...['final_answer', 'Final Answer', 'FINAL', 'finish', 'finished', 'Done', 'end', 'stop', 'answer', 'complete', '最终答案', '完成', '结束', 'final-answer', 'finalAnswer'].map(
    (next): Case => [`next action ${next}`, JSON.stringify({ title: 'A', content: 'b', next_action: next }), step('A', 'b', 'final_answer')],
  ),
  ['only a final answer', '{"final_answer": "It is 7."}', step('Final Answer', 'It is 7.', 'final_answer')],
  ['only a final answer, spelt otherwise', '{"Final Answer": "It is 7."}', step('Final Answer', 'It is 7.', 'final_answer')],
  ['further members are ignored', '{"step": 1, "title": "A", "content": "b", "confidence": 0.9}', ab],
  ['a prototype key', '{"__proto__": {"content": "x"}, "title": "A", "content": "b"}', ab],
  // Cut off
  ['cut behind all three members', '{"title": "A", "content": "b", "next_action": "final_answer"', step('A', 'b', 'final_answer')],
  ['cut behind a comma', '{"title": "A", "content": "b", "next_action": "continue",', ab],
  ['cut before the next action', '{"title": "A", "content": "b"', error('truncated')],
  ['cut in the next action', '{"title": "A", "content": "b", "next_action": "fin', error('truncated')],
  ['cut in a key', '{"title": "A", "cont', error('truncated')],
  ['cut in a fence', '```json\n{"title": "A", "content": "b', error('truncated')],
  ['cut behind the brace', '{', error('truncated')],
  // Failures
  ['nothing', '', error('empty')],
  ['white space', ' \n', error('empty')],
  ['only a token', '<|im_end|>', error('empty')],
  ['only an empty think block', '<think></think>', error('empty')],
  ['prose behind a think block', '<think>hm</think>It is 7.', error('no_json')],
  ['an array of strings', '["a", "b"]', error('no_json')],
  ['unescaped quotes', '{"title": "A", "content": "say "hi" now", "next_action": "continue"}', error('bad_json')],
  ['a bare word as content', '{"title": "A", "content": hello}', error('bad_json')],
  ['an object without content', '{"title": "A", "next_action": "continue"}', error('bad_step')],
  ['an empty content', '{"title": "A", "content": "  "}', error('bad_step')],
  ['content that is an object', '{"title": "A", "content": {"text": "b"}}', error('bad_step')],
  ['a tool call', '{"name": "search", "arguments": {"q": "x"}}', error('bad_step')],
  ['an empty object', '{}', error('bad_step')],
];

describe('parseJsonStep', () => {
  it.each(examples.map(({ id, note, raw, expect: expected }): Case => [`${id}: ${note}`, raw, expected]))('%s', (_, raw, expected) => {
    expect(parseJsonStep(raw)).toStrictEqual(expected);
  });

  it.each(cases)('%s', (_, raw, expected) => {
    expect(parseJsonStep(raw)).toStrictEqual(expected);
  });

  it('reads no step out of any beginning of one', () => {
    for (let end = 1; end < AB.length - 2; end += 1) expect(parseJsonStep(AB.slice(0, end))).toStrictEqual(error('truncated'));
  });
});
