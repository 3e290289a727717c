import { t } from '../core/l10n';
import type { RunOutcome } from '../core/events';
import type { TaskKind } from '../core/request';

/** The name of a task for people. */
export function taskName(task: TaskKind): string {
  switch (task) {
    case 'complexity':
      return t('Time and space complexity');
    case 'explain':
      return t('Explanation step by step');
    case 'bugs':
      return t('Search for bugs');
    case 'security':
      return t('Security review');
    case 'tests':
      return t('Suggestions for tests');
    case 'refactor':
      return t('Refactoring');
    case 'question':
      return t('Question');
  }
}

/** How a run ended, for people; undefined is a run that goes on or whose end was never written. */
export function outcomeName(outcome: RunOutcome | undefined): string {
  switch (outcome) {
    case undefined:
      return t('Not finished');
    case 'answered':
      return t('Answered');
    case 'limit':
      return t('Answered at a limit');
    case 'cancelled':
      return t('Stopped');
    case 'failed':
      return t('Failed');
  }
}
