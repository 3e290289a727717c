import { describe, it } from 'vitest';
import type { RunEvent } from '../../src/core/events';
import { chatTeller } from '../../src/transcript/chatMarkdown';
import { renderNote } from '../../src/transcript/markdown';
import { expectGolden } from '../support/golden';
import { finishedRun, runOf, sampleEvents, startedAt } from '../support/sampleRuns';

const rendering = { root: 'file:///home/person/project', toRoot: '..', codeHash: '7d'.repeat(32) };

describe('notes', () => {
  it('of an answered run', async () => {
    expectGolden('notes/answered.md', await renderNote(finishedRun(), rendering));
  });

  it('of a run that was stopped in its second step', async () => {
    const events = sampleEvents();
    const stopped: RunEvent[] = [
      ...events.slice(0, events.findIndex((event) => event.type === 'answer-delta')),
      {
        type: 'run-end', at: startedAt + 2000, outcome: 'cancelled', answer: '',
        totals: { elapsedMs: 2000, thinkingMs: 1200, steps: 2, usage: { promptTokens: 812, completionTokens: 64, estimated: true } },
      },
    ];
    expectGolden('notes/stopped.md', await renderNote(runOf(stopped), rendering));
  });

  it('of a run whose texts try to break it', async () => {
    const hostile = 'An open fence:\n```html\n<!-- stepwise:end -->\n</details>\n<b>bold</b>\n';
    const run = finishedRun();
    const step = run.steps[0];
    if (step?.actions[0] !== undefined) {
      step.title = '</summary> ![x](http://example.org/x.png) **bold** `code`';
      step.thought = `<!-- hides the rest\n\n![pixel](http://example.org/pixel.png)\n\n${hostile}`;
      step.actions[0].observation = `${hostile}\n\`\`\`\`\n---\nstepwise: 1\n---\n`;
    }
    run.answer = '<script>alert(1)</script>\n\n## Step 9: not a step\n\n`<b>` stays, a \\<b> stays, <b>this</b> is text.';
    const question = '--- <img src=x>\nWhy?\n---';
    expectGolden('notes/hostile.md', await renderNote({ ...run, request: { ...run.request, question } }, rendering));
  });
});

describe('chat', () => {
  it('tells an answered run', () => {
    const tell = chatTeller();
    const lines = sampleEvents().flatMap((event) => tell(event)).map((fragment) => JSON.stringify(fragment));
    expectGolden('notes/chat.txt', `${lines.join('\n')}\n`);
  });
});
