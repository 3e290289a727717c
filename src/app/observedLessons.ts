import type { LessonProposal, PlaybookEntry } from './playbook';
import type { Trajectory, TrajectoryAction } from './trajectory';

/** Characters of arguments and errors that a lesson quotes. */
const quotedCharacters = 120;

/**
 * Lessons that can be read off runs without a model: a call that failed and the next one of the same tool that did not,
 * and calls that came again and again. Texts that the playbook has already are left out.
 */
export function observedLessons(trajectories: readonly Trajectory[], entries: readonly PlaybookEntry[]): readonly LessonProposal[] {
  const known = new Set(entries.map((entry) => entry.text));
  const proposals: LessonProposal[] = [];
  for (const trajectory of trajectories) {
    const actions = trajectory.steps.flatMap((step) => step.actions);
    for (const proposal of [...mendedCalls(actions), ...repeatedCalls(actions)]) {
      const { operation } = proposal;
      if (operation.type === 'add' && !known.has(operation.text)) {
        known.add(operation.text);
        proposals.push(proposal);
      }
    }
  }
  return proposals.length > 0
    ? proposals.slice(0, 20)
    : [{ operation: { type: 'ignore' }, reason: 'No call failed and was mended, and none was repeated.' }];
}

function mendedCalls(actions: readonly TrajectoryAction[]): readonly LessonProposal[] {
  return actions.flatMap((failed, at) => {
    const mended = failed.isError ? actions.slice(at + 1).find((action) => action.tool === failed.tool && !action.isError) : undefined;
    if (mended === undefined) {
      return [];
    }
    const text = `${failed.tool} with ${quote(JSON.stringify(failed.args))} fails; ${quote(JSON.stringify(mended.args))} works.`;
    return [{ operation: { type: 'add', text }, reason: `It failed with: ${quote(failed.output)}` }];
  });
}

function repeatedCalls(actions: readonly TrajectoryAction[]): readonly LessonProposal[] {
  const counts = new Map<string, { readonly action: TrajectoryAction; count: number }>();
  for (const action of actions) {
    const key = `${action.tool} ${JSON.stringify(action.args)}`;
    const found = counts.get(key) ?? { action, count: 0 };
    found.count += 1;
    counts.set(key, found);
  }
  return [...counts.values()]
    .filter(({ count }) => count >= 3)
    .map(({ action: { tool, args }, count }) => ({
      operation: { type: 'add', text: `Do not call ${tool} with ${quote(JSON.stringify(args))} again once its result is there: it does not change.` },
      reason: `The same call was made ${String(count)} times in one run.`,
    }));
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= quotedCharacters ? line : `${line.slice(0, quotedCharacters)}…`;
}
