import type { Context } from 'hono';
import { StepwiseError } from '../core/errors';
import type { RunEvent } from '../core/events';
import type { Admission } from './admission';
import type { ClientCall, CompletionHead } from './completionFormat';
import { completionOf } from './completionFormat';
import type { GatewayRun } from './gatewayRuns';
import { sendError } from './http';
import { httpErrorOf } from './httpErrors';
import { ResponseContent } from './responseContent';
import { runUsage } from './runUsage';
import type { SelfThinking } from './schemas';
import type { Wording } from './wording';

export interface CollectOptions {
  readonly head: CompletionHead;
  readonly thinking: SelfThinking;
  readonly wording: Wording;
}

type RunEnd = Extract<RunEvent, { type: 'run-end' }>;

/** Waits for the end of a run, or for calls that its client is to carry out, and answers with one completion. */
export async function collectRun(
  context: Context,
  run: GatewayRun,
  options: CollectOptions,
  admission: Admission,
): Promise<Response> {
  const { thinking, wording, head } = options;
  const asContent = thinking.includeThoughtsInResponse && thinking.thoughtsAs === 'content';
  const asReasoning = thinking.includeThoughtsInResponse && thinking.thoughtsAs === 'reasoning_content';
  const content = new ResponseContent(asContent, wording);
  let reasoning = '';
  const cancel = (): void => run.handle.cancel();
  const { signal } = context.req.raw;
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) {
    cancel();
  }
  const ending = await new Promise<RunEnd | readonly ClientCall[]>((resolve) => {
    run.attach((update) => {
      if (update.type === 'pause') {
        resolve(update.calls);
        return;
      }
      const { event } = update;
      content.add(event);
      if (asReasoning && event.type === 'thought-end' && event.thought !== '') {
        reasoning += `${event.thought}\n\n`;
      }
      if (event.type === 'run-end') {
        resolve(event);
      }
    });
  });
  run.attach(undefined);
  signal.removeEventListener('abort', cancel);
  admission.release();
  const { text } = content;
  if (!('type' in ending)) {
    const message = { content: text === '' ? null : text, reasoningContent: reasoning, calls: ending };
    return context.json(completionOf(head, message, 'tool_calls', runUsage(run)));
  }
  if (ending.outcome === 'failed' && ending.answer === '') {
    return sendError(context, httpErrorOf(ending.error ?? new StepwiseError('internal', 'The run failed.')));
  }
  return context.json(completionOf(head, { content: text, reasoningContent: reasoning }, 'stop', ending.totals.usage));
}
