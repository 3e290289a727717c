import type { ToolMessage } from '@langchain/core/messages';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Tool } from '../../../src/core/tool';
import type { ScriptedTurn } from '../../support/scriptedModel';
import type { TestGateway } from '../../support/gateway';
import { startTestGateway, testToken } from '../../support/gateway';
import { sampleTool } from '../../support/loopRuns';
import { hang, scriptedModel } from '../../support/scriptedModel';

const act = '<thought>I look at the loop.</thought><action name="look">{"path": "a"}</action>';
const answer = '<thought>One loop.</thought><answer>It is linear.</answer>';
const messages = [{ role: 'user' as const, content: 'How fast is it?' }];
const withThoughts = '\n[Step 1]\nAnalysis: I look at the loop.\n\n[Step 2]\nAnalysis: One loop.\n\nFinal answer: It is linear.';

let gateway: TestGateway | undefined;

afterEach(async () => {
  const failures = gateway?.failures ?? [];
  await gateway?.close();
  gateway = undefined;
  expect(failures).toEqual([]);
});

async function serve(turns: readonly ScriptedTurn[], tools: readonly Tool[] = [sampleTool('look', () => ({ text: 'for x in xs: pass' }))]): Promise<ReturnType<typeof scriptedModel>> {
  const model = scriptedModel(turns, { chunkSize: 5 });
  gateway = await startTestGateway(model, { tools });
  return model;
}

/** What the client's own types do not know of. */
type Extended = OpenAI.ChatCompletionCreateParamsNonStreaming & { readonly selfThinking?: object };
type ExtendedStream = OpenAI.ChatCompletionCreateParamsStreaming & { readonly selfThinking?: object };

function client(): OpenAI {
  return new OpenAI({ baseURL: gateway!.baseUrl, apiKey: testToken, maxRetries: 0 });
}

