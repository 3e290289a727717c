import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/core/run';
import { runHtml } from '../../../src/transcript/exportHtml';
import { readRunJson, runJson } from '../../../src/transcript/exportJson';
import { renderNote } from '../../../src/transcript/markdown';
import { markdownHtml } from '../../../src/transcript/markdownHtml';
import { createRedactor, redacted } from '../../../src/transcript/redact';
import { anyRun, awkwardText } from '../../support/runArbitrary';
import { finishedRun } from '../../support/sampleRuns';

const root = 'file:///home/person/project';

describe('a run as JSON', () => {
  it('is read back as it was, whatever its texts are', () => {
    fc.assert(fc.property(anyRun, (run) => {
      expect(readRunJson(runJson(run, root), root)).toEqual(run);
    }), { numRuns: 400 });
  });

  it('survives a file as UTF-8, and another workspace folder', () => {
    const run = finishedRun();
    const file = Buffer.from(runJson(run, root), 'utf8').toString('utf8');
    expect(file).not.toContain('/home/person');
    expect(readRunJson(file, 'file:///elsewhere').request.code?.uri).toBe('file:///elsewhere/src/pairs.py');
  });

  it('says what it is', () => {
    expect(JSON.parse(runJson(finishedRun()))).toMatchObject({ format: 'stepwise-run', version: 1, run: { id: 'run-1', outcome: 'answered' } });
  });

  it.each([
    ['no JSON', '{ "format": '],
    ['something else', '{"format":"other","version":1,"run":{}}'],
    ['another version', runJson(finishedRun()).replace('"version": 1', '"version": 2')],
    ['a run without steps', runJson({ ...finishedRun(), steps: undefined } as unknown as Run)],
    ['a step of another shape', runJson({ ...finishedRun(), steps: [{ index: 'one' }] } as unknown as Run)],
    ['an end of another shape', runJson({ ...finishedRun(), outcome: 'sung' } as unknown as Run)],
  ])('refuses %s', (_name, text) => {
    expect(() => readRunJson(text)).toThrow(expect.objectContaining({ code: 'unreadable-note' }));
  });
});

/** Elements and attributes that an exported page may have; those of mathematics besides. */
const allowed = new Set([
  'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'section', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'span', 'time', 'div',
  'details', 'summary', 'pre', 'code', 'ol', 'ul', 'li', 'strong', 'em', 's', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'blockquote', 'hr', 'br',
  'math', 'semantics', 'annotation',
]);
const attributes = new Set(['lang', 'charset', 'http-equiv', 'content', 'name', 'class', 'datetime', 'id', 'aria-labelledby', 'href', 'rel', 'start']);

/** What is wrong with a page: any element, attribute or address that it must not have. */
function strangers(html: string): readonly string[] {
  const body = html.replace('<!DOCTYPE html>', '').replace(/<style>[^<]*<\/style>/, '');
  const found: string[] = [];
  const rest = body.replace(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+="[^"<>]*")*)\s*>/g, (_tag, _slash: string, name: string, list: string) => {
    const isMath = /^m[a-z]+$/.test(name) && name !== 'marquee';
    if (!allowed.has(name) && !isMath) {
      found.push(`<${name}>`);
    }
    for (const [, attribute = '', value = ''] of list.matchAll(/([a-zA-Z:-]+)="([^"]*)"/g)) {
      const known = attributes.has(attribute) || isMath || name === 'annotation' || name === 'math';
      const isSafe = attribute !== 'href' || /^(?:https?|mailto):/.test(value);
      if (!known || !isSafe || /^on|^style$|^src$|^xlink/.test(attribute)) {
        found.push(`${name} ${attribute}="${value}"`);
      }
    }
    return '';
  });
  return [...found, ...(/[<]/.exec(rest) === null ? [] : [`<${rest.split('<')[1]?.slice(0, 80) ?? ''}`])];
}

