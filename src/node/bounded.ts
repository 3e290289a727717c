import vm from 'node:vm';
import type { RunBounded } from '../tools/textSearch';

interface Runtime {
  readonly script: vm.Script;
  readonly context: { work: (() => unknown) | undefined };
}

let runtime: Runtime | undefined;

/**
 * Runs synchronous work and stops it after `limitMs`, wherever it is: V8 ends even a regular expression that
 * backtracks without end. Throws what `work` throws, or an error with the code `ERR_SCRIPT_EXECUTION_TIMEOUT`.
 */
export const runBounded: RunBounded = <Value>(work: () => Value, limitMs: number): Value => {
  runtime ??= { script: new vm.Script('work()'), context: vm.createContext({ work: undefined }) as Runtime['context'] };
  const { script, context } = runtime;
  context.work = work;
  try {
    return script.runInContext(context, { timeout: limitMs }) as Value;
  } finally {
    context.work = undefined;
  }
};
