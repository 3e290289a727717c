import type { TokenUsage } from '../core/model';
import { addUsage, noUsage } from '../core/model';
import type { GatewayRun } from './gatewayRuns';

/** Tokens that a run has used so far. */
export function runUsage(run: GatewayRun): TokenUsage {
  const steps = run.handle.current()?.steps ?? [];
  return steps.reduce((sum, { usage }) => addUsage(sum, usage), noUsage);
}
