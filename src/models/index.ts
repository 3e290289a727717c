import type { ChatModel, ModelInfo } from '../core/model';
import { withBudget } from './budget';
import type { Fetch } from './clientLibrary';
import type { Clock } from './clock';
import { groqModel, listGroqModels } from './groq';
import { createModelMemory, type ModelMemory, type ModelState } from './modelMemory';
import { compatibleModel, listCompatibleModels, maxTokensFieldOf, normalizeBaseUrl } from './openaiCompatible';
import { withRetry } from './retry';
import { withWatchdog } from './watchdog';

/** Which model a person chose, with what is needed to reach it. */
export type ModelChoice =
  | {
      readonly vendor: 'groq';
      readonly id: string;
      readonly key: string;
      readonly baseUrl?: string;
      readonly includeReasoning?: boolean;
      readonly reasoningEffort?: 'low' | 'medium' | 'high';
      readonly info?: Partial<ModelInfo>;
    }
  | {
      readonly vendor: 'openai-compatible';
      readonly id: string;
      readonly baseUrl: string;
      readonly key?: string;
      readonly info?: Partial<ModelInfo>;
    };

/** Where a list of models comes from. */
export type ModelSource =
  | { readonly vendor: 'groq'; readonly key: string; readonly baseUrl?: string }
  | { readonly vendor: 'openai-compatible'; readonly baseUrl: string; readonly key?: string };

/** Patience with servers, as people set it. */
export interface PatienceSettings {
  /** Tries of one call, the first included; 3 if left out. */
  readonly attempts?: number;
  /** Longest single wait that a server may ask for, in ms; 60 s if left out. */
  readonly longestWaitMs?: number;
  /** Longest silence in mid-stream, in ms; 30 s if left out. */
  readonly idleMs?: number;
  /** Longest silence before a reply begins, in ms; 60 s at Groq and 180 s elsewhere if left out. */
  readonly firstChunkMs?: number;
}

/** What models share. */
export interface ModelDependencies {
  /** What was learned of each model; pass the same one every time, so that runs share limits and quirks. */
  readonly memory?: ModelMemory;
  readonly patience?: PatienceSettings;
  /** The platform's if left out. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
}

/** A local server may have to load the model before it says a word. In ms. */
const slowStartMs = 180_000;

/** The model that was chosen, with watchdog, budget and retries around it. Nothing is loaded before the first call. */
export function createModel(choice: ModelChoice, dependencies: ModelDependencies = {}): ChatModel {
  const memory = dependencies.memory ?? createModelMemory();
  const platform = { ...given('fetch', dependencies.fetch), ...given('clock', dependencies.clock) };
  if (choice.vendor === 'groq') {
    const state = memory.stateOf(`groq ${choice.baseUrl ?? ''} ${choice.id}`, 'max_completion_tokens');
    return guarded(groqModel({ ...choice, ...platform, quirks: state.quirks }), state, dependencies, {});
  }
  const address = normalizeBaseUrl(choice.baseUrl);
  const state = memory.stateOf(`${address} ${choice.id}`, maxTokensFieldOf(address));
  return guarded(compatibleModel({ ...choice, ...platform, quirks: state.quirks }), state, dependencies, { firstChunkMs: slowStartMs });
}

/** Any other model, such as one of VS Code's, with watchdog, budget and retries around it. */
export function guardModel(model: ChatModel, dependencies: ModelDependencies = {}): ChatModel {
  const memory = dependencies.memory ?? createModelMemory();
  const state = memory.stateOf(`${model.info.vendor} ${model.info.id}`, 'max_tokens');
  return guarded(model, state, dependencies, {});
}

/** The models of a source that chat, best first. Rejects with a `StepwiseError`. */
export async function listModels(
  source: ModelSource,
  signal: AbortSignal,
  dependencies: Pick<ModelDependencies, 'fetch' | 'clock'> = {},
): Promise<ModelInfo[]> {
  const platform = { ...given('fetch', dependencies.fetch), ...given('clock', dependencies.clock) };
  return source.vendor === 'groq'
    ? listGroqModels({ ...source, ...platform }, signal)
    : listCompatibleModels({ ...source, ...platform }, signal);
}

/** The order matters: each try is governed by the budget, and waiting for the budget is no silence. */
function guarded(model: ChatModel, state: ModelState, dependencies: ModelDependencies, defaults: PatienceSettings): ChatModel {
  const { idleMs, firstChunkMs, attempts, longestWaitMs } = { ...defaults, ...dependencies.patience };
  const clock = given('clock', dependencies.clock);
  const watched = withWatchdog(model, { ...clock, ...given('idleMs', idleMs), ...given('firstChunkMs', firstChunkMs) });
  const governed = withBudget(watched, { ...clock, state: state.budget });
  return withRetry(governed, { ...clock, ...given('attempts', attempts), ...given('longestWaitMs', longestWaitMs) });
}

/** An option, or none where it is undefined: the checker tells the two apart. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, Value>>);
}

export { createModelMemory, type ModelMemory } from './modelMemory';
export { defaultGroqModel } from './catalog';
