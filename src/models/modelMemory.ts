import { createBudgetState, type BudgetState } from './budget';
import { createQuirks, type ServerQuirks } from './serverQuirks';

/** What is kept of a model from call to call and from run to run. */
export interface ModelState {
  readonly budget: BudgetState;
  readonly quirks: ServerQuirks;
}

/** The states of all models in use. Held by whoever makes models, so that runs share what was learned. */
export interface ModelMemory {
  /** The state of the model with this key, made at the first call. */
  stateOf(key: string, maxTokensField: ServerQuirks['maxTokensField']): ModelState;
}

/** A memory that knows nothing yet. */
export function createModelMemory(): ModelMemory {
  const states = new Map<string, ModelState>();
  return {
    stateOf(key, maxTokensField) {
      let state = states.get(key);
      if (state === undefined) {
        state = { budget: createBudgetState(), quirks: createQuirks(maxTokensField) };
        states.set(key, state);
      }
      return state;
    },
  };
}
