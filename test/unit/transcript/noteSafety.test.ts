import fc from 'fast-check';
import createMarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { renderNote } from '../../../src/transcript/markdown';
import { presentMarkdown } from '../../../src/transcript/present';
import { anyRun } from '../../support/runArbitrary';
import { finishedRun } from '../../support/sampleRuns';

const parser = createMarkdownIt('commonmark', { html: true });

/** HTML and images in a note, as a reader of CommonMark with HTML sees them. */
function foreignParts(note: string): readonly string[] {
  const body = note.replace(/^---\n[^]*?\n---\n/, '');
  return parser.parse(body, {}).flatMap((token) => {
    if (token.type === 'html_block') {
      return /^(?:<!-- stepwise:[^]*-->|<details>\n<summary>[^<>\n]*<\/summary>|<\/details>)\s*$/.test(token.content) ? [] : [token.content];
    }
    return (token.children ?? []).filter(({ type }) => type === 'html_inline' || type === 'image').map(({ type, content }) => `${type}: ${content}`);
  });
}

describe('a note', () => {
  it('holds no HTML but its own and no image, whatever models, tools and files wrote', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        expect(foreignParts(await renderNote(run))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('would show HTML of others as such', () => {
    expect(foreignParts('---\na: b\n---\n\n<script>x</script>\n\na <b>b</b> ![c](d)\n')).toHaveLength(4);
  });

  it.each([
    ['an open fence', '```js\nlet x;'],
    ['an open fence in a list', '1. a\n   ```js\n   let x;'],
    ['an open comment', 'a\n\n<!-- never closed'],
    ['an open element', '<details><summary>'],
    ['an open pre', '<pre>\n\n'],
    ['a setext heading', 'a\n==='],
    ['an open quotation and list', '> - a\n'],
    ['an indented block', '    code\n'],
    ['a table', '| a |\n| - |\n| b'],
  ])('has its own headings after %s', async (_name, text) => {
    const run = finishedRun();
    for (const step of run.steps) {
      step.thought = text;
      step.actions.forEach((action) => {
        action.observation = text;
      });
    }
    const headings = parser.parse(await renderNote({ ...run, answer: text }), {}).flatMap(({ type, level }, index, tokens) => (type === 'heading_open' && level === 0 ? [tokens[index + 1]?.content] : []));
    expect(headings).toEqual(expect.arrayContaining(['Step 1: There are two nested loops over items.', 'Step 2: The analysis agrees with the structure.', 'Final answer']));
  });
});

describe('presentMarkdown', () => {
  it.each([
    ['`a<b>` and <b>', '`a<b>` and \\<b>'],
    ['x < y, a<b, 1<2', 'x < y, a\\<b, 1<2'],
    ['![a](b) and [c](d)', '!\\[a](b) and [c](d)'],
    ['\\<b> stays', '\\<b> stays'],
    ['1. Do:\n   ```cpp\n   vector<int> v;\n   ```\n2. <b>', '1. Do:\n   ```cpp\n   vector<int> v;\n   ```\n2. \\<b>'],
    ['- ```\n  <b>\n  ```\n- <b>', '- ```\n  <b>\n  ```\n- \\<b>'],
    ['- ```\n  <b>\nout <b>', '- ```\n  <b>\nout \\<b>'],
    ['~~~\n```\n<b>\n~~~\n<b>', '~~~\n```\n<b>\n~~~\n\\<b>'],
    ['`open\n<b>`', '`open\n\\<b>`'],
    ['```\n<b>', '```\n<b>\n```'],
  ])('shows %j', (text, shown) => {
    expect(presentMarkdown(text)).toBe(shown);
  });

  it.each(['> ```\n> <b>', '\t```\n<b>', '- - ```\n<b>', '    ```\n<b>'])('shows %j as code, for its fences are not plain to see', (text) => {
    expect(presentMarkdown(text)).toBe(`\`\`\`\`markdown\n${text}\n\`\`\`\``);
  });

  it('takes linear time', () => {
    const start = performance.now();
    for (const text of ['`a '.repeat(100_000), '``a`'.repeat(100_000), '- '.repeat(100_000), '<'.repeat(300_000), '> '.repeat(100_000), '\\'.repeat(300_000), '```\n'.repeat(50_000), ' '.repeat(300_000)]) {
      presentMarkdown(text);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
