import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/events';
import type { ChatModel } from '../../../src/core/model';
import { createModel } from '../../../src/models/index';
import type { ModelServer, RecordedRequest, ScriptedReply } from '../../support/groqServer';
import { failures, startModelServer } from '../../support/groqServer';
import type { HeldClock } from '../../support/heldClock';
import { heldClock } from '../../support/heldClock';
import { recordRun, sampleRequest, sampleTool } from '../../support/loopRuns';

/** Four steps with a tool each, then the answer. */
const steps = [0, 1, 2, 3].map(
  (part) => `<thought>I look at part ${part}.</thought>\n<action name="look">{"path": "part${part}"}</action>`,
);
const answer = '<thought>I have seen all of it.</thought>\n<answer>It is linear.</answer>';

type Client = 'groq' | 'openai-compatible';

/** Which step a request is for: how many replies it has in its history. */
function stepOf(request: RecordedRequest): number {
  const messages = request.body.messages as readonly { role: string }[];
  return messages.filter((message) => message.role === 'assistant').length;
}

/** Faults that pass: the run goes on, and nothing of it is done twice. `text` is the reply that the fault strikes. */
const passing: Record<string, (text: string) => ScriptedReply> = {
  '429 with retry-after': () => failures.rateLimited(0),
  '429 without retry-after': () => failures.rateLimited(),
  '413 by a little': () => failures.tooLarge(8000, 8100),
  '498': () => failures.overCapacity,
  '500': () => failures.serverError,
  'tool_use_failed': (text) =>
    text.includes('<action')
      ? failures.toolUseFailed(JSON.stringify({ name: 'look', arguments: { path: /part\d/.exec(text)?.[0] } }))
      : failures.toolUseFailed(text),
  'a connection dropped before the headers': (text) => ({ text, drop: 'before-headers' }),
  'a connection dropped in mid-stream': (text) => ({ text, drop: 'mid-stream' }),
  'a connection dropped before the reason': (text) => ({ text, drop: 'before-finish' }),
  'a connection dropped before [DONE]': (text) => ({ text, drop: 'before-done' }),
  'a stream that ends early without a word': (text) => ({ text, endAfter: 2 }),
  'a malformed event': (text) => ({ text, malformed: true }),
  'silence in mid-stream': (text) => ({ text, stall: 'mid-stream' }),
  'silence before the headers': (text) => ({ text, stall: 'before-headers' }),
  'an error in the stream': (text) => ({ text, streamError: { form: 'nested', error: { message: 'Overloaded', type: 'server_error' } } }),
  'a flat error in the stream': (text) => ({ text, streamError: { form: 'flat', error: { message: 'Overloaded', type: 'server_error' } } }),
  'x_groq.error': (text) => ({ text, streamError: { form: 'x_groq', error: 'Overloaded' } }),
  'one byte at a time': (text) => ({ text, byteByByte: true }),
  'a reply with 1 MB of thought': (text) => ({ text: `<thought>${'long '.repeat(210_000)}</thought>${text}`, chunkSize: 4096 }),
};

/** Faults that end the run, with what had been found kept. */
const final: Record<string, { readonly reply: ScriptedReply; readonly code: string }> = {
  '401': { reply: failures.badKey, code: 'bad-key' },
  '403': { reply: failures.forbidden, code: 'forbidden' },
  '404 model_not_found': { reply: failures.modelNotFound, code: 'model-not-found' },
  '400 model_decommissioned': { reply: failures.decommissioned, code: 'model-not-found' },
};

let server: ModelServer | undefined;
let rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);

