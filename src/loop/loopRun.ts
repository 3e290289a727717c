import type { Clock } from '../core/clock';
import { StepwiseError, errorData, toStepwiseError } from '../core/errors';
import type { NoticeCode, RunEvent, RunOutcome } from '../core/events';
import { t } from '../core/l10n';
import type { TokenUsage } from '../core/model';
import { addUsage, noUsage } from '../core/model';
import type { ReasoningOptions, ReasoningRequest, SourceReference } from '../core/request';
import type { Tool } from '../core/tool';
import { ActionRunner } from './actions';
import { limitMessage, reasonForModel } from './answerReasons';
import type { AnswerReason } from './answerReasons';
import { checkArguments } from './arguments';
import { costOf } from './cost';
import { fallbackAnswer, readFinalAnswer } from './finalAnswer';
import type { History } from './history';
import { Interrupted, Interruption } from './interruption';
import { ProtocolLadder } from './ladder';
import type { CallPurpose } from './modelCaller';
import { ModelCaller } from './modelCaller';
import { openingHistory } from './openingHistory';
import type { Protocol, TurnReading } from './protocols/protocol';
import { readReply } from './readReply';
import { repairPrompt, shortenBrokenReply } from './repair';
import type { LoopParts } from './runLoop';
import { stepTitle } from './stepTitle';
import type { TurnReply } from './turn';
import { verdictOn } from './verdictOn';

const defaultIterations = 5;
const mostIterations = 25;
const defaultTimeLimitMs = 300_000;
/** Share of the time limit after which the model is asked for its answer, so that there is time for one. */
const answerTimeShare = 0.8;
/** Least tokens with which an answer is worth asking for. */
const leastAnswerTokens = 256;
/** Tries for a readable reply of one step: the first, and two repairs. */
const triesPerStep = 3;
/** Turns in a row whose calls were all broken, after which the run goes to its answer. */
const brokenCallLimit = 3;

/** How a run is to end. */
interface Ending {
  readonly outcome: RunOutcome;
  readonly answer: string;
  readonly error?: StepwiseError;
}

type StepResult = { readonly next: 'step' } | { readonly next: 'answer'; readonly reason: AnswerReason } | Ending;

/** One run of the loop. All of its state is here and ends with it. */
export class LoopRun {
  readonly #request: ReasoningRequest;
  readonly #options: ReasoningOptions;
  readonly #parts: LoopParts;
  readonly #clock: Clock;
  readonly #emit: (event: RunEvent) => void;
  readonly #interruption: Interruption;
  readonly #tools: readonly Tool[];
  readonly #actions: ActionRunner;
  readonly #ladder: ProtocolLadder;
  readonly #history: History;
  readonly #caller: ModelCaller;
  readonly #startedAt: number;
  readonly #timeLimitMs: number;
  readonly #maxIterations: number;
  #step = 0;
  /** Of all tries of the present step. */
  #stepUsage: TokenUsage = noUsage;
  #stepThinkingMs = 0;
  #brokenTurns = 0;
  /** The newest text that is worth something where no answer can be had. */
  #lastGood = '';

