import { describe, it } from 'vitest';
import type { RunEvent } from '../../src/core/events';
import { StepwiseError } from '../../src/core/errors';
import { expectGolden } from '../support/golden';
import { recordRun, sampleRequest, sampleTool } from '../support/loopRuns';
import type { ScriptedTurn } from '../support/scriptedModel';
import { scriptedModel } from '../support/scriptedModel';
import { steppingClock } from '../support/testClock';

/** One line an event, deltas of the same kind joined: short enough to review. */
function logOf(events: readonly RunEvent[]): string {
  const lines: string[] = [];
  let delta = '';
  let text = '';
  const flush = (): void => {
    if (delta !== '') {
      lines.push(`${delta} ${JSON.stringify(text)}`);
    }
    delta = '';
    text = '';
  };
  for (const event of events) {
    if (event.type === 'thought-delta' || event.type === 'answer-delta') {
      if (delta !== event.type) {
        flush();
        delta = event.type;
      }
      text += event.text;
    } else {
      flush();
      const { type, ...rest } = event;
      lines.push(`${type} ${JSON.stringify(rest)}`);
    }
  }
  flush();
  return `${lines.join('\n')}\n`;
}

/** The requests of a run: roles and contents, the first in full and of the later ones what was added. */
function requestsOf(model: ReturnType<typeof scriptedModel>): string {
  let known = 0;
  return model.requests
    .map(({ messages, ...rest }, index) => {
      const added = messages.slice(known);
      known = messages.length;
      const parts = added.map((message) => `--- ${message.role}\n${message.content}`);
      return [`=== request ${index + 1} ${JSON.stringify(rest)}`, ...parts].join('\n');
    })
    .join('\n')
    .concat('\n');
}

const scripts: Record<string, readonly ScriptedTurn[]> = {
  'three-steps': [
    '<thought>The function calls sum. I need the file to see the caller.</thought>\n<action name="read_file">{"path": "total.py"}</action>',
    '<thought>Who calls it?</thought>\n<action name="search_text">{"path": "total("}</action>\n<action name="read_file">{"path": "total.py"}</action>',
    '<thought>One pass over the prices.</thought>\n<answer>\nIt adds up **prices** in one pass (`total.py:2`).\n</answer>',
  ],
  'broken-then-answered': [
    '<thought>Read it.</thought><action name="read_file">the first file</action>',
    [{ type: 'text', text: '<thought>Read it.</thought><action name="read_file">{"pa' }, { type: 'finish', reason: 'length' }],
    '<answer>It adds.</answer>',
  ],
  'server-fails': [
    '<thought>I look first.</thought><action name="read_file">{"path": "total.py"}</action>',
    [
      { type: 'wait', waitMs: 2000, attempt: 2, reason: { code: 'rate-limited', message: 'Too many requests.' } },
      { type: 'error', error: new StepwiseError('rate-limited', 'Too many requests. Wait a minute.', { remedy: 'retry' }) },
    ],
  ],
};

describe('recorded runs', () => {
  it.each(Object.entries(scripts))('%s', async (name, turns) => {
    const model = scriptedModel(turns, { chunkSize: 9 });
    const tools = [
      sampleTool('read_file', () => ({ text: '1 | def total(prices):\n2 |     return sum(prices)', references: [{ path: 'total.py' }] })),
      sampleTool('search_text', () => ({ text: 'No matches. Try a shorter text.', isError: true })),
    ];
    const request = sampleRequest({ protocol: 'xml' });
    const { events } = await recordRun(request, { model, tools, runId: 'run-1', clock: steppingClock() });
    expectGolden(`${name}.events.txt`, logOf(events));
    expectGolden(`${name}.requests.txt`, requestsOf(model));
  });
});