beforeEach(() => {
  rejections = [];
  process.on('unhandledRejection', onRejection);
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

/** A server on which `fault` strikes once (or always), at that step. */
async function faultyServer(at: number, fault: (text: string) => ScriptedReply, always = false): Promise<ModelServer> {
  let struck = false;
  server = await startModelServer({
    replies: (request) => {
      const step = stepOf(request);
      const text = steps[step] ?? answer;
      if (step === at && (!struck || always)) {
        struck = true;
        return fault(text);
      }
      return { text, chunkSize: 7 };
    },
  });
  return server;
}

/** The model at the server; its patience with a silent server ends as soon as the server is silent. */
function modelOf(client: Client, from: ModelServer, clock: HeldClock): ChatModel {
  const { groqBaseUrl, openaiBaseUrl } = from;
  void from.untilStalled().then(() => clock.fire());
  return client === 'groq'
    ? createModel({ vendor: 'groq', id: 'm', key: 'none', baseUrl: groqBaseUrl }, { clock })
    : createModel({ vendor: 'openai-compatible', id: 'm', baseUrl: openaiBaseUrl }, { clock });
}

function countOf(events: readonly RunEvent[], type: RunEvent['type']): number {
  return events.filter((event) => event.type === type).length;
}

for (const client of ['groq', 'openai-compatible'] as const) {
  describe(`a run of five steps over ${client}`, () => {
    it.each(Object.entries(passing))('outlasts %s at every step', async (_name, fault) => {
      for (let at = 0; at <= steps.length; at += 1) {
        const faulty = await faultyServer(at, fault);
        const clock = heldClock();
        const tool = sampleTool('look', (args) => ({ text: `for x in ${String(args.path)}: pass` }));
        const request = sampleRequest({ protocol: 'xml', maxIterations: 6 });
        const { run, events } = await recordRun(request, { model: modelOf(client, faulty, clock), tools: [tool] });
        expect({ at, outcome: run.outcome, answer: run.answer, error: run.error }).toEqual({
          at,
          outcome: 'answered',
          answer: 'It is linear.',
          error: undefined,
        });
        expect(countOf(events, 'run-end')).toBe(1);
        expect(tool.calls.map((args) => args.path)).toEqual(['part0', 'part1', 'part2', 'part3']);
        await faulty.untilIdle();
        expect(clock.pending).toBe(0);
        await faulty.close();
        server = undefined;
      }
    });

    it.each(Object.entries(final))('ends at %s with its way out, and keeps what it had', async (_name, { reply, code }) => {
      for (const at of [0, 2, steps.length]) {
        const faulty = await faultyServer(at, () => reply, true);
        const clock = heldClock();
        const tool = sampleTool('look', () => ({ text: 'x' }));
        const { run, events } = await recordRun(sampleRequest({ protocol: 'xml' }), { model: modelOf(client, faulty, clock), tools: [tool] });
        expect(run.outcome).toBe('failed');
        expect(run.error?.code).toBe(code);
        expect(run.error?.message).not.toBe('');
        expect(countOf(events, 'run-end')).toBe(1);
        expect(run.answer.includes(`part ${at - 1}`)).toBe(at > 0);
        expect(faulty.requests.length).toBe(at + 1);
        expect(clock.pending).toBe(0);
        await faulty.close();
        server = undefined;
      }
    });

    it('gives up after three tries, with what it had', async () => {
      const faulty = await faultyServer(2, () => failures.serverError, true);
      const clock = heldClock();
      const { run, events } = await recordRun(sampleRequest({ protocol: 'xml' }), {
        model: modelOf(client, faulty, clock),
        tools: [sampleTool('look', () => ({ text: 'x' }))],
      });
      expect(run.outcome).toBe('failed');
      expect(run.answer).toContain('part 1');
      expect(countOf(events, 'wait')).toBe(2);
      expect(faulty.requests.length).toBe(2 + 3);
    });

    it('stops within 100 ms while it waits for headers, in mid-stream and between tries', async () => {
      const faults: readonly (readonly [ScriptedReply, RunEvent['type']])[] = [
        [{ text: answer, stall: 'before-headers' }, 'step-start'],
        [{ text: answer, stall: 'mid-stream' }, 'thought-delta'],
        [failures.rateLimited(30), 'wait'],
      ];
      for (const [fault, stopAt] of faults) {
        const faulty = await faultyServer(0, () => fault, true);
        const controller = new AbortController();
        let stoppedAt = 0;
        const clock = heldClock();
        const model = modelOf(client, { ...faulty, untilStalled: () => new Promise(() => undefined) }, clock);
        const stop = (): void => {
          stoppedAt = performance.now();
          controller.abort();
        };
        const watched: ChatModel = {
          info: model.info,
          async *stream(request, signal) {
            if (stopAt === 'step-start') {
              void faulty.untilStalled().then(stop);
            }
            for await (const chunk of model.stream(request, signal)) {
              yield chunk;
              if ((stopAt === 'wait' && chunk.type === 'wait') || (stopAt === 'thought-delta' && chunk.type === 'text')) {
                setImmediate(stop);
              }
            }
          },
        };
        const { run } = await recordRun(sampleRequest({ protocol: 'xml' }), { model: watched, tools: [] }, controller.signal);
        expect(run.outcome).toBe('cancelled');
        expect(performance.now() - stoppedAt).toBeLessThan(100);
        await faulty.untilIdle();
        expect(clock.pending).toBe(0);
        await faulty.close();
        server = undefined;
      }
    });
  });
}