  constructor(
    request: ReasoningRequest,
    parts: LoopParts,
    clock: Clock,
    signal: AbortSignal,
    emit: (event: RunEvent) => void,
  ) {
    this.#request = request;
    this.#options = request.options ?? {};
    this.#parts = parts;
    this.#clock = clock;
    this.#emit = emit;
    this.#startedAt = clock.monotonic();
    this.#timeLimitMs = this.#options.timeLimitMs ?? defaultTimeLimitMs;
    this.#interruption = new Interruption(signal, this.#timeLimitMs, () => clock.monotonic());
    const chosen = this.#options.tools;
    this.#tools = chosen === undefined ? parts.tools : parts.tools.filter((tool) => chosen.includes(tool.name));
    this.#actions = new ActionRunner({
      tools: this.#tools,
      check: checkArguments,
      interruption: this.#interruption,
      emit,
      monotonic: () => clock.monotonic(),
    });
    const { info } = parts.model;
    this.#ladder = new ProtocolLadder(this.#options.protocol ?? 'auto', info, parts.protocolMemory);
    const { protocol } = this.#ladder;
    const fallback = protocol.name === 'json-steps' ? mostIterations : defaultIterations;
    this.#maxIterations = Math.min(mostIterations, Math.max(1, Math.trunc(this.#options.maxIterations ?? fallback)));
    this.#history = openingHistory(request, protocol, this.#tools, info);
    this.#caller = new ModelCaller({
      model: parts.model,
      options: this.#options,
      tools: this.#tools,
      history: this.#history,
      interruption: this.#interruption,
      emit,
      clock,
      onShortened: () =>
        this.#notice('history-shortened', t("Older results were shortened to fit into the model's context.")),
    });
    this.#caller.limitReply(protocol.firstReplyTokens);
  }

  /** Runs to the end. Never rejects: whatever happens is told by the last event. */
  async run(): Promise<void> {
    this.#emit({
      type: 'run-start',
      runId: this.#parts.runId ?? crypto.randomUUID(),
      at: this.#clock.now(),
      request: this.#request,
      model: this.#parts.model.info,
      protocol: this.#ladder.protocol.name,
      maxIterations: this.#maxIterations,
    });
    let ending: Ending;
    try {
      ending = await this.#think();
      await this.#check(ending.answer);
    } catch (error) {
      ending = this.#endingOf(error);
    } finally {
      this.#interruption.dispose();
    }
    this.#end(ending);
  }

  /** Tells the steps that the run goes on from, so that its events are complete by themselves. */
  #replayEarlierSteps(): void {
    for (const earlier of this.#request.earlierSteps ?? []) {
      this.#startStep('turn');
      const step = this.#step;
      const { title, thought, actions } = earlier;
      this.#emit({ type: 'thought-end', step, title, thought, thinkingMs: 0, usage: noUsage });
      for (const [index, { tool, args, observation, isError }] of actions.entries()) {
        const callId = `${String(step)}.${String(index + 1)}`;
        this.#emit({ type: 'action-start', step, callId, tool, args, summary: tool });
        const references: readonly SourceReference[] = [];
        this.#emit({ type: 'action-end', step, callId, observation, isError, cached: true, elapsedMs: 0, references });
      }
      this.#emit({ type: 'step-end', step, at: this.#clock.now() });
      this.#lastGood = thought === '' ? this.#lastGood : thought;
    }
  }

  async #think(): Promise<Ending> {
    this.#replayEarlierSteps();
    const lastStep = this.#step + this.#maxIterations;
    while (this.#step < lastStep) {
      await this.#waitWhilePaused();
      const early = this.#reasonToAnswerNow();
      if (early !== undefined) {
        return await this.#askForAnswer(early);
      }
      this.#startStep('turn');
      const result = await this.#takeStep();
      this.#emit({ type: 'step-end', step: this.#step, at: this.#clock.now() });
      if ('outcome' in result) {
        return result;
      }
      if (result.next === 'answer') {
        return await this.#askForAnswer(result.reason);
      }
    }
    return await this.#askForAnswer('steps');
  }

  async #waitWhilePaused(): Promise<void> {
    const { pauses } = this.#parts;
    if (pauses?.paused === true) {
      this.#notice('paused', t('Paused before the next step.'));
      await this.#interruption.pause(pauses.whenOpen());
    }
  }

  #reasonToAnswerNow(): AnswerReason | undefined {
    if (this.#interruption.leftMs < this.#timeLimitMs * (1 - answerTimeShare)) {
      return 'time';
    }
    return this.#caller.canAfford() ? undefined : 'tokens';
  }

  /** One step: a reply that can be read, after repairs where need be, and what it asks for. */
  async #takeStep(): Promise<StepResult> {
    let triesLeft = triesPerStep;
    for (;;) {
      const reply = await this.#call('turn');
      const reading = readReply(reply);
      if (reply.error !== undefined && !isUnreadable(reply.error)) {
        const next = reply.error.code === 'bad-request' ? this.#ladder.refused() : undefined;
        if (next === undefined) {
          this.#finishTurn(reply, reading);
          return this.#failed(reply.error, reading);
        }
        this.#changeProtocol(next);
        this.#history.add({ role: 'user', content: next.instructions(this.#tools) });
        this.#emit({ type: 'step-reset', step: this.#step });
        continue;
      }
      const usable = reading.problem === null || reading.actions.length > 0 || reading.answer !== null;
      if (usable) {
        this.#ladder.readable();
        this.#finishTurn(reply, reading);
        return await this.#follow(reply, reading);
      }
      triesLeft = this.#repair(reply, reading) ? triesPerStep : triesLeft - 1;
      if (triesLeft === 0) {
        this.#finishTurn(reply, reading);
        return { next: 'answer', reason: 'broken' };
      }
      this.#emit({ type: 'step-reset', step: this.#step });
    }
  }

  /** What a readable reply asks for. */
  async #follow(reply: TurnReply, reading: TurnReading): Promise<StepResult> {
    if (reading.answer !== null && reading.actions.length === 0) {
      return this.#answered(reply, reading.answer);
    }
    const { protocol } = this.#ladder;
    this.#history.add(protocol.replyMessage(reply.raw, reply.calls));
    if (reading.actions.length === 0) {
      return reading.wantsFinalAnswer ? { next: 'answer', reason: 'settled' } : { next: 'step' };
    }
    const { outcomes, allBroken, stuck } = await this.#actions.run(this.#step, reading.actions);
    this.#history.addObservations(protocol.observationMessages(outcomes));
    if (reading.problem !== null) {
      this.#history.add({ role: 'user', content: repairPrompt(reading.problem, this.#tools) });
    }
    this.#brokenTurns = allBroken ? this.#brokenTurns + 1 : 0;
    if (stuck || this.#brokenTurns >= brokenCallLimit) {
      return { next: 'answer', reason: stuck ? 'stuck' : 'broken' };
    }
    return { next: 'step' };
  }

  #answered(reply: TurnReply, answer: string): Ending {
    if (reply.finish === 'length') {
      this.#notice('truncated', t('The answer was cut off because the reply had reached its most tokens.'));
    }
    return { outcome: 'answered', answer };
  }

  /** Tells the model what was wrong. True where the run goes on with another protocol. */
  #repair(reply: TurnReply, reading: TurnReading): boolean {
    const problem = reading.problem ?? { kind: 'no-protocol' };
    if (reply.finish === 'length') {
      this.#caller.extendReply();
    }
    const next = this.#ladder.unreadable();
    this.#history.add(
      { role: 'assistant', content: shortenBrokenReply(reply.raw) },
      { role: 'user', content: repairPrompt(problem, this.#tools, next?.instructions(this.#tools)) },
    );
    if (next === undefined) {
      this.#notice('repair', t('The reply could not be read ({0}). The model is told what was wrong.', problem.kind));
      return false;
    }
    this.#changeProtocol(next);
    return true;
  }

  #changeProtocol(next: Protocol): void {
    this.#caller.limitReply(next.firstReplyTokens);
    this.#notice('protocol-changed', t('The model does not keep to the protocol. Going on with "{0}".', next.name));
  }

  /** The call for the final answer, and a second one where the first gave none. Never an empty end. */
  async #askForAnswer(reason: AnswerReason): Promise<Ending> {
    const outcome: RunOutcome = reason === 'settled' ? 'answered' : 'limit';
    this.#caller.limitReply(undefined);
    const affordable = this.#caller.canAfford(leastAnswerTokens);
    if (!affordable) {
      this.#notice('limit-reached', limitMessage('tokens'));
      return { outcome: 'limit', answer: fallbackAnswer(this.#lastGood) };
    }
    this.#startStep('final-answer');
    if (outcome === 'limit') {
      this.#notice('limit-reached', limitMessage(reason));
    }
    const ending =
      (await this.#callForAnswer(reason, outcome, 'answer')) ??
      (await this.#callForAnswer(reason, outcome, 'plain-answer')) ??
      ({ outcome: 'limit', answer: fallbackAnswer(this.#lastGood) } satisfies Ending);
    this.#emit({ type: 'step-end', step: this.#step, at: this.#clock.now() });
    return ending;
  }

  async #callForAnswer(
    reason: AnswerReason,
    outcome: RunOutcome,
    purpose: 'answer' | 'plain-answer',
  ): Promise<Ending | undefined> {
    const { protocol } = this.#ladder;
    this.#history.add({ role: 'user', content: protocol.finalAnswerPrompt(reasonForModel[reason]) });
    const reply = await this.#call(purpose);
    const reading = readReply(reply);
    const answer = readFinalAnswer(reply);
    this.#finishTurn(reply, { ...reading, title: t('Final answer') });
    if (reply.error !== undefined) {
      return answer === '' ? this.#failed(reply.error, reading) : { outcome: 'failed', answer, error: reply.error };
    }
    if (answer !== '') {
      return outcome === 'answered' ? this.#answered(reply, answer) : { outcome, answer };
    }
    this.#history.add({ role: 'assistant', content: shortenBrokenReply(reply.raw) });
    return undefined;
  }

  async #call(purpose: CallPurpose): Promise<TurnReply> {
    const reply = await this.#caller.call(this.#ladder.protocol, this.#step, purpose);
    this.#stepUsage = addUsage(this.#stepUsage, reply.usage);
    this.#stepThinkingMs += reply.thinkingMs;
    return reply;
  }

  #startStep(kind: 'turn' | 'final-answer'): void {
    this.#step += 1;
    this.#stepUsage = noUsage;
    this.#stepThinkingMs = 0;
    this.#emit({ type: 'step-start', step: this.#step, at: this.#clock.now(), kind });
  }

  #finishTurn(reply: TurnReply, reading: TurnReading): void {
    if (reply.answerShown && reading.answer === null) {
      // What looked like the answer while it came was none.
      this.#emit({ type: 'step-reset', step: this.#step });
    }
    const thought = (this.#options.includeThoughts ?? true) ? reading.thought : '';
    if (reading.thought !== '') {
      this.#lastGood = reading.thought;
    }
    this.#emit({
      type: 'thought-end',
      step: this.#step,
      title: reading.title === '' ? stepTitle(thought, reading.actions, reading.answer !== null) : reading.title,
      thought,
      thinkingMs: this.#stepThinkingMs,
      usage: this.#stepUsage,
    });
  }

  /** An error ends the run, with the last good step kept. */
  #failed(error: StepwiseError, reading: TurnReading): Ending {
    const partial = reading.answer ?? this.#lastGood;
    return { outcome: 'failed', answer: partial === '' ? '' : fallbackAnswer(partial), error };
  }

  #endingOf(error: unknown): Ending {
    if (!(error instanceof Interrupted) && this.#interruption.reason === undefined) {
      return { outcome: 'failed', answer: this.#lastGood, error: toStepwiseError(error) };
    }
    if (this.#interruption.reason === 'time-limit') {
      const message = t('The run was stopped at its time limit. Raise the limit or ask a smaller question.');
      this.#notice('limit-reached', message);
      const timeout = new StepwiseError('time-limit', message, { remedy: 'retry' });
      return { outcome: 'limit', answer: fallbackAnswer(this.#lastGood), error: timeout };
    }
    return { outcome: 'cancelled', answer: '' };
  }

  async #check(answer: string): Promise<void> {
    const verdict = await verdictOn(answer, this.#request, this.#parts.checkAnswer, this.#interruption);
    if (verdict !== undefined) {
      this.#emit({ type: 'verdict', verdict });
    }
  }

  #notice(code: NoticeCode, message: string): void {
    this.#emit({ type: 'notice', step: this.#step, code, message });
  }

  #end({ outcome, answer, error }: Ending): void {
    const { usage } = this.#caller;
    const costUsd = costOf(usage, this.#parts.model.info.price);
    this.#emit({
      type: 'run-end',
      at: this.#clock.now(),
      outcome,
      answer,
      ...(error === undefined ? {} : { error: errorData(error) }),
      totals: {
        elapsedMs: this.#clock.monotonic() - this.#startedAt,
        thinkingMs: this.#caller.thinkingMs,
        steps: this.#step,
        usage,
        ...(costUsd === undefined ? {} : { costUsd }),
      },
    });
  }
}

/** The server could make nothing of what its model wrote: that is mended like any reply that cannot be read. */
function isUnreadable(error: StepwiseError): boolean {
  return error.code === 'unreadable-reply' || error.code === 'tool-use-failed';
}
