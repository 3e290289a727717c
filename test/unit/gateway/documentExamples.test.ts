/*
 * Every example of the guide to the self-thinking API, with the address and the key of the running gateway. The guide's
 * curl and Python examples are the same requests by fetch.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { withCodeOfPrompt } from '../../../src/app/plainPrompt';
import type { TestGateway } from '../../support/gateway';
import { parseEvents, startTestGateway, streamedContent, testToken } from '../../support/gateway';
import { scriptedModel } from '../../support/scriptedModel';
import type { ScriptedModel } from '../../support/scriptedModel';

let gateway: TestGateway | undefined;
let model: ScriptedModel;

afterEach(async () => {
  const failures = gateway?.failures ?? [];
  await gateway?.close();
  gateway = undefined;
  expect(failures).toEqual([]);
});

async function serve(...turns: string[]): Promise<void> {
  model = scriptedModel(turns, { chunkSize: 3 });
  gateway = await startTestGateway(model, { parts: { refine: withCodeOfPrompt } });
}

/** `http://localhost:3000` of the guide. */
function post(path: string, body: unknown): Promise<Response> {
  return fetch(`http://localhost:${gateway!.port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${testToken}` },
    body: JSON.stringify(body),
  });
}

interface Result {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: readonly { readonly index: number; readonly message: { readonly role: string; readonly content: string; readonly tool_calls?: { id: string; function: { name: string; arguments: string } }[] }; readonly finish_reason: string }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number };
}

async function complete(body: unknown): Promise<Result> {
  const response = await post('/v1/chat/completions', body);
  expect(response.status).toBe(200);
  return (await response.json()) as Result;
}

describe('the standard chat', () => {
  it('analyses an algorithm with a system prompt and additional prompts (example 1)', async () => {
    await serve(
      '<thought>用户问的是时间复杂度问题。这是一个双重循环。</thought><answer>这个算法的时间复杂度是O(n²)。</answer>',
    );
    const result = await complete({
      messages: [{ role: 'user', content: '请帮我分析这个算法的时间复杂度：for(i=0;i<n;i++) for(j=i;j<n;j++) sum += arr[j];' }],
      model: 'gpt-4',
      selfThinking: {
        enabled: true,
        maxIterations: 3,
        includeThoughtsInResponse: true,
        systemPrompt: '你是一个专业的算法分析师...',
        additionalPrompts: ['特别关注时间复杂度分析', '提供详细的步骤说明'],
      },
    });
    // The guide's form of a response with thoughts.
    expect(result).toMatchObject({ object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }] });
    expect(result.id).toMatch(/^chatcmpl-/);
    expect(result.created).toBeGreaterThan(1_700_000_000);
    expect(result.usage.total_tokens).toBe(result.usage.prompt_tokens + result.usage.completion_tokens);
    expect(result.choices[0]?.message.content).toBe(
      '\n[思考步骤 1]\nAI分析: 用户问的是时间复杂度问题。这是一个双重循环。\n\n最终答案: 这个算法的时间复杂度是O(n²)。',
    );
    const system = model.requests[0]?.messages[0]?.content ?? '';
    expect(system.startsWith('你是一个专业的算法分析师...')).toBe(true);
    expect(system.indexOf('提供详细的步骤说明')).toBeGreaterThan(system.indexOf('特别关注时间复杂度分析'));
    expect(model.requests[0]?.messages.at(-1)?.content).toContain('Code: path="chat" lines=1-1 language="javascript"');
  });

  it('offers a tool of the client, which carries it out (example 2)', async () => {
    await serve(
      '<thought>先查示例。</thought><action name="query_code_examples">{"language": "python", "topic": "recursion"}</action>',
      '<answer>递归函数是调用自身的函数。</answer>',
    );
    const body = {
      messages: [{ role: 'user', content: '解释什么是递归函数，并给出一个斐波那契数列的递归实现' }],
      model: 'gpt-4',
      selfThinking: {
        enabled: true,
        maxIterations: 4,
        includeThoughtsInResponse: false,
        tools: [{ name: 'query_code_examples', description: '查询代码示例', parameters: { language: 'string', topic: 'string' } }],
      },
    };
    const paused = await complete(body);
    const message = paused.choices[0]?.message;
    expect(paused.choices[0]?.finish_reason).toBe('tool_calls');
    expect(JSON.parse(message?.tool_calls?.[0]?.function.arguments ?? '')).toEqual({ language: 'python', topic: 'recursion' });
    expect(model.requests[0]?.messages[0]?.content).toContain('查询代码示例');
    const answered = await complete({
      ...body,
      messages: [...body.messages, message, { role: 'tool', tool_call_id: message?.tool_calls?.[0]?.id, content: 'def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)' }],
    });
    expect(answered.choices[0]?.message.content).toBe('递归函数是调用自身的函数。');
  });

  it('answers the JavaScript example, whose enableStreamThoughts is void without stream (example 3)', async () => {
    await serve('<thought>移项。</thought><answer>x = 2</answer>');
    const response = await post('/v1/chat/completions', {
      messages: [{ role: 'user', content: '分析这个数学问题的解题步骤：2x + 3 = 7' }],
      model: 'gpt-4',
      selfThinking: {
        enabled: true,
        maxIterations: 2,
        includeThoughtsInResponse: true,
        systemPrompt: '你是一个数学问题解决专家...',
        enableStreamThoughts: true,
      },
    });
    const result = (await response.json()) as Result;
    expect(result.choices[0]?.message.content).toContain('最终答案: x = 2');
  });

  it('answers the Python example', async () => {
    await serve('<thought>需要用户表和角色表。</thought><answer>User, Role</answer>');
    const result = await complete({
      messages: [{ role: 'user', content: '设计一个简单的用户管理系统的数据模型' }],
      model: 'gpt-4',
      selfThinking: {
        enabled: true,
        maxIterations: 3,
        includeThoughtsInResponse: true,
        systemPrompt: '你是一个系统设计专家...',
        additionalPrompts: ['关注可扩展性', '考虑性能优化'],
      },
    });
    expect(result.choices[0]?.message.content).toContain('User, Role');
  });

  it.each<[{ maxIterations: number; includeThoughtsInResponse?: boolean }]>([
    [{ maxIterations: 2, includeThoughtsInResponse: true }],
    [{ maxIterations: 3, includeThoughtsInResponse: true }],
    [{ maxIterations: 5, includeThoughtsInResponse: true }],
    [{ maxIterations: 3, includeThoughtsInResponse: false }],
    [{ maxIterations: 3 }],
  ])('takes the settings %j of the advice on speed', async (settings) => {
    await serve('<thought>想。</thought><answer>好。</answer>');
    const result = await complete({ model: 'gpt-4-turbo', messages: [{ role: 'user', content: '你好' }], selfThinking: { enabled: true, ...settings } });
    const { content } = result.choices[0]!.message;
    expect(content).toBe(settings.includeThoughtsInResponse === false ? '好。' : '\n[思考步骤 1]\nAI分析: 想。\n\n最终答案: 好。');
  });

  it('streams the answer, and the thoughts as they come', async () => {
    await serve('<thought>想一想。</thought><answer>好的。</answer>', '<thought>想一想。</thought><answer>好的。</answer>');
    const body = { stream: true, model: 'gpt-4', messages: [{ role: 'user', content: '你好' }] };
    const plain = await post('/v1/chat/completions', { ...body, selfThinking: { enabled: true, maxIterations: 3, enableStreamThoughts: false } });
    expect(streamedContent(parseEvents(await plain.text()))).toBe('\n[思考步骤 1]\nAI分析: 想一想。\n\n最终答案: 好的。');
    const live = await post('/v1/chat/completions', { ...body, selfThinking: { enabled: true, maxIterations: 3, enableStreamThoughts: true } });
    const events = parseEvents(await live.text());
    expect([...new Set(events.map(({ event }) => event))]).toEqual(['', 'thought_start', 'thought', 'thought_end', 'answer_start', 'answer_end']);
    expect(streamedContent(events.filter(({ event }) => event === 'thought'))).toBe('想一想。');
    expect(streamedContent(events.filter(({ data }) => (data as { _type?: string })._type === 'answer'))).toBe('好的。');
  });

  it('returns the last thought and the error where thinking fails', async () => {
    await serve('<thought>第一步没有问题。</thought><action name="nothing">{}</action>');
    const result = await complete({ model: 'gpt-4', messages: [{ role: 'user', content: '你好' }], selfThinking: { enabled: true } });
    expect(result.choices[0]?.message.content).toContain('第一步没有问题。');
    expect(result.choices[0]?.message.content).toContain('错误: ');
  });
});

