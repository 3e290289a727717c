import type { ToolDefinition } from '../core/tool';
import { sliceWhole } from '../core/text';
import type { TurnProblem } from './protocols/protocol';

/** How much of a broken reply stays in the history, in characters: enough to know it again, too little to copy. */
const keptLength = 600;

/** A reply that broke the protocol, as short as the history keeps it. */
export function shortenBrokenReply(raw: string): string {
  if (raw.length <= keptLength) {
    return raw === '' ? '(empty reply)' : raw;
  }
  return `${sliceWhole(raw, keptLength)}\n[… ${String(raw.length - keptLength)} more characters]`;
}

/** What a model is told after a reply that broke the protocol: exactly what was wrong, and what to write instead. */
export function repairPrompt(problem: TurnProblem, tools: readonly ToolDefinition[], instructions?: string): string {
  const what = diagnosis(problem, tools);
  return instructions === undefined ? what : `${what}\n\nFrom now on reply differently. ${instructions}`;
}

function diagnosis(problem: TurnProblem, tools: readonly ToolDefinition[]): string {
  const detail = problem.detail === undefined ? '' : ` ${problem.detail}`;
  switch (problem.kind) {
    case 'empty':
      return `Your reply was empty.${detail}`;
    case 'no-protocol':
      return `Your reply had neither an action nor an answer in it.${detail} Go on with the next action, or conclude with your answer.`;
    case 'truncated-action':
      return `Your reply was cut off in the middle of an action, so nothing was run.${detail} Write less before the action, and the whole action again.`;
    case 'truncated':
      return `Your reply was cut off before it was complete.${detail} Write it again, shorter.`;
    case 'bad-arguments':
      return `An action was not run, because its name or its arguments could not be read.${detail}${schemas(problem, tools)}`;
    case 'bad-step':
      return `Your step could not be read.${detail}`;
  }
}

function schemas(problem: TurnProblem, tools: readonly ToolDefinition[]): string {
  const named = tools.filter((tool) => problem.detail?.includes(tool.name) === true);
  return (named.length > 0 ? named : tools)
    .map((tool) => `\nArguments of ${tool.name}: ${JSON.stringify(tool.parameters)}`)
    .join('');
}
