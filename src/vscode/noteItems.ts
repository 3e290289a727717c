import * as vscode from 'vscode';
import type { NoteEntry, NoteGroup, NoteGrouping } from '../app/noteIndex';
import { codeName, countText, headingName, noteTitle, outcomeText, placeOfNote, resultName, staleMark, stalenessText, timeAgo } from '../app/noteWording';
import type { LocatedCode } from '../app/staleness';
import { t } from '../core/l10n';
import { taskName } from '../core/wording';
import { noteCommandIds } from './ids';
import { taskText } from './tasks';

/** A note as lists show it: what is known of it besides its front matter. */
export interface ShownNote {
  readonly entry: NoteEntry;
  readonly located: LocatedCode | undefined;
  /** True while its run goes on in this window. */
  readonly isRunning: boolean;
}

/** Scheme of the addresses that carry the stale mark; they name no files. */
export const noteMarkScheme = 'stepwise-note';

/** The name of a note in lists. */
export function titleOf({ entry, located }: ShownNote): string {
  return noteTitle(entry.summary, { standardQuestion: (task) => taskText(task).question }, located);
}

/** A heading of the tree. `isOpen` is whether it is expanded at first. */
export function groupItem({ key, heading, notes }: NoteGroup, states: readonly (LocatedCode | undefined)[], isOpen: boolean): vscode.TreeItem {
  const label = headingName(heading, vscode.env.language);
  const item = new vscode.TreeItem(label, isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
  const stale = states.filter((located) => staleMark(located?.staleness) !== '').length;
  const counts = [countText(notes.length), ...(stale === 0 ? [] : [t('{0} stale', stale)])];
  item.id = key;
  item.contextValue = 'group';
  if (heading.type === 'file') {
    const folder = heading.path.slice(0, Math.max(0, heading.path.lastIndexOf('/')));
    item.description = [...(folder === '' ? [] : [folder]), ...counts].join(' · ');
    item.tooltip = `${heading.path}\n${counts.join(' · ')}`;
    if (heading.uri !== undefined) {
      item.resourceUri = vscode.Uri.parse(heading.uri);
      item.iconPath = vscode.ThemeIcon.File;
    } else {
      item.iconPath = new vscode.ThemeIcon('file');
    }
  } else {
    item.description = counts.join(' · ');
    item.iconPath = new vscode.ThemeIcon(heading.type === 'no-file' ? 'comment-discussion' : 'calendar');
  }
  item.accessibilityInformation = { label: [label, ...counts].join(', ') };
  return item;
}

/** A note in the tree. Its tooltip is made when the mouse rests on it. */
export function noteItem(note: ShownNote, grouping: NoteGrouping, now: number): vscode.TreeItem {
  const { entry, located } = note;
  const { summary } = entry;
  const title = titleOf(note);
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.None);
  const mark = staleMark(located?.staleness);
  const file = summary.source === undefined ? '' : summary.source.slice(summary.source.lastIndexOf('/') + 1);
  const details = [outcomeText(summary), mark, ...(grouping === 'date' ? [file] : []), timeAgo(summary.date, now, vscode.env.language, 'narrow')];
  item.id = entry.uri;
  item.description = details.filter((text) => text !== '').join(' · ');
  item.iconPath = iconOf(note);
  item.contextValue = summary.source === undefined ? 'note' : 'note.code';
  item.command = { command: noteCommandIds.replayNote, title: t('Open in Panel'), arguments: [entry] };
  item.accessibilityInformation = { label: spokenText(note, now) };
  if (mark !== '') {
    // The decoration of this address is the mark at the end of the line.
    item.resourceUri = vscode.Uri.from({ scheme: noteMarkScheme, path: vscode.Uri.parse(entry.uri).path, query: located?.staleness ?? '' });
  }
  return item;
}

