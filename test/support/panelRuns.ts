import type { RunEvent } from '../../src/core/events';
import type { Run } from '../../src/core/run';
import type { PanelSnapshot } from '../../src/webview/protocol';
import { runOf, sampleEvents, startedAt } from './sampleRuns';

/** A snapshot with everything that the host offers. */
export function snapshotOf(run: Run | undefined, overrides: Partial<PanelSnapshot> = {}): PanelSnapshot {
  return {
    bundle: {},
    language: 'en',
    paused: false,
    note: run?.outcome === undefined ? { state: 'none' } : { state: 'written', label: '.reasoning/why.md' },
    nextModel: 'Built-in analyzer',
    abilities: ['open-note', 'follow-up', 'retry', 'go-deeper', 'pause', 'fork', 'check-citations', 'compare', 'export'],
    recent: [],
    ...(run === undefined ? {} : { run }),
    ...overrides,
  };
}

const rich = `## Result

The function \`pairs\` takes **O(n²) time**; the nested loops in lines 3–4 decide it.

1. The outer loop (\`src/pairs.py:3\`) runs $n$ times.
2. The inner loop (src/pairs.py:4-6) runs $n$ times *for each* of them, so in all

$$\\sum_{i=1}^{n} n = n^2$$

3. \`found.append\` costs $O(1)$, amortised; see [the list of costs](https://wiki.python.org/moin/TimeComplexity).

\`\`\`python
def pairs(items):
    seen = set()          # one pass instead of two
    for left in items:
        if -left in seen:
            yield left, -left
        seen.add(left)
\`\`\`

| part | today | with a set |
| :-- | --: | --: |
| time | $O(n^2)$ | $O(n)$ |
| space | $O(n^2)$ | $O(n)$ |

> The second version finds each pair once. \`missing/file.py:12\` does not exist.
`;

/** The events of a finished run with all that an answer can have. */
export function richEvents(): readonly RunEvent[] {
  return sampleEvents().map((event) => {
    if (event.type === 'run-end') {
      return { ...event, answer: rich.trim() };
    }
    return event;
  }).filter(({ type }) => type !== 'answer-delta');
}

/** The same question to another model: one step the same, the answer shorter. */
function otherRun(): Run {
  const totals = { elapsedMs: 1240, thinkingMs: 610, steps: 2, usage: { promptTokens: 640, completionTokens: 92 } };
  const answer = `## Result\n\nThe function \`pairs\` takes **O(n²) time**: two loops over the same list.\n\n1. The outer loop (\`src/pairs.py:3\`) runs $n$ times.\n2. So does the inner one.`;
  const other = sampleEvents().flatMap((event): readonly RunEvent[] => {
    switch (event.type) {
      case 'thought-end':
        return [event.step === 1 ? event : { ...event, title: 'The inner loop does constant work.', thought: 'So the product of both loops counts.', thinkingMs: 210 }];
      case 'run-end':
        return [{ ...event, answer, totals }];
      case 'answer-delta':
        return [];
      default:
        return [event];
    }
  });
  return { ...runOf(other), id: 'run-2', model: { id: 'stepwise-analyzer', vendor: 'built-in', label: 'Built-in analyzer' } };
}

/** Runs in each state that a person can meet. */
export function panelStates(): Readonly<Record<string, PanelSnapshot>> {
  const events = sampleEvents();
  const upTo = (type: RunEvent['type'], step = 1): readonly RunEvent[] =>
    events.slice(0, events.findIndex((event) => event.type === type && (!('step' in event) || event.step === step)) + 1);
  const now = Date.now();
  const live = (list: readonly RunEvent[]): Run => runOf(list.map((event) => (event.type === 'run-start' ? { ...event, at: now - 4000 } : event)));
  const totals = { elapsedMs: 2100, thinkingMs: 1200, steps: 2, usage: { promptTokens: 812, completionTokens: 64 } };
  const beforeEnd = events.filter(({ type }) => type !== 'run-end' && type !== 'verdict' && type !== 'answer-delta');
  return {
    empty: snapshotOf(undefined),
    starting: snapshotOf(live(upTo('run-start'))),
    thinking: snapshotOf(live(upTo('thought-delta'))),
    acting: snapshotOf(live(upTo('action-start'))),
    waiting: snapshotOf(live(upTo('wait', 2))),
    answering: snapshotOf(live(upTo('answer-delta', 2))),
    paused: snapshotOf(live(upTo('step-end')), { paused: true }),
    answered: snapshotOf(runOf(richEvents())),
    disputed: snapshotOf(runOf(richEvents().map((event) => event.type !== 'verdict' ? event : {
      ...event,
      verdict: { agreement: 'disagrees', claim: 'O(n log n)', derived: 'O(n²)', claimClass: 'nlogn', derivedClass: 'quadratic', explanation: 'The nested loops in lines 3 and 4 take O(n²).' },
    }))),
    stopped: snapshotOf(runOf([...beforeEnd, { type: 'run-end', at: startedAt + 2100, outcome: 'cancelled', answer: '', totals }])),
    failed: snapshotOf(runOf([
      ...upTo('action-end'),
      {
        type: 'run-end', at: startedAt + 2100, outcome: 'failed', answer: '', totals,
        error: { code: 'model-not-found', message: 'The server does not know the model "llama-3.1-70b-versatile". Choose another model.', remedy: 'choose-model', alternatives: ['openai/gpt-oss-120b', 'llama-3.3-70b-versatile'] },
      },
    ])),
    compared: snapshotOf(runOf(richEvents()), {
      comparedRun: otherRun(),
    }),
    branches: snapshotOf({ ...runOf(richEvents()), id: 'fork-1' }, {
      recent: [
        { runId: 'fork-2', task: 'complexity', question: 'And how much memory does it need in the worst case?', modelLabel: 'Built-in analyzer', startedAt: startedAt + 400_000, parent: { kind: 'follow-up', runId: 'fork-1' } },
        { runId: 'deep', task: 'complexity', question: 'What is the complexity?', modelLabel: 'Built-in analyzer', startedAt: startedAt + 300_000, outcome: 'limit', parent: { kind: 'go-deeper', runId: 'run-1' } },
        { runId: 'fork-1', task: 'complexity', question: 'What is the complexity?', modelLabel: 'GPT OSS 120B (Groq)', startedAt: startedAt + 200_000, outcome: 'answered', parent: { kind: 'fork', runId: 'run-1', step: 1, edited: true } },
        { runId: 'run-1', task: 'complexity', question: 'What is the complexity?', modelLabel: 'Built-in analyzer', startedAt, outcome: 'answered' },
        { runId: 'old-1', task: 'bugs', question: 'Are there bugs in parse_order?', modelLabel: 'Built-in analyzer', startedAt: startedAt - 600_000, outcome: 'answered' },
      ],
    }),
    recent: snapshotOf(runOf(richEvents()), {
      recent: [
        { runId: 'old-1', task: 'bugs', question: 'Are there bugs in parse_order?', modelLabel: 'Built-in analyzer', startedAt: startedAt - 600_000, outcome: 'answered' },
        { runId: 'old-2', task: 'security', question: 'Can this query be injected into?', modelLabel: 'GPT OSS 120B (Groq)', startedAt: startedAt - 900_000, outcome: 'cancelled' },
      ],
    }),
  };
}
