import type { Context } from 'hono';
import { admit } from './admit';
import { createEventStream } from './eventStream';
import { readBody } from './http';
import type { GatewayState } from './parts';
import { modelRequest, streamPlain } from './plainCompletion';
import { reasoningRequestOf } from './requestOf';
import { selfThinkingDefaults, simpleStreamRequest } from './schemas';
import { streamRun } from './streamRun';
import { wordingFor } from './wording';

/** Answers `POST /v1/chat/simple-stream`: always streams; no thinking, no session, no history. */
export async function answerSimpleStream(context: Context, state: GatewayState): Promise<Response> {
  const body = await readBody(context, simpleStreamRequest);
  const admission = await admit(state, context.req.raw.signal);
  try {
    const model = await state.parts.model(body.model);
    if (model.info.vendor !== 'built-in') {
      return streamPlain(context, modelRequest(body), model, admission, false);
    }
    // The built-in model answers through the loop; nothing of that run is kept.
    const plain = reasoningRequestOf(body, selfThinkingDefaults, []);
    const request = (await state.parts.refine?.(plain, context.req.raw.signal)) ?? plain;
    const run = state.runs.startUnkept({ request, model, tools: await state.parts.tools() });
    const head = { id: run.requestId, created: Math.floor(Date.now() / 1000), model: model.info.id };
    const options = { head, thinking: selfThinkingDefaults, wording: wordingFor(request.question), includeUsage: false };
    return streamRun(context, run, createEventStream(options), admission);
  } catch (error) {
    admission.release();
    throw error;
  }
}