describe("OpenAI's client", () => {
  it('gets a plain completion, and streams one', async () => {
    await serve(['Hello there.', 'Hello again.']);
    const completion = await client().chat.completions.create({ model: 'scripted', messages });
    expect(completion.choices[0]?.message.content).toBe('Hello there.');
    expect(completion.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of await client().chat.completions.create({ model: 'scripted', messages, stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe('Hello again.');
    expect(usage?.total_tokens).toBe(120);
  });

  it('gets thoughts in the content, apart from it, and not at all', async () => {
    await serve([act, answer, act, answer, act, answer]);
    const body: Extended = { model: 'scripted', messages, selfThinking: { enabled: true } };
    expect((await client().chat.completions.create(body)).choices[0]?.message.content).toBe(withThoughts);
    const apart = await client().chat.completions.create({ ...body, selfThinking: { enabled: true, thoughtsAs: 'reasoning_content' } } as Extended);
    expect(apart.choices[0]?.message).toMatchObject({ content: 'It is linear.', reasoning_content: 'I look at the loop.\n\nOne loop.\n\n' });
    const without = await client().chat.completions.create({ ...body, selfThinking: { enabled: true, includeThoughtsInResponse: false } } as Extended);
    expect(without.choices[0]?.message.content).toBe('It is linear.');
  });

  it('streams thoughts in the content, apart from it, and not at all', async () => {
    await serve([act, answer, act, answer, act, answer, act, answer]);
    const stream = async (selfThinking: object): Promise<{ content: string; reasoning: string }> => {
      const body: ExtendedStream = { model: 'scripted', messages, stream: true, selfThinking: { enabled: true, ...selfThinking } };
      let content = '';
      let reasoning = '';
      for await (const chunk of await client().chat.completions.create(body)) {
        // Named events come through the client as chunks as well; some of them have no choices.
        const delta = (chunk as Partial<typeof chunk>).choices?.[0]?.delta as { content?: string; reasoning_content?: string } | undefined;
        content += delta?.content ?? '';
        reasoning += delta?.reasoning_content ?? '';
      }
      return { content, reasoning };
    };
    expect(await stream({})).toEqual({ content: withThoughts, reasoning: '' });
    expect(await stream({ includeThoughtsInResponse: false })).toEqual({ content: 'It is linear.', reasoning: '' });
    expect(await stream({ enableStreamThoughts: true, thoughtsAs: 'reasoning_content' })).toEqual({
      content: 'It is linear.', reasoning: 'I look at the loop.One loop.',
    });
    // As the document has it: everything is content to a client that does not know the names.
    expect((await stream({ enableStreamThoughts: true })).content).toBe('I look at the loop.One loop.It is linear.');
  });

  it('carries out its own tools and gets the run to go on, streaming and not', async () => {
    const ask = '<thought>I ask.</thought><action name="lookup">{"topic": "recursion"}</action>';
    await serve([ask, answer, ask, answer]);
    const tools: OpenAI.ChatCompletionTool[] = [
      { type: 'function', function: { name: 'lookup', description: 'Looks up', parameters: { type: 'object', properties: { topic: { type: 'string' } }, required: ['topic'] } } },
    ];
    const body: Extended = { model: 'scripted', messages, tools, selfThinking: { enabled: true, includeThoughtsInResponse: false } };
    const paused = await client().chat.completions.create(body);
    expect(paused.choices[0]?.finish_reason).toBe('tool_calls');
    const message = paused.choices[0]!.message;
    const [call] = message.tool_calls ?? [];
    expect(call).toMatchObject({ type: 'function', function: { name: 'lookup', arguments: '{"topic":"recursion"}' } });
    const result = { role: 'tool' as const, tool_call_id: call!.id, content: 'def fib(n): ...' };
    const finished = await client().chat.completions.create({ ...body, messages: [...messages, message, result] });
    expect(finished.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'It is linear.' } });

    const streaming = client().chat.completions.stream({ ...body, stream: true });
    const streamed = (await streaming.finalChatCompletion()).choices[0]!;
    expect(streamed.finish_reason).toBe('tool_calls');
    const id = streamed.message.tool_calls?.[0]?.id ?? '';
    const goOn = client().chat.completions.stream({
      ...body, stream: true, messages: [...messages, streamed.message, { role: 'tool', tool_call_id: id, content: 'x' }],
    });
    expect(await goOn.finalContent()).toBe('It is linear.');
  });

  it('lists the models, and gets errors as its own classes', async () => {
    await serve([[{ type: 'text', text: 'x' }, hang]]);
    const { data } = await client().models.list();
    expect(data.map((model) => model.id)).toEqual(['scripted']);
    expect((await client().models.retrieve('scripted')).owned_by).toBe('openai-compatible');
    await expect(client().models.retrieve('openai/none')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    const stranger = new OpenAI({ baseURL: gateway!.baseUrl, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(client().chat.completions.create({ model: 'scripted', messages: [] })).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(client().chat.completions.create({ model: 'scripted', messages, temperature: 9 })).rejects.toMatchObject({ status: 400, param: 'temperature' });
  });

  it('learns why nothing could be answered, streaming and not', async () => {
    await serve([]);
    const body = { model: 'scripted', messages, selfThinking: { enabled: true } };
    await expect(client().chat.completions.create(body as Extended)).rejects.toMatchObject({ status: 500, code: 'internal' });
    const stream = await client().chat.completions.create({ ...body, stream: true } as ExtendedStream);
    const read = async (): Promise<void> => {
      for await (const chunk of stream) {
        expect(chunk.object).toBe('chat.completion.chunk');
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'internal' });
  });

  it('stops its run by ending the stream', async () => {
    const model = await serve([[{ type: 'text', text: '<thought>I think' }, hang]]);
    const stream = await client().chat.completions.create({ model: 'scripted', messages, stream: true, selfThinking: { enabled: true } } as ExtendedStream);
    for await (const chunk of stream) {
      expect(chunk.choices[0]?.delta.role).toBe('assistant');
      break;
    }
    while (model.cutShort === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

describe("LangChain's ChatOpenAI", () => {
  function chat(selfThinking?: object): ChatOpenAI {
    return new ChatOpenAI({
      model: 'scripted', apiKey: testToken, maxRetries: 0, configuration: { baseURL: gateway!.baseUrl },
      ...(selfThinking === undefined ? {} : { modelKwargs: { selfThinking } }),
    });
  }

  it('invokes, plainly and with thoughts', async () => {
    const model = await serve(['Plain.', act, answer]);
    expect((await chat().invoke([new SystemMessage('Be brief.'), new HumanMessage('Hi')])).text).toBe('Plain.');
    expect(model.requests[0]?.messages).toEqual([{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }]);
    const reply = await chat({ enabled: true }).invoke([new HumanMessage('How fast is it?')]);
    expect(reply.text).toBe(withThoughts);
    expect(reply.usage_metadata).toMatchObject({ input_tokens: 200, output_tokens: 40, total_tokens: 240 });
  });

  it('streams, with thoughts and without', async () => {
    await serve([act, answer, act, answer]);
    const stream = async (selfThinking: object): Promise<string> => {
      let text = '';
      for await (const chunk of await chat(selfThinking).stream([new HumanMessage('How fast is it?')])) {
        text += chunk.text;
      }
      return text;
    };
    expect(await stream({ enabled: true })).toBe(withThoughts);
    expect(await stream({ enabled: true, includeThoughtsInResponse: false })).toBe('It is linear.');
  });

  it('binds its own tools, and gets the run to go on with their results', async () => {
    await serve(['<action name="lookup">{"topic": "recursion"}</action>', answer]);
    const lookup = tool(({ topic }) => `About ${topic}.`, { name: 'lookup', description: 'Looks up', schema: z.object({ topic: z.string() }) });
    const bound = chat({ enabled: true, includeThoughtsInResponse: false }).bindTools([lookup]);
    const asked = await bound.invoke([new HumanMessage('How fast is it?')]);
    expect(asked.tool_calls).toMatchObject([{ name: 'lookup', args: { topic: 'recursion' } }]);
    const result: ToolMessage = await lookup.invoke(asked.tool_calls![0]!);
    const reply = await bound.invoke([new HumanMessage('How fast is it?'), asked, result]);
    expect(reply.text).toBe('It is linear.');
  });
});