/** What a screen reader says of a note. */
function spokenText(note: ShownNote, now: number): string {
  const { entry: { summary }, located, isRunning } = note;
  // A disputed claim says so itself.
  const verdict = summary.verdict === undefined || summary.verdict === 'disagrees' ? [] : [resultName(summary.verdict)];
  const place = placeOfNote(summary, located);
  return [
    titleOf(note),
    taskName(summary.task),
    isRunning ? t('Reasoning now') : outcomeText(summary),
    ...verdict,
    ...(located === undefined ? [] : [stalenessText(located.staleness)]),
    ...(place === undefined ? [] : [place]),
    timeAgo(summary.date, now, vscode.env.language),
  ].filter((text) => text !== '').join(', ');
}

/** What a note came to, as an icon: the check of its claim where there is one, else how the run ended. */
function iconOf({ entry: { summary }, isRunning }: ShownNote): vscode.ThemeIcon {
  if (isRunning) {
    return new vscode.ThemeIcon('loading~spin');
  }
  const icon = (id: string, color: string): vscode.ThemeIcon => new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
  switch (summary.result) {
    case 'running':
      return icon('circle-slash', 'disabledForeground');
    case 'cancelled':
      return icon('circle-slash', 'disabledForeground');
    case 'failed':
      return icon('error', 'list.errorForeground');
    case 'limit':
    case 'answered':
      return summary.verdict === 'agrees' ? icon('pass', 'testing.iconPassed')
        : summary.verdict === 'disagrees' ? icon('warning', 'list.warningForeground')
          : summary.verdict === 'weaker' ? icon('info', 'notificationsInfoIcon.foreground')
            : summary.result === 'limit' ? icon('watch', 'list.warningForeground')
              : new vscode.ThemeIcon(taskText(summary.task).icon);
  }
}

/** All that is known of a note. Its texts are shown as texts: nothing in them becomes a link, an image or a command. */
export function noteTooltip(note: ShownNote, now: number): vscode.MarkdownString {
  const { entry: { uri, summary }, located } = note;
  const text = new vscode.MarkdownString(undefined, true);
  const facts: [string, string][] = [
    [t('Task'), taskName(summary.task)],
    [t('Result'), note.isRunning ? t('Reasoning now') : [resultName(summary.result), ...(summary.verdict === undefined ? [] : [resultName(summary.verdict)])].join(' · ')],
    ...(summary.claim === undefined ? [] : [[t('Claim'), summary.claim] satisfies [string, string]]),
    ...(summary.source === undefined ? [] : [[t('Code'), [placeOfNote(summary, located) ?? '', ...(summary.symbol === undefined ? [] : [codeName(summary, located)])].join(' · ')] satisfies [string, string]]),
    [t('Model'), summary.model],
    [t('Date'), `${new Date(summary.date).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' })} (${timeAgo(summary.date, now, vscode.env.language)})`],
    [t('File'), vscode.workspace.asRelativePath(vscode.Uri.parse(uri))],
  ];
  text.appendMarkdown('**').appendText(summary.question === '' ? taskName(summary.task) : summary.question).appendMarkdown('**\n\n');
  if (located !== undefined) {
    const icon = located.staleness === 'current' || located.staleness === 'moved' ? '$(check)' : '$(warning)';
    text.appendMarkdown(`${icon} `).appendText(stalenessText(located.staleness)).appendMarkdown('\n\n');
  }
  for (const [name, value] of facts) {
    text.appendMarkdown('- ').appendText(`${name}: ${value}`).appendMarkdown('\n');
  }
  return text;
}

/** A note in a quick pick. */
export interface NotePick extends vscode.QuickPickItem {
  readonly entry: NoteEntry;
}

/** A note as a quick pick lists it; what is searched in is all there: title, question, claim, place, model. */
export function notePick(note: ShownNote, now: number, buttons: readonly vscode.QuickInputButton[] = []): NotePick {
  const { entry, located } = note;
  const { summary } = entry;
  const title = titleOf(note);
  const icon = iconOf(note).id;
  const place = placeOfNote(summary, located);
  return {
    label: `$(${icon}) ${title}`,
    description: [outcomeText(summary), staleMark(located?.staleness), timeAgo(summary.date, now, vscode.env.language)].filter((text) => text !== '').join(' · '),
    detail: [...(place === undefined ? [] : [place]), ...(summary.question === title ? [] : [summary.question]), summary.model].join(' · '),
    buttons: [...buttons],
    entry,
  };
}
