import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/core/run';
import { noteHead, noteStep, renderNote } from '../../../src/transcript/markdown';
import { readFrontMatter, summaryOf } from '../../../src/transcript/frontMatter';
import { readNote } from '../../../src/transcript/readNote';
import { anyRun } from '../../support/runArbitrary';
import { finishedRun } from '../../support/sampleRuns';

const root = 'file:///home/person/project';

describe('readNote', () => {
  it('gives back any run that was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        expect(readNote(await renderNote(run, { root, toRoot: '..' }), root)).toEqual(run);
      }),
      { numRuns: 600 },
    );
  });

  it('gives back a run through a file with the line ends of Windows', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        const note = (await renderNote(run, { root })).replaceAll('\n', '\r\n');
        expect(readNote(note, root)).toEqual(run);
      }),
      { numRuns: 200 },
    );
  });

  it('survives a file as UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        const note = Buffer.from(await renderNote(run, { root }), 'utf8').toString('utf8');
        expect(readNote(note, root)).toEqual(run);
      }),
      { numRuns: 200 },
    );
  });

  it('reads any beginning of a note as the steps that are in it, or refuses it', async () => {
    const run = finishedRun();
    const note = await renderNote(run);
    const firstReadable = (await noteHead(run)).length - 1;
    for (let length = 0; length < note.length; length += 7) {
      const cut = note.slice(0, length);
      if (length < firstReadable) {
        expect(() => readNote(cut)).toThrow(expect.objectContaining({ code: 'unreadable-note' }));
        continue;
      }
      const read = readNote(cut);
      expect(read.request).toEqual(run.request);
      expect(read.steps.length).toBeLessThanOrEqual(run.steps.length);
      expect(run.steps.map(({ index }) => index).slice(0, read.steps.length)).toEqual(read.steps.map(({ index }) => index));
    }
  });

  it('takes over what a person changed in the texts', async () => {
    const run = finishedRun();
    const note = await renderNote(run);
    const edited = note.replaceAll('two nested loops', 'three nested loops').replace('O(n²) time', 'O(n³) time');
    expect(edited).not.toBe(note);
    const read = readNote(edited);
    expect(read.steps[0]?.thought).toContain('three nested loops');
    expect(read.answer).toContain('O(n³) time');
  });

  it('takes over what a person changed in a text that could not be shown as it is', async () => {
    const run: Run = { ...finishedRun(), answer: 'An open fence:\n```\ncode' };
    const note = await renderNote(run);
    expect(readNote(note).answer).toBe(run.answer);
    expect(readNote(note.replace('\nAn open fence', '\nA closed fence')).answer).toBe('A closed fence:\n```\ncode\n```');
  });

  it.each([
    ['a file of someone else', '# Groceries\n\n- eggs\n'],
    ['facts that are no JSON', '<!-- stepwise:run\n{ "id": \n-->'],
    ['facts of another shape', '<!-- stepwise:run\n{ "id": 5 }\n-->'],
    ['a task that there is not', '<!-- stepwise:run\n{"id":"1","startedAt":0,"protocol":"xml","maxIterations":5,"model":{"id":"m","vendor":"groq","label":"m"},"request":{"task":"sing","question":"q"}}\n-->'],
  ])('refuses %s', (_name, text) => {
    expect(() => readNote(text)).toThrow(expect.objectContaining({ code: 'unreadable-note' }));
  });

  it('does not take a prototype from a file', () => {
    const facts = '{"id":"1","startedAt":0,"protocol":"xml","maxIterations":5,"model":{"id":"m","vendor":"groq","label":"m"},"request":{"task":"question","question":"q"},"__proto__":{"polluted":true}}';
    const run = readNote(`<!-- stepwise:run\n${facts}\n-->`);
    expect(run.id).toBe('1');
    expect('polluted' in run).toBe(false);
    expect('polluted' in {}).toBe(false);
  });
});

describe('noteHead and noteStep', () => {
  it('written one after the other can be read at any time', async () => {
    const run = finishedRun();
    let note = await noteHead({ ...run, steps: [], answer: '' });
    expect(readNote(note)).toMatchObject({ id: run.id, steps: [] });
    for (const step of run.steps) {
      note += noteStep(step);
    }
    const { id, startedAt, request, model, protocol, maxIterations, steps } = run;
    expect(readNote(note)).toEqual({ id, startedAt, request, model, protocol, maxIterations, steps, answer: '' });
  });
});

describe('front matter', () => {
  it('is read back as it was written, whatever the texts are', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        const summary = summaryOf(run, 'ab12');
        const written = await readFrontMatter(await renderNote(run, { codeHash: 'ab12' }));
        expect(written).toEqual(JSON.parse(JSON.stringify({ ...summary, date: Math.trunc(summary.date) })));
      }),
      { numRuns: 300 },
    );
  });

  it('is not found in a file of someone else', async () => {
    expect(await readFrontMatter('---\ntitle: x\n---\n')).toBeUndefined();
    expect(await readFrontMatter('# x')).toBeUndefined();
    expect(await readFrontMatter('---\nstepwise: [\n---\n')).toBeUndefined();
    expect(await readFrontMatter('---\nstepwise: 1\ndate: never\ntask: complexity\n---\n')).toBeUndefined();
  });
});
