import * as vscode from 'vscode';
import type { NoteEntry, NoteFilter } from '../app/noteIndex';
import { noteResults } from '../app/noteIndex';
import { resultName, stalenessName, stalenessText } from '../app/noteWording';
import { stalenessOrder } from '../app/staleness';
import { t } from '../core/l10n';
import { taskKinds } from '../core/request';
import { taskName } from '../core/wording';
import { noteCommandIds } from './ids';
import type { NotePick } from './noteItems';
import { notePick } from './noteItems';
import type { NoteTree } from './noteTree';
import { taskText } from './tasks';

/** Lets the person choose a note; what is typed is looked for in all that is shown. Undefined when they turn away. */
export async function pickNote(tree: NoteTree, entries: readonly NoteEntry[], title: string): Promise<NoteEntry | undefined> {
  if (entries.length === 0) {
    await vscode.window.showInformationMessage(t('There is no note in this workspace yet. Reason about some code first.'));
    return undefined;
  }
  const buttons = [
    { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: t('Open as Markdown'), command: noteCommandIds.openNoteFile },
    { iconPath: new vscode.ThemeIcon('code'), tooltip: t('Go to the code'), command: noteCommandIds.revealNoteCode },
  ] as const;
  const now = Date.now();
  const pick = vscode.window.createQuickPick<NotePick>();
  pick.title = title;
  pick.placeholder = t('Question, claim, file or model');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = entries.map((entry) => notePick(tree.shownNote(entry), now, entry.summary.source === undefined ? buttons.slice(0, 1) : buttons));
  try {
    return await new Promise<NoteEntry | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.entry));
      pick.onDidHide(() => resolve(undefined));
      pick.onDidTriggerItemButton(({ item, button }) => {
        const pressed = buttons.find(({ tooltip }) => tooltip === button.tooltip);
        resolve(undefined);
        void (pressed === undefined ? undefined : vscode.commands.executeCommand(pressed.command, vscode.Uri.parse(item.entry.uri)));
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

interface FilterPick extends vscode.QuickPickItem {
  /** What the filter would be with this alone. */
  readonly part: Partial<NoteFilter>;
}

/** Lets the person choose which notes are shown: any of the tasks, results and states that they tick. Undefined when they turn away. */
export async function pickFilter({ tasks, results, states }: NoteFilter): Promise<NoteFilter | undefined> {
  const heading = (label: string): FilterPick => ({ label, kind: vscode.QuickPickItemKind.Separator, part: {} });
  const items: readonly FilterPick[] = [
    heading(t('Task')),
    ...taskKinds.map((task) => ({ label: `$(${taskText(task).icon}) ${taskName(task)}`, picked: tasks.includes(task), part: { tasks: [task] } })),
    heading(t('Result')),
    ...noteResults.map((result) => ({ label: resultName(result), picked: results.includes(result), part: { results: [result] } })),
    heading(t('Code')),
    ...stalenessOrder.map((state) => ({ label: stalenessName(state), description: stalenessText(state), picked: states.includes(state), part: { states: [state] } })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Which notes are shown'),
    placeHolder: t('Nothing ticked: all notes'),
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked === undefined ? undefined : {
    tasks: picked.flatMap(({ part }) => part.tasks ?? []),
    results: picked.flatMap(({ part }) => part.results ?? []),
    states: picked.flatMap(({ part }) => part.states ?? []),
  };
}