describe('a run as a page', () => {
  it('has nothing in it but its own elements, whatever models, tools and files wrote', async () => {
    await fc.assert(fc.asyncProperty(anyRun, async (run) => {
      expect(strangers(await runHtml(run, { language: 'en' }))).toEqual([]);
    }), { numRuns: 250 });
  });

  it('would see a stranger', () => {
    for (const html of ['<script>', '<img src="x">', '<p onclick="x">', '<a href="javascript:x">', '<b', '<p style="x">']) {
      expect(strangers(html), html).not.toEqual([]);
    }
  });

  it('makes no markup of hostile Markdown', () => {
    for (const text of [
      '<img src=x onerror=alert(1)>', '![x](http://127.0.0.1/y.png)', '[a](javascript:alert(1))', '[a](data:text/html,x)', '<https://example.org/"onmouseover=x>',
      '```html\n<script>1</script>\n```', '$\\href{javascript:alert(1)}{x}$', '$\\includegraphics{x}$', '$\\htmlStyle{position:fixed}{x}$', '[a](https://example.org/?a="b"<c>)',
      '`<b>`', '$\\text{</math><script>}$', '| <b> |\n| :-: |\n| <i> |', '```"><script>\nx\n```', '```js\nlet s = "</code></pre><script>";\n```',
    ]) {
      expect(strangers(markdownHtml(text, 2)), text).toEqual([]);
    }
    fc.assert(fc.property(awkwardText, (text) => {
      expect(strangers(markdownHtml(text, 2))).toEqual([]);
    }), { numRuns: 400 });
  });

  it('needs nothing else and allows nothing else', async () => {
    const html = await runHtml(finishedRun(), { language: 'en' });
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(style).not.toMatch(/url\(|@import/);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=/);
    expect(html).not.toContain('/home/person');
  });

  it('holds every step, call and result, mathematics as MathML and code in colours', async () => {
    const run = finishedRun();
    const html = await runHtml(run, { language: 'en' });
    const text = html.replace(/<[^>]*>/g, '').replace(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));
    for (const step of run.steps) {
      expect(text).toContain(`${String(step.index)}. ${step.title}`);
      for (const action of step.actions) {
        expect(text).toContain(action.summary);
        expect(text).toContain(action.observation ?? 'never');
      }
    }
    expect(html).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML">');
    expect(html).toContain('class="hljs-keyword"');
    expect(html.match(/<details class="step">/g)).toHaveLength(run.steps.length);
    expect(text).toContain('O(len(items)²)');
  });

  it('says how the run came from an earlier one', async () => {
    const run = finishedRun();
    const origin = async (parent: Exclude<Run['request']['parent'], undefined>): Promise<string> => {
      const branch: Run = { ...run, request: { ...run.request, parent } };
      const note = await renderNote(branch);
      const html = await runHtml(branch, { language: 'en' });
      const words = /^\*\*.* · (.*)$/m.exec(note)?.[1] ?? '';
      expect(html).toContain(`<span>${words}</span>`);
      return words;
    };
    expect(await origin({ kind: 'fork', runId: 'a', step: 3 })).toBe('From step 3 of an earlier run');
    expect(await origin({ kind: 'fork', runId: 'a', step: 3, edited: true })).toBe('From step 3 of an earlier run, edited');
    expect(await origin({ kind: 'retry', runId: 'a' })).toBe('An earlier run, asked again');
    expect(await origin({ kind: 'go-deeper', runId: 'a' })).toBe('Deeper than an earlier run');
    expect(await origin({ kind: 'follow-up', runId: 'a' })).toBe('A follow-up to an earlier run');
  });

  it('is as redacted as the run that it is given', async () => {
    const secret = `sk-${'a1B2'.repeat(8)}`;
    const run = finishedRun();
    const [first, ...others] = run.steps;
    const spilled: Run = { ...run, answer: `The key is ${secret}.`, steps: [{ ...first!, thought: secret }, ...others] };
    const harmless = redacted(spilled, createRedactor());
    expect(await runHtml(harmless, { language: 'en' })).not.toContain(secret);
    expect(runJson(harmless)).not.toContain(secret);
    expect(await runHtml(spilled, { language: 'en' })).toContain(secret);
  });
});
