import { t } from '../core/l10n';
import type { TaskKind } from '../core/request';

/** How a task is offered, and the question it stands for. */
export interface TaskText {
  readonly label: string;
  readonly detail: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** The question that is asked when the person adds no words of their own; empty for their own question. */
  readonly question: string;
}

/** The texts of a task, in the person's language. A mapped type, so that no task can be forgotten. */
export function taskText(task: TaskKind): TaskText {
  const texts: Record<TaskKind, () => TaskText> = {
    complexity: () => ({
      label: t('Time and space complexity'),
      detail: t('How time and memory grow with the input, with the lines that decide it'),
      icon: 'graph-line',
      question: t('What is the time and space complexity of this code, and why?'),
    }),
    explain: () => ({
      label: t('Explain step by step'),
      detail: t('What the code does, in the order in which it does it'),
      icon: 'book',
      question: t('Explain step by step what this code does.'),
    }),
    bugs: () => ({
      label: t('Find bugs'),
      detail: t('Inputs and states for which the code does the wrong thing'),
      icon: 'bug',
      question: t('Which bugs does this code have? Show for each the input or state that triggers it.'),
    }),
    security: () => ({
      label: t('Security review'),
      detail: t('How the code could be misused, and how to prevent it'),
      icon: 'shield',
      question: t('Which security problems does this code have, and how are they mended?'),
    }),
    tests: () => ({
      label: t('Suggest tests'),
      detail: t('The cases that are worth a test, edge cases first'),
      icon: 'beaker',
      question: t('Which tests does this code need? Name the cases and what to expect of each.'),
    }),
    refactor: () => ({
      label: t('Refactor'),
      detail: t('How the code could be made simpler while it does the same'),
      icon: 'wand',
      question: t('How could this code be made simpler and clearer without changing what it does?'),
    }),
    question: () => ({
      label: t('Ask your own question…'),
      detail: t('Anything about this code'),
      icon: 'question',
      question: '',
    }),
  };
  return texts[task]();
}
