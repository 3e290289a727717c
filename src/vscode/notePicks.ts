import * as vscode from 'vscode';
import type { NoteEntry, NoteFilter } from '../app/noteIndex';
import { fits, noFilter, noteResults } from '../app/noteIndex';
import { countText, resultName, stalenessName } from '../app/noteWording';
import { stalenessOrder } from '../app/staleness';
import type { Staleness } from '../app/staleness';
import { t } from '../core/l10n';
import { taskKinds } from '../core/request';
import { taskName } from '../core/wording';
import { noteCommandIds } from './ids';
import type { NotePick, ShownNote } from './noteItems';
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

const stateIcons: Readonly<Record<Staleness, string>> = { current: 'check', moved: 'arrow-both', stale: 'warning', gone: 'question' };

interface FilterPick extends vscode.QuickPickItem {
  /** What the filter would be with this alone. */
  readonly part: Partial<NoteFilter>;
}

/**
 * Lets the person choose which notes are shown: any of the tasks, results and states that they tick. Offered is what
 * some of `notes` have, with how many. Undefined when they turn away.
 */
export async function pickFilter({ tasks, results, states }: NoteFilter, notes: readonly ShownNote[]): Promise<NoteFilter | undefined> {
  const heading = (label: string): FilterPick => ({ label, kind: vscode.QuickPickItemKind.Separator, part: {} });
  const offer = (label: string, picked: boolean, part: Partial<NoteFilter>): readonly FilterPick[] => {
    const count = notes.filter(({ entry, located }) => fits({ ...noFilter, ...part }, entry.summary, located?.staleness)).length;
    return count === 0 && !picked ? [] : [{ label, description: countText(count), picked, part }];
  };
  const items: readonly FilterPick[] = [
    heading(t('Code')),
    ...stalenessOrder.flatMap((state) => offer(`$(${stateIcons[state]}) ${stalenessName(state)}`, states.includes(state), { states: [state] })),
    heading(t('Result')),
    ...noteResults.flatMap((result) => offer(resultName(result), results.includes(result), { results: [result] })),
    heading(t('Task')),
    ...taskKinds.flatMap((task) => offer(`$(${taskText(task).icon}) ${taskName(task)}`, tasks.includes(task), { tasks: [task] })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Which notes are shown'),
    placeHolder: t('Nothing ticked: all notes'),
    canPickMany: true,
  });
  return picked === undefined ? undefined : {
    tasks: picked.flatMap(({ part }) => part.tasks ?? []),
    results: picked.flatMap(({ part }) => part.results ?? []),
    states: picked.flatMap(({ part }) => part.states ?? []),
  };
}
