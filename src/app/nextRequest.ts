import type { EarlierStep, ReasoningRequest, RunParent } from '../core/request';
import type { Run, RunStep } from '../core/run';
import { taskOfQuestion } from './taskOfQuestion';

/*
 * Requests that go on from a run: each names that run as its parent. Options are left out, for those of the settings
 * apply as they are now; only the choice of tools was the request's own.
 */

/** A step as a person changed it. `observations` are in the order of the step's calls that had come back. */
export interface StepEdit {
  readonly thought: string;
  readonly observations: readonly string[];
}

/** The same request again. */
export function retried(run: Run): ReasoningRequest {
  return again(run, { kind: 'retry', runId: run.id });
}

/** The same request with all steps of the run as earlier steps: the limit of steps counts from there. */
export function deepened(run: Run): ReasoningRequest {
  return { ...again(run, { kind: 'go-deeper', runId: run.id }), earlierSteps: run.steps.map(earlierStep) };
}

/** The steps of a run up to one of them (1-based, included), the last one as the person edited it. */
export function forked(run: Run, step: number, edited: StepEdit | undefined): ReasoningRequest {
  const steps = run.steps.filter(({ index }) => index <= step);
  const earlierSteps = steps.map((one, position) => {
    const kept = earlierStep(one);
    if (edited === undefined || position !== steps.length - 1) {
      return kept;
    }
    const actions = kept.actions.map((action, index) => ({ ...action, observation: edited.observations[index] ?? action.observation }));
    return { ...kept, thought: edited.thought, actions };
  });
  return { ...again(run, { kind: 'fork', runId: run.id, step, ...(edited === undefined ? {} : { edited: true }) }), earlierSteps };
}

/** A question that goes on from a run: its question and answer come before it. */
export function followUp(run: Run, text: string): ReasoningRequest {
  const { code, attachments, options, question, history: before = [] } = again(run, { kind: 'follow-up', runId: run.id });
  const history = [
    ...before,
    ...(run.answer === '' ? [] : [{ role: 'user' as const, content: question }, { role: 'assistant' as const, content: run.answer }]),
  ];
  return {
    task: taskOfQuestion(text),
    question: text.trim(),
    ...(code === undefined ? {} : { code }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(history.length === 0 ? {} : { history }),
    parent: { kind: 'follow-up', runId: run.id },
    ...(options === undefined ? {} : { options }),
  };
}

function again({ request }: Run, parent: RunParent): ReasoningRequest {
  const { task, question, code, attachments, history, earlierSteps, options } = request;
  return {
    task,
    question,
    ...(code === undefined ? {} : { code }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(history === undefined ? {} : { history }),
    ...(earlierSteps === undefined ? {} : { earlierSteps }),
    parent,
    ...(options?.tools === undefined ? {} : { options: { tools: options.tools } }),
  };
}

function earlierStep({ title, thought, actions }: RunStep): EarlierStep {
  return {
    title,
    thought,
    actions: actions.flatMap(({ tool, args, observation, isError }) => (observation === undefined ? [] : [{ tool, args, observation, isError }])),
  };
}