describe('the simple stream', () => {
  it.each([
    [{ messages: [{ role: 'user', content: '你好，请介绍一下你自己' }], model: 'gpt-4', temperature: 0.7, max_tokens: 1000 }],
    [{ messages: [{ role: 'user', content: '你好！' }], model: 'gpt-4', temperature: 0.7 }],
    [{ messages: [{ role: 'user', content: '你好，请讲个笑话' }], model: 'gpt-4', temperature: 0.8 }],
  ])('always streams, and keeps nothing: %j', async (body) => {
    await serve('你好，我是一个助手。');
    const response = await post('/v1/chat/simple-stream', body);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    // As the guide reads it.
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    const events = parseEvents(text);
    expect(streamedContent(events)).toBe('你好，我是一个助手。');
    expect(events.at(-1)?.data).toBe('[DONE]');
    expect(model.requests[0]).toMatchObject({ temperature: body.temperature, messages: body.messages });
    const sessions = (await (await gateway!.request('/v1/chat/sessions/active?cutoffTime=-1')).json()) as { total: number };
    expect(sessions.total).toBe(0);
  });

  it.each([
    [{ messages: [{ role: 'user', content: 'x' }] }, 'model'],
    [{ model: 'gpt-4' }, 'messages'],
    [{ model: 'gpt-4', messages: [{ role: 'user', content: 'x' }], temperature: 2.1 }, 'temperature'],
  ])('validates: %j', async (body, param) => {
    await serve();
    const response = await post('/v1/chat/simple-stream', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it('needs the key', async () => {
    await serve();
    const response = await fetch(`http://localhost:${gateway!.port}/v1/chat/simple-stream`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });
});

describe('the sessions', () => {
  it('are listed as the guide reads them: all, of the last hour, of the last half hour', async () => {
    await serve('<answer>好。</answer>');
    await complete({ model: 'gpt-4', messages: [{ role: 'user', content: '你好' }], selfThinking: { enabled: true } });
    for (const query of ['?cutoffTime=-1', '', `?cutoffTime=${Date.now() - 30 * 60 * 1000}`]) {
      const response = await fetch(`http://localhost:${gateway!.port}/v1/chat/sessions/active${query}`, { headers: { Authorization: `Bearer ${testToken}` } });
      const data = (await response.json()) as { total: number; cutoffTime: number; sessions: { sessionId: string; status: string; lastActivityAt: number; metadata?: { messageCount?: number } }[] };
      expect(data.total, query).toBe(1);
      const [session] = data.sessions;
      expect(session?.status).toBe('active');
      expect(Date.now() - new Date(session!.lastActivityAt).getTime()).toBeLessThan(60_000);
      expect(session?.metadata?.messageCount).toBe(2);
    }
  });
});
