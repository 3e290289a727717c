import * as vscode from 'vscode';
import type { NoteEntry, NoteFilter, NoteGroup, NoteGrouping } from '../app/noteIndex';
import { fits, groupNotes, noFilter, noteResults, showsAll } from '../app/noteIndex';
import { filterText, stalenessText } from '../app/noteWording';
import { stalenessOrder } from '../app/staleness';
import { t } from '../core/l10n';
import { taskKinds } from '../core/request';
import { contextKeys, stateKeys } from './ids';
import type { Log } from './log';
import type { ShownNote } from './noteItems';
import { groupItem, noteItem, noteMarkScheme, noteTooltip } from './noteItems';
import type { NoteLibrary } from './noteLibrary';
import type { NoteStates } from './noteStates';

/** What the tree shows: a heading, or a note under one. */
export type NoteNode = { readonly type: 'group'; readonly group: NoteGroup } | { readonly type: 'note'; readonly entry: NoteEntry };

/** What the tree is made of. */
export interface NoteTreeParts {
  readonly library: NoteLibrary;
  readonly states: NoteStates;
  readonly state: Pick<vscode.Memento, 'get' | 'update'>;
  readonly log: Log;
  /** URIs of the notes whose runs go on in this window. */
  readonly running: () => ReadonlySet<string>;
}

/** Quiet time before the tree is drawn anew, in ms: notes come in batches. */
const quietMs = 150;
/** So many groups are expanded at first, from above. */
const mostOpenGroups = 8;

/** The tree of notes: what is in it, how it is put together, and which of it is left out. */
export class NoteTree implements vscode.TreeDataProvider<NoteNode>, vscode.Disposable {
  readonly #parts: NoteTreeParts;
  readonly #changes = new vscode.EventEmitter<NoteNode[] | undefined>();
  readonly #subscriptions: vscode.Disposable;
  #grouping: NoteGrouping;
  #filter: NoteFilter;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking = new AbortController();
  #isVisible = false;
  /** Keys of the groups that are expanded at first. */
  #open: ReadonlySet<string> = new Set();
  /** The headings as VS Code has them: it refreshes what is the same object. */
  #groups: readonly (NoteNode & { readonly type: 'group' })[] = [];

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(parts: NoteTreeParts) {
    this.#parts = parts;
    const stored = readStored(parts.state.get<unknown>(stateKeys.notesView));
    this.#grouping = stored.grouping;
    this.#filter = stored.filter;
    this.#subscriptions = vscode.Disposable.from(
      this.#changes,
      parts.library.onDidChange(() => this.refresh()),
      parts.states.onDidChange((notes) => this.#stateChanged(notes)),
      // An address of a mark says all of it: none ever changes.
      vscode.window.registerFileDecorationProvider({ provideFileDecoration: noteMark }),
    );
    this.#tellContext();
  }

  get grouping(): NoteGrouping {
    return this.#grouping;
  }

  get filter(): NoteFilter {
    return this.#filter;
  }

