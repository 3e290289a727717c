import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events';
import type { ChatFragment } from '../../../src/transcript/chatMarkdown';
import { chatMarkdown, chatTeller, verdictMarkdown } from '../../../src/transcript/chatMarkdown';
import { codeSpan, escapeInline } from '../../../src/transcript/escapeMarkdown';
import { formatUsd, placeText } from '../../../src/core/wording';
import { finishedRun, sampleEvents } from '../../support/sampleRuns';

function told(events: readonly RunEvent[]): readonly ChatFragment[] {
  const tell = chatTeller();
  return events.flatMap((event) => tell(event));
}

function answerOf(events: readonly RunEvent[]): string {
  return told(events).map((fragment) => (fragment.type === 'markdown' ? fragment.text : '')).join('');
}

const [start, stepStart] = sampleEvents();
const end = sampleEvents().at(-1);

describe('chatTeller', () => {
  it('shows an answer once, whether it was streamed or not', () => {
    const streamed = answerOf(sampleEvents());
    const whole = answerOf(sampleEvents().filter((event) => event.type !== 'answer-delta'));
    expect(streamed.split('amortised')).toHaveLength(2);
    expect(whole.split('amortised')).toHaveLength(2);
    expect(whole.trim()).toBe(chatMarkdown(finishedRun()));
  });

  it('shows what the end adds to a streamed answer', () => {
    const events = [start!, stepStart!, { type: 'answer-delta', step: 1, text: '\nFirst' } as const, { ...end!, answer: 'First part, second part.' } as RunEvent];
    expect(answerOf(events)).toContain('\nFirst part, second part.\n\n');
  });

  it('shows another final answer below what was streamed', () => {
    const events = [start!, stepStart!, { type: 'answer-delta', step: 1, text: 'Draft' } as const, { ...end!, answer: 'The answer.' } as RunEvent];
    expect(answerOf(events)).toMatch(/^Draft\n\nThe answer\.\n\n/);
  });

  it('says that a reply that broke off comes again', () => {
    const events = [start!, stepStart!, { type: 'answer-delta', step: 1, text: 'Half' } as const, { type: 'step-reset', step: 1 } as const, { type: 'answer-delta', step: 1, text: 'Whole' } as const];
    expect(answerOf(events)).toBe('Half\n\n*The reply broke off and comes again.*\n\nWhole');
    expect(answerOf([start!, stepStart!, { type: 'step-reset', step: 1 }])).toBe('');
  });

  it('names each place once', () => {
    const reference = { path: 'a.py', range: { startLine: 1, endLine: 2 } };
    const action = { type: 'action-end', step: 1, callId: '1', observation: '', isError: false, cached: false, elapsedMs: 1, references: [reference, reference, { path: 'a.py' }] } as const;
    expect(told([start!, stepStart!, action, action]).filter(({ type }) => type === 'reference')).toHaveLength(2);
  });

  it('names all places once more at the end', () => {
    const reference = { path: 'a.py', range: { startLine: 1, endLine: 2 } };
    const action = { type: 'action-end', step: 1, callId: '1', observation: '', isError: false, cached: false, elapsedMs: 1, references: [reference, reference, { path: 'b.py' }] } as const;
    expect(told([start!, stepStart!, action, end!]).at(-1)).toEqual({ type: 'anchors', references: [reference, { path: 'b.py' }] });
    expect(told([start!, stepStart!, end!]).some(({ type }) => type === 'anchors')).toBe(false);
  });

  it('escapes what models and tools wrote in progress lines', () => {
    const action = { type: 'action-start', step: 1, callId: '1', tool: 'x', args: {}, summary: '![a](http://example.org) <b>' } as const;
    expect(told([start!, stepStart!, action]).at(-1)).toEqual({ type: 'progress', text: '!\\[a\\](http://example.org) \\<b>' });
  });

  it('marks a run that was stopped', () => {
    expect(answerOf([start!, { ...end!, outcome: 'cancelled', answer: '' } as RunEvent])).toContain('*Stopped.*');
  });
});

describe('texts', () => {
  it('say a verdict in one line', () => {
    const verdict = { agreement: 'disagrees', claim: 'O(n)', derived: 'O(n²)', explanation: 'The loops are\nnested: O(n²).' } as const;
    expect(verdictMarkdown(verdict)).toBe('✗ **Disputed:** The loops are nested: O(n²).');
  });

  it('say a place', () => {
    expect(placeText('a.py', undefined)).toBe('a.py');
    expect(placeText('a.py', { startLine: 3, endLine: 3 })).toBe('a.py, line 3');
    expect(placeText('a.py', { startLine: 3, endLine: 5 })).toBe('a.py, lines 3–5');
  });

  it('escape Markdown', () => {
    expect(escapeInline('# a_b_ *c* snake_case 1. `x`\n&amp; $5')).toBe('\\# a_b\\_ \\*c\\* snake_case 1. \\`x\\` \\&amp; \\$5');
    expect(escapeInline('1. first')).toBe('1\\. first');
    expect(codeSpan('a`b``c')).toBe('```a`b``c```');
    expect(codeSpan('`')).toBe('`` ` ``');
  });

  it.each([[0, '0'], [0.000012, '0.000012'], [0.0131, '0.013'], [0.41, '0.41'], [1.256, '1.26']])('say %d dollars', (amount, text) => {
    expect(formatUsd(amount)).toBe(text);
  });
});
