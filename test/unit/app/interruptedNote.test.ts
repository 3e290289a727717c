import { describe, expect, it } from 'vitest';
import { withEnd } from '../../../src/app/interruptedNote';
import { readFrontMatter } from '../../../src/transcript/frontMatter';
import { noteHead, noteStep } from '../../../src/transcript/markdown';
import { readNote } from '../../../src/transcript/readNote';
import { interrupted } from '../../../src/vscode/keptRuns';
import { runOf, sampleEvents } from '../../support/sampleRuns';

const events = sampleEvents();
const afterFirstStep = runOf(events.slice(0, events.findIndex(({ type }) => type === 'step-end') + 1));

async function interruptedNote(): Promise<string> {
  const begun = runOf(events.slice(0, 1));
  return `${await noteHead(begun)}${afterFirstStep.steps.map((step) => noteStep(step)).join('')}`;
}

describe('withEnd', () => {
  it('gives an interrupted note its end: it opens again as a stopped run with the steps it had', async () => {
    const note = await interruptedNote();
    expect(await readFrontMatter(note)).toMatchObject({ result: 'running', steps: 0 });
    const ended = withEnd(note, interrupted(readNote(note), 1_800_000_000_000));
    expect(await readFrontMatter(ended)).toMatchObject({ result: 'cancelled', steps: 1 });
    expect(readNote(ended)).toMatchObject({ outcome: 'cancelled', endedAt: 1_800_000_000_000, error: { remedy: 'retry' } });
    expect(readNote(ended).steps.map(({ thought }) => thought)).toEqual(afterFirstStep.steps.map(({ thought }) => thought));
  });

  it('leaves alone what a person wrote, also where it looks like front matter', async () => {
    const note = (await interruptedNote()).replace('\ntask:', '\nreviewed-by: me\ntask:') + '\nMy own words.\n\n---\nresult: running\nsteps: 7\n---\n';
    const ended = withEnd(note, interrupted(readNote(note), 0));
    expect(ended).toContain('\nreviewed-by: me\n');
    expect(ended).toContain('My own words.\n\n---\nresult: running\nsteps: 7\n---\n');
    expect(await readFrontMatter(ended)).toMatchObject({ result: 'cancelled' });
  });

  it('keeps Windows line ends in the front matter', async () => {
    const note = (await interruptedNote()).replace(/^---[\s\S]*?\n---\n/, (head) => head.replaceAll('\n', '\r\n'));
    const ended = withEnd(note, interrupted(readNote(note), 0));
    expect(ended).toContain('\r\nresult: cancelled\r\n');
  });
});
