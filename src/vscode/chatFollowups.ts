import type * as vscode from 'vscode';
import { t } from '../core/l10n';
import type { TaskKind } from '../core/request';
import type { ChatMetadata } from './chatInput';
import { taskText } from './tasks';

/** Classes of complexity that are hard to better: asking for something faster leads nowhere. */
const goodClasses: ReadonlySet<string> = new Set(['constant', 'logn', 'log2n', 'sqrt', 'linear']);

/** Most questions that are offered. */
const most = 3;

/** Questions that go on from an answer: what its end and its check suggest, then what the task leads to. */
export function followups(metadata: ChatMetadata | undefined): vscode.ChatFollowup[] {
  if (metadata === undefined || metadata.answer === '') {
    return [];
  }
  const { task, outcome, agreement, complexity } = metadata;
  const ask = (label: string, prompt: string): vscode.ChatFollowup => ({ label, prompt });
  const byCommand = (command: TaskKind): vscode.ChatFollowup => ({ prompt: '', command, label: taskText(command).label });
  const faster = complexity !== undefined && goodClasses.has(complexity)
    ? []
    : [ask(t('How could it be faster?'), t('How could this be made faster, and what would its complexity be then?'))];
  const next: Record<TaskKind, readonly vscode.ChatFollowup[]> = {
    complexity: [...faster, byCommand('tests'), byCommand('explain')],
    explain: [byCommand('complexity'), byCommand('bugs')],
    bugs: [byCommand('tests'), byCommand('security')],
    security: [byCommand('tests'), byCommand('bugs')],
    tests: [byCommand('bugs'), byCommand('complexity')],
    refactor: [byCommand('tests'), byCommand('complexity')],
    question: [byCommand('complexity'), byCommand('explain')],
  };
  return [
    ...(outcome === 'limit' ? [ask(t('What is still open?'), t('A limit ended the last answer early. Look further, and finish what it left open.'))] : []),
    ...(agreement === 'disagrees' ? [ask(t('Why does the analysis disagree?'), t('The static analysis derives another complexity than your last answer. Go through the code line by line, and say which of the two is right.'))] : []),
    ...(agreement === 'weaker' ? [ask(t('Is there a tighter bound?'), t('The bound in your last answer holds but is not tight. What is the tight bound, and why?'))] : []),
    ...next[task],
  ].slice(0, most);
}
