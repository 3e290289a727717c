import type { RunEvent } from '../core/events';
import { t } from '../core/l10n';
import type { Tool, ToolArguments, ToolResult } from '../core/tool';
import { truncate } from '../core/text';
import type { Interruption } from './interruption';
import { Interrupted } from './interruption';
import { repeatedCallWarning } from './prompts';
import type { ActionOutcome, TurnAction } from './protocols/protocol';

/** Longest observation that a model is given, in characters. Tools set lower limits of their own. */
const observationLimit = 24_000;
/** Equal calls in a row after which the model is warned, and after which the run goes to its answer. */
const warnAfter = 3;
const endAfter = 5;

/** Checks arguments against a tool's schema: the arguments with their types set right, or a text for the model. */
export type ArgumentCheck = (
  tool: Tool,
  args: ToolArguments,
) => { readonly ok: true; readonly args: ToolArguments } | { readonly ok: false; readonly error: string };

export interface ActionOutcomes {
  readonly outcomes: readonly ActionOutcome[];
  /** Every call was broken: of an unknown tool, or with arguments that do not fit. */
  readonly allBroken: boolean;
  /** The same call came so often that the run should end with an answer. */
  readonly stuck: boolean;
}

interface Call {
  readonly action: TurnAction;
  readonly callId: string;
  readonly tool: Tool | undefined;
  /** Checked arguments, or what is wrong with them. */
  readonly check: ReturnType<ArgumentCheck>;
  readonly key: string;
}

/** Carries out the actions of a run: checks, runs, remembers equal calls and notices repetition. */
export class ActionRunner {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #check: ArgumentCheck;
  readonly #interruption: Interruption;
  readonly #emit: (event: RunEvent) => void;
  readonly #monotonic: () => number;
  readonly #results = new Map<string, Promise<ToolResult>>();
  #lastKey = '';
  #repeats = 0;

  constructor(parts: {
    readonly tools: readonly Tool[];
    readonly check: ArgumentCheck;
    readonly interruption: Interruption;
    readonly emit: (event: RunEvent) => void;
    readonly monotonic: () => number;
  }) {
    this.#tools = new Map(parts.tools.map((tool) => [tool.name, tool]));
    this.#check = parts.check;
    this.#interruption = parts.interruption;
    this.#emit = parts.emit;
    this.#monotonic = parts.monotonic;
  }

  /**
   * Runs the actions of one turn, in order; read-only neighbours at the same time. Every action gets an outcome.
   * Throws `Interrupted` when the run is to stop.
   */
  async run(step: number, actions: readonly TurnAction[]): Promise<ActionOutcomes> {
    const calls = actions.map((action, index) => this.#prepare(step, index, action));
    const outcomes: ActionOutcome[] = [];
    let at = 0;
    while (at < calls.length) {
      const group = groupAt(calls, at);
      outcomes.push(...(await Promise.all(group.map((call) => this.#runCall(step, call)))));
      at += group.length;
    }
    return {
      outcomes,
      allBroken: calls.length > 0 && calls.every((call) => call.tool === undefined || !call.check.ok),
      stuck: this.#repeats >= endAfter,
    };
  }

  #prepare(step: number, index: number, action: TurnAction): Call {
    const tool = this.#tools.get(action.name);
    const check: ReturnType<ArgumentCheck> =
      tool === undefined ? { ok: false, error: this.#unknownTool(action.name) } : this.#check(tool, action.args);
    const args = check.ok ? check.args : action.args;
    return {
      action,
      callId: action.nativeId ?? `${String(step)}.${String(index + 1)}`,
      tool,
      check,
      key: `${action.name} ${stableJson(args)}`,
    };
  }

  async #runCall(step: number, call: Call): Promise<ActionOutcome> {
    const args = call.check.ok ? call.check.args : call.action.args;
    this.#emit({
      type: 'action-start',
      step,
      callId: call.callId,
      tool: call.action.name,
      args,
      summary: call.tool === undefined || !call.check.ok ? call.action.name : describeCall(call.tool, args),
    });
    const startedAt = this.#monotonic();
    const repeats = this.#countRepeats(call.key);
    const cacheable = call.tool?.readOnly === true;
    const cached = cacheable && this.#results.has(call.key);
    const result = await this.#result(call, cacheable);
    let observation = truncate(result.text, observationLimit);
    if (repeats >= warnAfter) {
      observation = `${repeatedCallWarning(repeats)}\n\n${observation}`;
      this.#emit({
        type: 'notice',
        step,
        code: 'repeated-call',
        message: t('The model made the same call {0} times in a row.', repeats),
      });
    }
    this.#emit({
      type: 'action-end',
      step,
      callId: call.callId,
      observation,
      isError: result.isError === true,
      cached,
      elapsedMs: this.#monotonic() - startedAt,
      references: result.references ?? [],
    });
    return { action: call.action, observation, isError: result.isError === true };
  }

  async #result(call: Call, cacheable: boolean): Promise<ToolResult> {
    const { tool, check, key } = call;
    if (tool === undefined || !check.ok) {
      return { text: check.ok ? '' : check.error, isError: true };
    }
    let pending = this.#results.get(key);
    if (pending === undefined) {
      pending = this.#execute(tool, check.args);
      if (cacheable) {
        this.#results.set(key, pending);
      } else {
        // What a tool changed may change what the others see.
        this.#results.clear();
      }
    }
    const result = await this.#interruption.wait(pending);
    if (result.isError === true) {
      this.#results.delete(key);
    }
    return result;
  }

  async #execute(tool: Tool, args: ToolArguments): Promise<ToolResult> {
    try {
      return await tool.run(args, this.#interruption.signal);
    } catch (error) {
      if (error instanceof Interrupted || this.#interruption.reason !== undefined) {
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      return { text: `${tool.name} failed: ${message}. Try other arguments or another tool.`, isError: true };
    }
  }

  #countRepeats(key: string): number {
    this.#repeats = key === this.#lastKey ? this.#repeats + 1 : 1;
    this.#lastKey = key;
    return this.#repeats;
  }

  #unknownTool(name: string): string {
    const names = [...this.#tools.keys()];
    return names.length === 0
      ? `There is no tool "${name}": no tools are available. Answer with what you have.`
      : `There is no tool "${name}". The tools are: ${names.join(', ')}.`;
  }
}

/** The calls from `at` on that may run at the same time. */
function groupAt(calls: readonly Call[], at: number): readonly Call[] {
  let end = at;
  while (end < calls.length && calls[end]?.tool?.readOnly === true) {
    end += 1;
  }
  return calls.slice(at, Math.max(end, at + 1));
}

function describeCall(tool: Tool, args: ToolArguments): string {
  try {
    return tool.describe(args);
  } catch {
    return tool.name;
  }
}

/** JSON with the keys of every object in order, so that equal arguments give equal text. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([first], [second]) => (first < second ? -1 : 1)))
      : inner,
  );
}
