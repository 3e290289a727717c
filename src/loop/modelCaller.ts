import type { Clock } from '../core/clock';
import type { RunEvent } from '../core/events';
import type { ChatModel, ModelRequest, TokenUsage } from '../core/model';
import { addUsage, noUsage } from '../core/model';
import type { ReasoningOptions } from '../core/request';
import type { Tool } from '../core/tool';
import type { History } from './history';
import type { Interruption } from './interruption';
import { PlainAnswerReader } from './protocols/plainAnswerReader';
import type { Protocol } from './protocols/protocol';
import type { TurnReply } from './turn';
import { runTurn } from './turn';

const defaultReplyTokens = 4096;

/**
 * What a call is for. `answer`: the final answer, with the tools still declared so that the server's prefix holds;
 * `plain-answer`: the same with nothing declared, for a model that called a tool again.
 */
export type CallPurpose = 'turn' | 'answer' | 'plain-answer';

/** Calls the model of a run: fits the history into its window, and adds up tokens and thinking time. */
export class ModelCaller {
  readonly #model: ChatModel;
  readonly #options: ReasoningOptions;
  readonly #tools: readonly Tool[];
  readonly #history: History;
  readonly #interruption: Interruption;
  readonly #emit: (event: RunEvent) => void;
  readonly #clock: Clock;
  readonly #onShortened: () => void;
  readonly #mostReplyTokens: number;
  #replyTokens: number;
  #usage: TokenUsage = noUsage;
  #thinkingMs = 0;

  constructor(parts: {
    readonly model: ChatModel;
    readonly options: ReasoningOptions;
    readonly tools: readonly Tool[];
    readonly history: History;
    readonly interruption: Interruption;
    readonly emit: (event: RunEvent) => void;
    readonly clock: Clock;
    /** Called when older observations were shortened to make room. */
    readonly onShortened: () => void;
  }) {
    this.#model = parts.model;
    this.#options = parts.options;
    this.#tools = parts.tools;
    this.#history = parts.history;
    this.#interruption = parts.interruption;
    this.#emit = parts.emit;
    this.#clock = parts.clock;
    this.#onShortened = parts.onShortened;
    this.#mostReplyTokens = Math.min(
      parts.options.maxTokensPerTurn ?? defaultReplyTokens,
      parts.model.info.maxOutputTokens ?? Number.POSITIVE_INFINITY,
    );
    this.#replyTokens = this.#mostReplyTokens;
  }

  /** Tokens of all calls so far. */
  get usage(): TokenUsage {
    return this.#usage;
  }

  /** Time in which the model thought or wrote, in ms. */
  get thinkingMs(): number {
    return this.#thinkingMs;
  }

  /** Starts with short replies, as some protocols want; `undefined` allows the most at once. */
  limitReply(tokens: number | undefined): void {
    this.#replyTokens = Math.min(tokens ?? this.#mostReplyTokens, this.#mostReplyTokens);
  }

  /** Allows twice the tokens, after a reply that was cut off. */
  extendReply(): void {
    this.#replyTokens = Math.min(this.#replyTokens * 2, this.#mostReplyTokens);
  }

  /** Whether another call with a reply of `replyTokens` stays under the run's cap. */
  canAfford(replyTokens = this.#replyTokens): boolean {
    const cap = this.#options.maxTokensPerRun;
    const used = this.#usage.promptTokens + this.#usage.completionTokens;
    return cap === undefined || used + this.#history.tokens + replyTokens <= cap;
  }

  /** One reply for step `step`. Trouble is part of the reply; only `Interrupted` is thrown. */
  async call(protocol: Protocol, step: number, purpose: CallPurpose): Promise<TurnReply> {
    const window = this.#model.info.contextTokens;
    if (window !== undefined && this.#history.tokens > window - this.#replyTokens) {
      this.#shorten(window - this.#replyTokens);
    }
    const reply = await this.#callOnce(protocol, step, purpose);
    if (reply.error?.code !== 'request-too-large') {
      return reply;
    }
    const excess = reply.error.excessTokens ?? this.#history.tokens / 4;
    if (!this.#shorten(this.#history.tokens - excess)) {
      return reply;
    }
    this.#emit({ type: 'step-reset', step });
    return await this.#callOnce(protocol, step, purpose);
  }

  #shorten(limit: number): boolean {
    const changed = this.#history.shorten(limit);
    if (changed) {
      this.#onShortened();
    }
    return changed;
  }

  async #callOnce(protocol: Protocol, step: number, purpose: CallPurpose): Promise<TurnReply> {
    const toolNames = this.#tools.map((tool) => tool.name);
    const readsPlain = purpose !== 'turn' && protocol.name !== 'xml';
    const reply = await runTurn({
      model: this.#model,
      request: this.#requestFor(protocol, purpose),
      step,
      createReader: () => (readsPlain ? new PlainAnswerReader() : protocol.createReader(toolNames)),
      interruption: this.#interruption,
      emit: this.#emit,
      includeThoughts: this.#options.includeThoughts ?? true,
      clock: this.#clock,
      promptTokens: this.#history.tokens,
    });
    this.#usage = addUsage(this.#usage, reply.usage);
    this.#thinkingMs += reply.thinkingMs;
    if (reply.usage.estimated !== true) {
      this.#history.calibrate(reply.usage.promptTokens);
    }
    return reply;
  }

  #requestFor(protocol: Protocol, purpose: CallPurpose): ModelRequest {
    const { temperature, stop: ownStop, user } = this.#options;
    const { tools, stop: protocolStop, responseFormat } = protocol.callOptions(this.#tools, this.#model.info);
    const stop = [...(protocolStop ?? []), ...(ownStop ?? [])];
    return {
      messages: this.#history.messages(),
      temperature: temperature ?? 0,
      maxOutputTokens: this.#cappedReplyTokens(),
      ...(stop.length > 0 ? { stop } : {}),
      ...(tools !== undefined && purpose !== 'plain-answer' ? { tools } : {}),
      ...(responseFormat !== undefined && purpose === 'turn' ? { responseFormat } : {}),
      ...(user === undefined ? {} : { user }),
    };
  }

  /** Tokens for the reply that stay under the run's cap. */
  #cappedReplyTokens(): number {
    const cap = this.#options.maxTokensPerRun;
    if (cap === undefined) {
      return this.#replyTokens;
    }
    const left = cap - this.#usage.promptTokens - this.#usage.completionTokens - this.#history.tokens;
    return Math.max(1, Math.min(this.#replyTokens, left));
  }
}
