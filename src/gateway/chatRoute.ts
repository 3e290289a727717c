import type { Context } from 'hono';
import type { Tool } from '../core/tool';
import type { Admission } from './admission';
import { admit } from './admit';
import type { CompletionHead } from './completionFormat';
import { collectRun } from './collectRun';
import { createEventStream } from './eventStream';
import type { GatewayRun } from './gatewayRuns';
import { readBody } from './http';
import type { GatewayState } from './parts';
import { answerPlain } from './plainCompletion';
import { reasoningRequestOf } from './requestOf';
import type { ChatCompletionRequest, SelfThinking } from './schemas';
import { chatCompletionRequest, selfThinkingDefaults } from './schemas';
import { streamRun } from './streamRun';
import { wordingFor } from './wording';

/** Answers `POST /v1/chat/completions`: a run where the request thinks, else one plain completion. */
export async function answerChat(context: Context, state: GatewayState): Promise<Response> {
  const body = await readBody(context, chatCompletionRequest);
  const admission = await admit(state, context.req.raw.signal);
  try {
    const model = await state.parts.model(body.model);
    const thinking = body.selfThinking?.enabled === true ? body.selfThinking : undefined;
    if (thinking === undefined && model.info.vendor !== 'built-in') {
      return await answerPlain(context, body, model, admission);
    }
    // The built-in model speaks the loop's protocol only, so a plain completion is the answer of a run.
    return await answerThinking(context, state, body, thinking ?? selfThinkingDefaults, admission);
  } catch (error) {
    admission.release();
    throw error;
  }
}

async function answerThinking(
  context: Context,
  state: GatewayState,
  body: ChatCompletionRequest,
  thinking: SelfThinking,
  admission: Admission,
): Promise<Response> {
  const run = resumed(state, body) ?? (await started(state, body, thinking, context.req.raw.signal));
  const head: CompletionHead = {
    id: run.requestId,
    created: Math.floor(Date.now() / 1000),
    model: run.model.info.id,
  };
  context.header('x-request-id', run.requestId);
  context.header('x-session-id', run.sessionId);
  const wording = wordingFor(body.messages.map((message) => JSON.stringify(message.content ?? '')).join(' '));
  if (body.stream === true) {
    const includeUsage = body.stream_options?.include_usage === true;
    return streamRun(context, run, createEventStream({ head, thinking, wording, includeUsage }), admission);
  }
  return await collectRun(context, run, { head, thinking, wording }, admission);
}

/** The run that waits for the results at the end of these messages, if one does. */
function resumed(state: GatewayState, body: ChatCompletionRequest): GatewayRun | undefined {
  const results: { callId: string; text: string }[] = [];
  for (const message of body.messages.toReversed()) {
    if (message.role !== 'tool') {
      break;
    }
    if (message.tool_call_id !== undefined) {
      const text = typeof message.content === 'string' ? message.content : JSON.stringify(message.content ?? '');
      results.push({ callId: message.tool_call_id, text });
    }
  }
  return results.length === 0 ? undefined : state.runs.resume(results);
}

async function started(state: GatewayState, body: ChatCompletionRequest, thinking: SelfThinking, signal: AbortSignal): Promise<GatewayRun> {
  const { parts, runs } = state;
  const [model, own, playbook] = await Promise.all([parts.model(body.model), parts.tools(), parts.playbook?.prompt()]);
  const plain = reasoningRequestOf(body, thinking, playbook === undefined || playbook === '' ? [] : [playbook]);
  const request = (await parts.refine?.(plain, signal)) ?? plain;
  const declared = [...thinking.tools, ...(body.tools ?? []).map((tool) => tool.function)];
  const ownNames = new Set(own.map((tool) => tool.name));
  return await runs.start({
    requestId: `chatcmpl-${crypto.randomUUID()}`,
    sessionId: sessionIdOf(body.session_id),
    request,
    model,
    tools: chosenTools(own, declared),
    clientTools: declared.filter((tool) => !ownNames.has(tool.name)),
    sinks: thinking.enabled === true ? ((await parts.sinks?.(request)) ?? []) : [],
    ...(parts.checkAnswer === undefined ? {} : { checkAnswer: parts.checkAnswer }),
  });
}

/** The tools of this machine that were named; all of them where no tool was declared. */
function chosenTools(own: readonly Tool[], declared: readonly { readonly name: string }[]): readonly Tool[] {
  return declared.length === 0 ? own : own.filter((tool) => declared.some(({ name }) => name === tool.name));
}

/** A session's id has to be fit for a file name; any other is taken for a label and replaced by its letters. */
function sessionIdOf(given: string | undefined): string {
  const safe = given?.replace(/[^\w-]/g, '_') ?? '';
  return safe === '' ? crypto.randomUUID() : safe.slice(0, 128);
}
