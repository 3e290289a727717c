import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NoteFiles, NoteOptions } from '../../../src/app/notes';
import { noteWriter, saveNote } from '../../../src/app/notes';
import type { StepwiseError } from '../../../src/core/errors';
import type { RunEvent } from '../../../src/core/events';
import { createNoteFiles } from '../../../src/node/noteFiles';
import { readFrontMatter } from '../../../src/transcript/frontMatter';
import { readNote } from '../../../src/transcript/readNote';
import { finishedRun, sampleEvents } from '../../support/sampleRuns';

const name = 'pairs-complexity.md';
const root = 'file:///home/person/project';

let folder: string;
let problems: StepwiseError[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-notes-'));
  problems = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function options(files: NoteFiles = createNoteFiles(folder)): NoteOptions {
  return { files, root, toRoot: '..', onProblem: (error) => problems.push(error) };
}

async function write(events: readonly RunEvent[], files?: NoteFiles): Promise<string | undefined> {
  const writer = noteWriter(options(files));
  for (const event of events) {
    writer.sink(event);
  }
  return await writer.finish();
}

const events = sampleEvents();
const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
const upTo = (type: RunEvent['type']): readonly RunEvent[] => events.slice(0, events.findIndex((event) => event.type === type) + 1);

describe('noteWriter', () => {
  it('writes a note that holds the whole run', async () => {
    expect(await write(events)).toBe(name);
    expect(await readdir(folder)).toEqual([name]);
    const note = await text(name);
    expect(readNote(note, root)).toEqual(finishedRun());
    expect(await readFrontMatter(note)).toMatchObject({
      result: 'answered',
      hash: 'sha256:99ad2d1e08fc661ed705490583f2cef25a8b3e6f91500b729a21e405d2819d32',
    });
    expect(problems).toEqual([]);
  });

  it('has written each step when it is over, so that a crash loses the one in progress at most', async () => {
    const writer = noteWriter(options());
    const seen: number[] = [];
    for (const event of events.filter(({ type }) => type !== 'run-end')) {
      writer.sink(event);
      if (event.type === 'run-start' || event.type === 'step-end') {
        // Never ended, as after a crash: what is on disk now is all there will be.
        await writer.finish();
        const note = await text(name);
        seen.push(readNote(note, root).steps.length);
        expect(await readFrontMatter(note)).toMatchObject({ result: 'running' });
      }
    }
    expect(seen).toEqual([0, 1, 2]);
  });

  it('is not finished before its run is', async () => {
    expect(await write(upTo('step-end'))).toBeUndefined();
    expect(await readdir(folder)).toEqual([name]);
  });

  it('marks runs that were stopped or failed', async () => {
    const totals = { elapsedMs: 10, thinkingMs: 5, steps: 1, usage: { promptTokens: 1, completionTokens: 1 } };
    await write([...upTo('thought-end'), { type: 'run-end', at: 1, outcome: 'cancelled', answer: '', totals }]);
    const error = { code: 'unreachable', message: 'The server cannot be reached.' } as const;
    await write([...upTo('thought-end'), { type: 'run-end', at: 1, outcome: 'failed', answer: '', error, totals }]);
    const [stopped, failed] = [await text(name), await text(name.replace('.md', '-2.md'))];
    expect(await readFrontMatter(stopped)).toMatchObject({ result: 'cancelled' });
    expect(await readFrontMatter(failed)).toMatchObject({ result: 'failed' });
    expect(readNote(stopped, root).steps).toHaveLength(1);
    expect(failed).toContain('**Failed**: The server cannot be reached.');
  });

  it('writes over no file', async () => {
    await writeFile(join(folder, name), 'mine');
    await mkdir(join(folder, name.replace('.md', '-2.md')));
    expect(await write(events)).toBe(name.replace('.md', '-3.md'));
    expect(await text(name)).toBe('mine');
  });

  it('gives two runs of one question that go on at the same time a note each', async () => {
    const names = await Promise.all([write(events), write(events), write(events)]);
    expect(new Set(names).size).toBe(3);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('leaves a note alone that a person changed while the run went on', async () => {
    const writer = noteWriter(options());
    for (const event of upTo('step-end')) {
      writer.sink(event);
    }
    await writer.finish();
    const edited = `${await text(name)}\nMy remark.\n`;
    await writeFile(join(folder, name), edited);
    for (const event of events.slice(upTo('step-end').length)) {
      writer.sink(event);
    }
    const finished = await writer.finish();
    expect(finished).toBe(name.replace('.md', '-2.md'));
    expect(await text(name)).toBe(edited);
    expect(readNote(await text(String(finished)), root)).toEqual(finishedRun());
  });

  it('writes a note anew that was deleted while the run went on', async () => {
    const writer = noteWriter(options());
    upTo('step-end').forEach((event) => writer.sink(event));
    await writer.finish();
    await rm(join(folder, name));
    events.slice(upTo('step-end').length).forEach((event) => writer.sink(event));
    expect(await writer.finish()).toBe(name);
    expect(readNote(await text(name), root)).toEqual(finishedRun());
  });

  it('tells once of a folder that cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await write(events, createNoteFiles(join(folder, 'file')))).toBeUndefined();
    expect(problems.map(({ code, remedy }) => [code, remedy])).toEqual([['note-not-written', 'open-settings']]);
    expect(problems[0]?.cause).toBeInstanceOf(Error);
  });

  it('goes on after a write that failed, and has everything at the end', async () => {
    const files = createNoteFiles(folder);
    let failures = 2;
    const flaky: NoteFiles = {
      ...files,
      append: async (file, added) => {
        failures -= 1;
        if (failures >= 0) {
          throw new Error('no space left');
        }
        await files.append(file, added);
      },
    };
    expect(await write(events, flaky)).toBe(name);
    expect(problems).toHaveLength(1);
    expect(readNote(await text(name), root)).toEqual(finishedRun());
  });

  it('masks secrets, those of the setting as well, and tells of broken patterns', async () => {
    const secret = `ghp_${'aB3'.repeat(12)}`;
    const leaky = events.map((event) => (event.type === 'action-end' ? { ...event, observation: `TOKEN ${secret} ACME-77` } : event));
    const writer = noteWriter({ ...options(), redactPatterns: ['ACME-\\d+', '['] });
    leaky.forEach((event) => writer.sink(event));
    const note = await text(String(await writer.finish()));
    expect(note).not.toContain(secret);
    expect(note).not.toContain('ACME-77');
    expect(note).toContain('TOKEN [redacted: GitHub token] [redacted: own pattern]');
    expect(problems.map(({ code }) => code)).toEqual(['bad-arguments']);
  });
});

describe('createNoteFiles', () => {
  it('leaves the old text where a new one cannot be written, and nothing else', async () => {
    const files = createNoteFiles(folder);
    await mkdir(join(folder, 'taken.md'));
    await expect(files.replace('taken.md', 'new')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken.md']);
  });

  it('knows a file that is not there', async () => {
    const files = createNoteFiles(join(folder, 'new'));
    expect(await files.read('a.md')).toBeUndefined();
    expect(await files.create('a.md', 'one')).toBe('created');
    expect(await files.create('a.md', 'two')).toBe('exists');
    await files.append('a.md', ' more');
    expect(await files.read('a.md')).toBe('one more');
    await files.replace('a.md', 'other');
    expect(await readdir(join(folder, 'new'))).toEqual(['a.md']);
    expect(await files.read('a.md')).toBe('other');
  });
});

describe('saveNote', () => {
  it('writes the note of a run that is over, redacted and beside what was there', async () => {
    await writeFile(join(folder, name), 'mine');
    const secret = `sk-${'a1B2'.repeat(8)}`;
    const saved = await saveNote({ ...finishedRun(), answer: `The key is ${secret}.` }, options());
    expect(saved).toBe(name.replace('.md', '-2.md'));
    const note = await text(saved ?? '');
    expect(note).not.toContain(secret);
    expect(readNote(note, root)).toEqual({ ...finishedRun(), answer: 'The key is [redacted: OpenAI key].' });
    expect(await text(name)).toBe('mine');
    expect(problems).toEqual([]);
  });

  it('says why it could not', async () => {
    const broken: NoteFiles = { ...createNoteFiles(folder), create: () => Promise.reject(new Error('full')) };
    expect(await saveNote(finishedRun(), options(broken))).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['note-not-written']);
  });
});
