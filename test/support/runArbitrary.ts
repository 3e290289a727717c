import fc from 'fast-check';
import type { ErrorData } from '../../src/core/errors';
import type { ModelInfo, RateLimits, TokenUsage } from '../../src/core/model';
import type { CodeExcerpt, LineRange, ReasoningRequest, RunParent, SourceReference } from '../../src/core/request';
import { taskKinds } from '../../src/core/request';
import type { Run, RunAction, RunStep } from '../../src/core/run';
import type { ClaimVerdict } from '../../src/core/verdict';

/** Pieces that have broken formats like that of a note: marks, fences, HTML, odd line ends, odd characters. */
const awkwardPieces = [
  '\n', '\n\n', ' ', '    ', '\t', '\r\n', '\r', '`', '```', '````', '~~~', '```js\n', '\\', '\\`', '---', '---\n', '...', '#', '# ', '## Step 2: x',
  '<!--', '-->', '--!>', '<!-- stepwise:end -->', '<!-- stepwise:thought -->', '<!-- stepwise:step\n', '\n<!-- stepwise:end -->\n', '\n-->\n',
  '<details>', '</details>', '<script>', '<b', '<https://example.org>', '![x](http://example.org/a.png)', '[a](b)', '> ', '- ', '1. ', '  - ```\n',
  '{"a":1}', 'key: value', '"', "'", '$x$', '$$', '|', '**', '_', 'ß', '复杂度', '😀', '\ud83d', '\ude00', '\u0000', '\u001b[31m', '\u202e', '\ufeff',
  '\u2028', '\u0085', 'O(n²)', 'x', 'word', 'a b',
];

/** Texts made of awkward pieces and of anything else. */
export const awkwardText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...awkwardPieces) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) }), { maxLength: 14 })
  .map((pieces) => pieces.join(''));

const time = fc.double({ min: 0, max: 1e13, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const count = fc.nat({ max: 1_000_000 });
const line = fc.integer({ min: 1, max: 100_000 });

const optionalKeys = { noNullPrototype: true, requiredKeys: [] } as const;

/** A record whose keys named in `required` are always there and whose others may be missing. */
function record<Value extends object>(model: { [Key in keyof Value]-?: fc.Arbitrary<Exclude<Value[Key], undefined>> }, required: readonly (keyof Value & string)[]): fc.Arbitrary<Value> {
  return fc.record(model, { ...optionalKeys, requiredKeys: required as never[] }) as unknown as fc.Arbitrary<Value>;
}

const range: fc.Arbitrary<LineRange> = record<LineRange>({ startLine: line, endLine: line }, ['startLine', 'endLine']);
const reference = record<SourceReference>({ path: awkwardText, range }, ['path']);
const usage = record<TokenUsage>({ promptTokens: count, completionTokens: count, cachedTokens: count, estimated: fc.boolean() }, ['promptTokens', 'completionTokens']);
const error = record<ErrorData>(
  { code: fc.constantFrom('unreachable', 'bad-key', 'internal'), message: awkwardText, remedy: fc.constantFrom('retry', 'set-key'), alternatives: fc.array(awkwardText, { maxLength: 2 }) },
  ['code', 'message'],
);

/** Arguments as JSON has them: JSON has no -0, and `fc.jsonValue` makes objects without a prototype. */
const args = fc.dictionary(awkwardText, fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }), { maxKeys: 3, noNullPrototype: true })
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

const excerpt = record<CodeExcerpt>(
  {
    uri: fc.oneof(awkwardText, awkwardText.map((text) => `file:///home/person/project/${text}`)),
    path: awkwardText, languageId: fc.oneof(fc.constant('python'), awkwardText), text: awkwardText, range, symbol: awkwardText,
  },
  ['uri', 'path', 'languageId', 'text', 'range'],
);

const action = record<RunAction>(
  {
    callId: awkwardText, tool: awkwardText, args, summary: awkwardText, observation: awkwardText, isError: fc.boolean(), cached: fc.boolean(),
    elapsedMs: time, references: fc.array(reference, { maxLength: 2 }),
  },
  ['callId', 'tool', 'args', 'summary', 'isError', 'cached', 'elapsedMs', 'references'],
);

