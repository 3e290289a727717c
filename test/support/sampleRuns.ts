import type { RunEvent } from '../../src/core/events';
import type { Run } from '../../src/core/run';
import { runFromEvents } from '../../src/core/run';

/** A moment that tests share: 2026-03-14T09:26:53.589Z. */
export const startedAt = Date.UTC(2026, 2, 14, 9, 26, 53, 589);

const code = `def pairs(items):
    found = []
    for left in items:
        for right in items:
            if left + right == 0:
                found.append((left, right))
    return found
`;

const answer = `The function takes **O(n²) time** and, at worst, O(n²) space.

- The inner loop (\`src/pairs.py:4\`) runs $n$ times for each of the $n$ rounds of the outer one.
- \`found\` holds at most $n^2$ pairs.

\`\`\`python
for left in items:
    for right in items:
        ...
\`\`\`

| part | cost |
| --- | --- |
| loops | $O(n^2)$ |
| append | $O(1)$, amortised |
`;

/** The events of a run of two steps with a tool each, a verdict and an answer, as the loop gives them. */
export function sampleEvents(): readonly RunEvent[] {
  const firstThought = 'There are two nested loops over `items`. I look at the analysis of both before I claim anything.';
  return [
    {
      type: 'run-start',
      runId: 'run-1',
      at: startedAt,
      request: {
        task: 'complexity',
        question: 'What is the time and space complexity of pairs, and why?',
        code: {
          uri: 'file:///home/person/project/src/pairs.py',
          path: 'src/pairs.py',
          languageId: 'python',
          text: code,
          range: { startLine: 1, endLine: 7 },
          symbol: 'pairs',
        },
        options: { maxIterations: 5 },
      },
      model: { id: 'openai/gpt-oss-120b', vendor: 'groq', label: 'GPT OSS 120B (Groq)', contextTokens: 131_072, price: { input: 0.15, output: 0.6 } },
      protocol: 'xml',
      maxIterations: 5,
    },
    { type: 'step-start', step: 1, at: startedAt + 5, kind: 'turn' },
    { type: 'limits', limits: { requestsLimit: 1000, requestsLeft: 997, requestsResetMs: 60_000, tokensLimit: 8000, tokensLeft: 6204, tokensResetMs: 12_500 } },
    { type: 'thought-delta', step: 1, text: firstThought.slice(0, 30) },
    { type: 'thought-delta', step: 1, text: firstThought.slice(30) },
    {
      type: 'thought-end',
      step: 1,
      title: 'There are two nested loops over items.',
      thought: firstThought,
      thinkingMs: 840,
      usage: { promptTokens: 812, completionTokens: 64 },
    },
    { type: 'action-start', step: 1, callId: '1.1', tool: 'analyze_complexity', args: { path: 'src/pairs.py', symbol: 'pairs' }, summary: 'Analyzing pairs in src/pairs.py' },
    { type: 'action-start', step: 1, callId: '1.2', tool: 'find_references', args: { path: 'src/pairs.py', line: 1, symbol: 'pairs' }, summary: 'Finding references to pairs' },
    {
      type: 'action-end',
      step: 1,
      callId: '1.2',
      observation: 'No references found.',
      isError: false,
      cached: false,
      elapsedMs: 4,
      references: [],
    },
    {
      type: 'action-end',
      step: 1,
      callId: '1.1',
      observation: 'pairs(items): time O(len(items)²), space O(len(items)²)\n  3 | for left in items: len(items) times\n  4 | for right in items: len(items) times\n',
      isError: false,
      cached: false,
      elapsedMs: 21.5,
      references: [{ path: 'src/pairs.py', range: { startLine: 1, endLine: 7 } }],
    },
    { type: 'step-end', step: 1, at: startedAt + 900 },
    { type: 'step-start', step: 2, at: startedAt + 901, kind: 'turn' },
    { type: 'wait', step: 2, waitMs: 2000, attempt: 2, reason: { code: 'rate-limited', message: 'The limit of tokens per minute is used up; going on by itself.' } },
    { type: 'notice', step: 2, code: 'recovered', message: 'The connection broke off and was taken up again.' },
    { type: 'thought-delta', step: 2, text: 'The analysis agrees with the structure.' },
    { type: 'answer-delta', step: 2, text: answer.slice(0, 60) },
    { type: 'answer-delta', step: 2, text: answer.slice(60) },
    {
      type: 'thought-end',
      step: 2,
      title: 'The analysis agrees with the structure.',
      thought: 'The analysis agrees with the structure.',
      thinkingMs: 1310,
      usage: { promptTokens: 1010, completionTokens: 180, cachedTokens: 512 },
    },
    { type: 'step-end', step: 2, at: startedAt + 4300 },
    {
      type: 'verdict',
      verdict: {
        agreement: 'agrees',
        claim: 'O(n²)',
        derived: 'O(len(items)²)',
        claimClass: 'quadratic',
        derivedClass: 'quadratic',
        explanation: 'The analysis of the code derives O(len(items)²) as well.',
      },
    },
    {
      type: 'run-end',
      at: startedAt + 4350,
      outcome: 'answered',
      answer: answer.trim(),
      totals: { elapsedMs: 4350, thinkingMs: 2150, steps: 2, usage: { promptTokens: 1822, completionTokens: 244, cachedTokens: 512 }, costUsd: 0.00041 },
    },
  ];
}

/** The run that the sample events tell. */
export function finishedRun(): Run {
  return runOf(sampleEvents());
}

/** The run of some events, which must begin with `run-start`. */
export function runOf(events: readonly RunEvent[]): Run {
  const run = runFromEvents(structuredClone(events));
  if (run === undefined) {
    throw new Error('These events tell no run.');
  }
  return run;
}
