import { describe, expect, it } from 'vitest';
import { deepened, followUp, forked, retried } from '../../../src/app/nextRequest';
import type { ReasoningRequest } from '../../../src/core/request';
import type { Run } from '../../../src/core/run';
import { threeStepRun } from '../../support/threeStepRun';

const request: ReasoningRequest = {
  task: 'complexity',
  question: 'How fast?',
  code: { uri: 'file:///a.py', path: 'a.py', languageId: 'python', text: 'x', range: { startLine: 1, endLine: 1 } },
  parent: { kind: 'retry', runId: 'before' },
  options: { maxIterations: 5, systemPrompt: 'old settings' },
};

function finishedRun(): Run {
  return threeStepRun(request, [{ type: 'action-start', step: 3, callId: 'open', tool: 'read_file', args: {}, summary: 'Never came back' }]);
}

describe('the request that goes on from a run', () => {
  it('asks further, with question and answer before it and the settings as they are now', () => {
    const next = followUp(finishedRun(), ' Which tests does it need? ');
    expect(next.task).toBe('tests');
    expect(next.question).toBe('Which tests does it need?');
    expect(next.code).toEqual(request.code);
    expect(next.history).toEqual([{ role: 'user', content: 'How fast?' }, { role: 'assistant', content: 'O(n)' }]);
    expect(next.options).toBeUndefined();
    expect(next.earlierSteps).toBeUndefined();
    expect(next.parent).toEqual({ kind: 'follow-up', runId: 'r' });
  });

  it('goes on from a step, as it was or as the person edited it', () => {
    const next = forked(finishedRun(), 2, { thought: 'Better', observations: ['Other'] });
    expect(next.earlierSteps?.map(({ thought, actions }) => [thought, actions[0]?.observation])).toEqual([['Thought 1', 'Seen 1'], ['Better', 'Other']]);
    expect(next.parent).toEqual({ kind: 'fork', runId: 'r', step: 2, edited: true });
    const same = forked(finishedRun(), 1, undefined);
    expect(same.earlierSteps?.[0]?.thought).toBe('Thought 1');
    expect(same.parent).toEqual({ kind: 'fork', runId: 'r', step: 1 });
  });

  it('is the same again, or with all of the steps that came back', () => {
    expect(retried(finishedRun())).toEqual({ task: 'complexity', question: 'How fast?', code: request.code, parent: { kind: 'retry', runId: 'r' } });
    const deeper = deepened(finishedRun());
    expect(deeper.earlierSteps).toHaveLength(3);
    expect(deeper.earlierSteps?.[2]?.actions).toHaveLength(1);
    expect(deeper.parent).toEqual({ kind: 'go-deeper', runId: 'r' });
  });

  it('keeps the tools that the request had chosen, and nothing else of its options', () => {
    const run = finishedRun();
    const chosen: Run = { ...run, request: { ...run.request, options: { tools: ['read_file'], systemPrompt: 'old' } } };
    expect(retried(chosen).options).toEqual({ tools: ['read_file'] });
    expect(followUp(chosen, 'Why?').options).toEqual({ tools: ['read_file'] });
  });
});
