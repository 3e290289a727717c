import type { RunEvent } from '../../src/core/events';
import type { ReasoningRequest } from '../../src/core/request';
import type { Run } from '../../src/core/run';
import { runOf } from './sampleRuns';

/** A finished run of three steps with one call each; `last` comes before its end. */
export function threeStepRun(request: ReasoningRequest, last: readonly RunEvent[] = []): Run {
  const usage = { promptTokens: 1, completionTokens: 1 };
  const steps = [1, 2, 3].flatMap((step): RunEvent[] => [
    { type: 'step-start', step, at: step, kind: 'turn' },
    { type: 'thought-end', step, title: `Title ${String(step)}`, thought: `Thought ${String(step)}`, thinkingMs: 1, usage },
    { type: 'action-start', step, callId: String(step), tool: 'read_file', args: { path: 'a.py' }, summary: 'Reading' },
    { type: 'action-end', step, callId: String(step), observation: `Seen ${String(step)}`, isError: false, cached: false, elapsedMs: 1, references: [] },
    { type: 'step-end', step, at: step },
  ]);
  return runOf([
    { type: 'run-start', runId: 'r', at: 0, request, model: { id: 'm', vendor: 'built-in', label: 'M' }, protocol: 'xml', maxIterations: 5 },
    ...steps,
    ...last,
    { type: 'run-end', at: 9, outcome: 'answered', answer: 'O(n)', totals: { elapsedMs: 9, thinkingMs: 3, steps: 3, usage } },
  ]);
}
