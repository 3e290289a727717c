import type { RunOutcome } from '../core/events';
import type { Run } from '../core/run';
import type { ToolArguments } from '../core/tool';

/** A finished run as lessons are drawn from it: what was asked, what was done, what came of it. */
export interface Trajectory {
  readonly requestId: string;
  readonly task: string;
  /** The question. */
  readonly input: string;
  readonly steps: readonly TrajectoryStep[];
  /** The final answer; empty where there was none. */
  readonly result: string;
  /** `interrupted`: the process ended before the run did. */
  readonly outcome: RunOutcome | 'interrupted';
  /** Epoch ms. */
  readonly startedAt: number;
  /** ms; 0 where the end is not known. */
  readonly durationMs: number;
}

export interface TrajectoryStep {
  readonly thought: string;
  readonly actions: readonly TrajectoryAction[];
}

export interface TrajectoryAction {
  readonly tool: string;
  readonly args: ToolArguments;
  /** What came back, shortened. */
  readonly output: string;
  readonly isError: boolean;
}

/** Longest output that a trajectory keeps, in characters. */
const outputLimit = 2000;

/** The trajectory of a finished run. */
export function trajectoryOf(run: Run): Trajectory {
  return {
    requestId: run.id,
    task: run.request.task,
    input: run.request.question,
    steps: run.steps.map((step) => ({
      thought: step.thought,
      actions: step.actions.map((action) => ({
        tool: action.tool,
        args: action.args,
        output: (action.observation ?? '').slice(0, outputLimit),
        isError: action.isError,
      })),
    })),
    result: run.answer,
    outcome: run.outcome ?? 'interrupted',
    startedAt: run.startedAt,
    durationMs: run.totals?.elapsedMs ?? 0,
  };
}