const step = record<RunStep>(
  {
    index: line, kind: fc.constantFrom('turn', 'final-answer'), startedAt: time, title: awkwardText, thought: awkwardText, answer: awkwardText,
    actions: fc.array(action, { maxLength: 3 }),
    notices: fc.array(fc.record({ code: fc.constantFrom('repair', 'recovered'), message: awkwardText }, { noNullPrototype: true }), { maxLength: 2 }),
    wait: fc.record({ waitMs: time, attempt: count, reason: error }, { noNullPrototype: true }),
    thinkingMs: time, usage, state: fc.constantFrom('thinking', 'acting', 'done'),
  },
  ['index', 'kind', 'startedAt', 'title', 'thought', 'answer', 'actions', 'notices', 'thinkingMs', 'usage', 'state'],
);

const parent = record<RunParent>(
  { kind: fc.constantFrom('fork', 'retry', 'go-deeper', 'follow-up'), runId: awkwardText, step: line, edited: fc.boolean() },
  ['kind', 'runId'],
);

const request = record<ReasoningRequest>(
  {
    task: fc.constantFrom(...taskKinds), question: awkwardText, code: excerpt, attachments: fc.array(excerpt, { maxLength: 2 }),
    history: fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content: awkwardText }, { noNullPrototype: true }), { maxLength: 2 }),
    earlierSteps: fc.array(
      fc.record({ title: awkwardText, thought: awkwardText, actions: fc.array(fc.record({ tool: awkwardText, args, observation: awkwardText, isError: fc.boolean() }, { noNullPrototype: true }), { maxLength: 1 }) }, { noNullPrototype: true }),
      { maxLength: 2 },
    ),
    parent,
    options: fc.record({ maxIterations: count, systemPrompt: awkwardText, tools: fc.array(awkwardText, { maxLength: 2 }) }, { noNullPrototype: true }),
  },
  ['task', 'question'],
);

const model = record<ModelInfo>(
  {
    id: awkwardText, vendor: fc.constantFrom('groq', 'built-in'), label: awkwardText, contextTokens: count, maxOutputTokens: count, nativeTools: fc.boolean(),
    jsonMode: fc.boolean(), strictSchema: fc.boolean(), price: fc.record({ input: time, output: time }, { noNullPrototype: true }),
  },
  ['id', 'vendor', 'label'],
);

const verdict = record<ClaimVerdict>(
  { agreement: fc.constantFrom('agrees', 'disagrees', 'weaker', 'cannot-tell'), claim: awkwardText, derived: awkwardText, claimClass: awkwardText, derivedClass: awkwardText, explanation: awkwardText },
  ['agreement', 'claim', 'derived', 'explanation'],
);

const limits = record<RateLimits>(
  { requestsLimit: count, requestsLeft: count, requestsResetMs: time, tokensLimit: count, tokensLeft: count, tokensResetMs: time },
  [],
);

/** Any run, finished or not, whose texts try to break what holds them. Some steps stream the final answer, as real ones do. */
export const anyRun: fc.Arbitrary<Run> = fc
  .tuple(
    record<Run>(
      {
        id: awkwardText, startedAt: fc.integer({ min: 0, max: 4e12 }), request, model, protocol: fc.constantFrom('xml', 'json-steps', 'native', 'text'), maxIterations: count,
        steps: fc.array(step, { maxLength: 3 }), limits, verdict, outcome: fc.constantFrom('answered', 'limit', 'cancelled', 'failed'), endedAt: time, answer: awkwardText, error,
        totals: fc.record({ elapsedMs: time, thinkingMs: time, steps: count, usage }, { noNullPrototype: true }),
      },
      ['id', 'startedAt', 'request', 'model', 'protocol', 'maxIterations', 'steps', 'answer'],
    ),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([run, streamed, continued]) => {
    const last = run.steps.at(-1);
    if (streamed && last !== undefined) {
      last.answer = `\n${run.answer}\n`;
    }
    if (!continued) {
      return run;
    }
    const earlierSteps = run.steps.slice(0, 1).map(({ title, thought, actions }) => ({
      title, thought, actions: actions.map((call) => ({ tool: call.tool, args: call.args, observation: call.observation ?? '', isError: call.isError })),
    }));
    return { ...run, request: { ...run.request, earlierSteps } };
  });