  /** What the view says above the notes; empty while nothing is left out. */
  get message(): string {
    return showsAll(this.#filter) ? '' : filterText(this.#filter, this.#shown().length, this.#parts.library.all().length);
  }

  /** Groups the notes otherwise, and remembers it. */
  async group(grouping: NoteGrouping): Promise<void> {
    this.#grouping = grouping;
    await this.#changed();
  }

  /** Leaves out what does not fit, and remembers it. */
  async show(filter: NoteFilter): Promise<void> {
    this.#filter = filter;
    await this.#changed();
  }

  /** While nobody sees the tree, no code is looked for on its account. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible) {
      this.refresh();
    } else {
      this.#looking.abort();
    }
  }

  refresh(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), quietMs);
  }

  async getChildren(node?: NoteNode): Promise<NoteNode[]> {
    if (node !== undefined) {
      return node.type === 'group' ? node.group.notes.map((entry) => ({ type: 'note', entry })) : [];
    }
    await this.#parts.library.load();
    void vscode.commands.executeCommand('setContext', contextKeys.notesListed, true);
    const groups = groupNotes(this.#shown(), this.#grouping, Date.now());
    this.#open = new Set(groups.slice(0, mostOpenGroups).map(({ key }) => key));
    this.#groups = groups.map((group) => ({ type: 'group', group }));
    return [...this.#groups];
  }

  getTreeItem(node: NoteNode): vscode.TreeItem {
    if (node.type === 'note') {
      return noteItem(this.shownNote(node.entry), this.#grouping, Date.now());
    }
    const { group } = node;
    return groupItem(group, group.notes.map(({ uri }) => this.#parts.states.of(uri)?.located), this.#open.has(group.key));
  }

  resolveTreeItem(item: vscode.TreeItem, node: NoteNode): vscode.TreeItem {
    if (node.type === 'note') {
      item.tooltip = noteTooltip(this.shownNote(node.entry), Date.now());
    }
    return item;
  }

  /** A note with all that is known of it now. */
  shownNote(entry: NoteEntry): ShownNote {
    return { entry, located: this.#parts.states.of(entry.uri)?.located, isRunning: this.#parts.running().has(entry.uri) };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#looking.abort();
    this.#subscriptions.dispose();
  }

  #shown(): readonly NoteEntry[] {
    const { library, states } = this.#parts;
    return showsAll(this.#filter) ? library.all() : library.all().filter(({ uri, summary }) => fits(this.#filter, summary, states.of(uri)?.located?.staleness));
  }

  /** Draws the groups anew in which something changed: the rest stays as it is under the mouse. */
  #stateChanged(notes: readonly string[]): void {
    if (this.#filter.states.length > 0) {
      this.refresh();
      return;
    }
    const changed = new Set(notes);
    const groups = this.#groups.filter(({ group }) => group.notes.some(({ uri }) => changed.has(uri)));
    if (groups.length > 0) {
      this.#changes.fire(groups);
    }
  }

  #draw(): void {
    this.#changes.fire(undefined);
    if (this.#isVisible) {
      this.#looking.abort();
      this.#looking = new AbortController();
      const { signal } = this.#looking;
      // Only what is not known yet: this ends by itself.
      void this.#parts.library.load().then(() => this.#parts.states.check(this.#parts.library.all(), signal));
    }
  }

  async #changed(): Promise<void> {
    this.#tellContext();
    this.#draw();
    try {
      await this.#parts.state.update(stateKeys.notesView, { grouping: this.#grouping, filter: this.#filter });
    } catch (error) {
      this.#parts.log.warn('How notes are shown could not be remembered.', error);
    }
  }

  #tellContext(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.notesByDate, this.#grouping === 'date');
    void vscode.commands.executeCommand('setContext', contextKeys.notesFiltered, !showsAll(this.#filter));
  }
}

/** The mark at the end of a line of the tree. */
function noteMark(uri: vscode.Uri): vscode.FileDecoration | undefined {
  if (uri.scheme !== noteMarkScheme) {
    return undefined;
  }
  return uri.query === 'gone'
    ? new vscode.FileDecoration('?', stalenessText('gone'), new vscode.ThemeColor('disabledForeground'))
    : new vscode.FileDecoration('S', t('Stale: {0}', stalenessText('stale')), new vscode.ThemeColor('list.warningForeground'));
}

/** What was remembered, as far as it still means something. */
function readStored(stored: unknown): { readonly grouping: NoteGrouping; readonly filter: NoteFilter } {
  const { grouping, filter } = (typeof stored === 'object' && stored !== null ? stored : {}) as { readonly grouping?: unknown; readonly filter?: unknown };
  const { tasks, results, states } = (typeof filter === 'object' && filter !== null ? filter : noFilter) as Readonly<Record<keyof NoteFilter, unknown>>;
  const known = <Value>(all: readonly Value[], chosen: unknown): readonly Value[] => all.filter((value) => Array.isArray(chosen) && chosen.includes(value));
  return {
    grouping: grouping === 'date' ? 'date' : 'file',
    filter: { tasks: known(taskKinds, tasks), results: known(noteResults, results), states: known(stalenessOrder, states) },
  };
}
