import type { RunEvent } from '../core/events';
import type { TokenUsage } from '../core/model';
import type { ChunkDelta, ClientCall, CompletionHead } from './completionFormat';
import { chunkOf, usageChunkOf } from './completionFormat';
import { ResponseContent } from './responseContent';
import type { SelfThinking } from './schemas';
import type { Wording } from './wording';

/** One Server-Sent Event; without a name where it is an OpenAI chunk. */
export interface ServerSentEvent {
  readonly event?: string;
  readonly data: unknown;
}

/** Ends every stream. */
export const doneEvent: ServerSentEvent = { data: '[DONE]' };

/** An event as it goes over the wire. */
export function formatServerSentEvent({ event, data }: ServerSentEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

/** Turns the events of a run into those of a response. */
export interface EventStream {
  begin(): readonly ServerSentEvent[];
  add(event: RunEvent): readonly ServerSentEvent[];
  /** The response ends here, because the client has calls to carry out. */
  pause(calls: readonly ClientCall[], usage: TokenUsage): readonly ServerSentEvent[];
}

export interface EventStreamOptions {
  readonly head: CompletionHead;
  readonly thinking: SelfThinking;
  readonly wording: Wording;
  readonly includeUsage: boolean;
}

/** The events of a response: thought by thought where the client wants to see them come, else the content alone. */
export function createEventStream(options: EventStreamOptions): EventStream {
  return options.thinking.enableStreamThoughts ? new ThoughtStream(options) : new ContentStream(options);
}

/** OpenAI chunks of the content alone, for any client. */
class ContentStream implements EventStream {
  readonly #options: EventStreamOptions;
  readonly #content: ResponseContent;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    const asContent = options.thinking.includeThoughtsInResponse && options.thinking.thoughtsAs === 'content';
    this.#content = new ResponseContent(asContent, options.wording);
  }

  begin(): readonly ServerSentEvent[] {
    return [firstChunk(this.#options.head)];
  }

  add(event: RunEvent): readonly ServerSentEvent[] {
    const { head, thinking, includeUsage } = this.#options;
    const asReasoning = thinking.includeThoughtsInResponse && thinking.thoughtsAs === 'reasoning_content';
    const text = this.#content.add(event);
    const events: ServerSentEvent[] = text === '' ? [] : [{ data: chunkOf(head, { content: text }) }];
    if (asReasoning && event.type === 'thought-end' && event.thought !== '') {
      events.push({ data: chunkOf(head, { reasoning_content: `${event.thought}\n\n` }) });
    }
    return event.type === 'run-end' ? [...events, ...lastEvents(head, event, includeUsage)] : events;
  }

  pause(calls: readonly ClientCall[], usage: TokenUsage): readonly ServerSentEvent[] {
    return pauseEvents(this.#options, calls, usage);
  }
}

/** Named events for each part of each step, as the self-thinking document describes them. */
class ThoughtStream implements EventStream {
  readonly #options: EventStreamOptions;
  readonly #actions = new Map<string, string>();
  /** The step whose thought is open; 0 where none is. */
  #thinkingIn = 0;
  /** What was streamed of this step's thought, and of the answer. */
  #thought = '';
  #answer = '';
  #answering = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  begin(): readonly ServerSentEvent[] {
    return [firstChunk(this.#options.head)];
  }

  add(event: RunEvent): readonly ServerSentEvent[] {
    switch (event.type) {
      case 'step-start':
        this.#thought = '';
        return [];
      case 'step-reset':
        this.#thought = '';
        return [...this.#closeThought(), ...this.#closeAnswer()];
      case 'thought-delta':
        return this.#addThought(event.step, event.text);
      case 'thought-end':
        return this.#endThought(event.step, event.thought);
      case 'answer-delta':
        return this.#addAnswer(event.text);
      case 'action-start':
        this.#actions.set(event.callId, event.tool);
        // An answer before a call was none: it was said on the way.
        return [...this.#closeAnswer(), { event: 'action_start', data: { iteration: event.step, tool: event.tool, params: event.args } }];
      case 'action-end':
        return [this.#observation(event)];
      case 'run-end':
        return this.#end(event);
      default:
        return [];
    }
  }

  pause(calls: readonly ClientCall[], usage: TokenUsage): readonly ServerSentEvent[] {
    return pauseEvents(this.#options, calls, usage);
  }

  #addThought(step: number, text: string): readonly ServerSentEvent[] {
    if (text === '') {
      return [];
    }
    const begin = this.#thinkingIn === step ? [] : [{ event: 'thought_start', data: { iteration: step, timestamp: Date.now() } }];
    this.#thinkingIn = step;
    this.#thought += text;
    const { head, thinking } = this.#options;
    const delta: ChunkDelta = thinking.thoughtsAs === 'content' ? { content: text } : { reasoning_content: text };
    return [...begin, { event: 'thought', data: chunkOf(head, delta, null, { _type: 'thought', _iteration: step }) }];
  }

  /** What was not streamed of a thought follows when it is over, unless the answer has begun meanwhile. */
  #endThought(step: number, thought: string): readonly ServerSentEvent[] {
    const shown = this.#thought.trim();
    const rest = !this.#answering && thought.startsWith(shown) ? thought.slice(shown.length) : '';
    return [...this.#addThought(step, rest), ...this.#closeThought()];
  }

  #closeThought(): readonly ServerSentEvent[] {
    const iteration = this.#thinkingIn;
    this.#thinkingIn = 0;
    return iteration === 0 ? [] : [{ event: 'thought_end', data: { iteration } }];
  }

  #addAnswer(text: string): readonly ServerSentEvent[] {
    if (text === '') {
      return [];
    }
    const begin = this.#answering ? [] : [{ event: 'answer_start', data: {} }];
    this.#answering = true;
    this.#answer += text;
    const chunk = { data: chunkOf(this.#options.head, { content: text }, null, { _type: 'answer' }) };
    return [...this.#closeThought(), ...begin, chunk];
  }

  #closeAnswer(): readonly ServerSentEvent[] {
    const wasAnswering = this.#answering;
    this.#answering = false;
    this.#answer = '';
    return wasAnswering ? [{ event: 'answer_end', data: {} }] : [];
  }

  /** OpenAI's client takes any event with an `error` for the end of the stream; where it is to read this, there is none. */
  #observation(event: Extract<RunEvent, { type: 'action-end' }>): ServerSentEvent {
    const tool = this.#actions.get(event.callId) ?? '';
    const { step: iteration, observation, isError } = event;
    const outcome =
      this.#options.thinking.thoughtsAs === 'content'
        ? { result: isError ? null : observation, error: isError ? observation : null }
        : { result: observation, failed: isError };
    return { event: 'observation', data: { iteration, tool, ...outcome } };
  }

  #end(event: Extract<RunEvent, { type: 'run-end' }>): readonly ServerSentEvent[] {
    const { head, includeUsage } = this.#options;
    const shown = this.#answer.trimStart();
    const isComplete = event.answer === shown.trimEnd();
    const missing = isComplete ? '' : event.answer.startsWith(shown) ? event.answer.slice(shown.length) : `\n\n${event.answer}`;
    return [...this.#closeThought(), ...this.#addAnswer(missing), ...this.#closeAnswer(), ...lastEvents(head, event, includeUsage)];
  }
}

function firstChunk(head: CompletionHead): ServerSentEvent {
  return { data: chunkOf(head, { role: 'assistant', content: '' }, null, { requestId: head.id }) };
}

/** The end of a stream: an error in the stream where nothing could be answered, else an empty delta. */
function lastEvents(
  head: CompletionHead,
  event: Extract<RunEvent, { type: 'run-end' }>,
  includeUsage: boolean,
): readonly ServerSentEvent[] {
  if (event.outcome === 'failed' && event.answer === '' && event.error !== undefined) {
    const { code, message } = event.error;
    return [{ data: { error: { message, type: 'server_error', code, param: null } } }, doneEvent];
  }
  return [
    { data: chunkOf(head, {}, 'stop') },
    ...(includeUsage ? [{ data: usageChunkOf(head, event.totals.usage) }] : []),
    doneEvent,
  ];
}

function pauseEvents(options: EventStreamOptions, calls: readonly ClientCall[], usage: TokenUsage): readonly ServerSentEvent[] {
  const { head, includeUsage } = options;
  return [
    { data: chunkOf(head, { tool_calls: calls.map((call, index) => ({ index, ...call })) }) },
    { data: chunkOf(head, {}, 'tool_calls') },
    ...(includeUsage ? [{ data: usageChunkOf(head, usage) }] : []),
    doneEvent,
  ];
}
