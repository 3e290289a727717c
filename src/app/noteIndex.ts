import type { RunOutcome } from '../core/events';
import type { TaskKind } from '../core/request';
import type { Agreement } from '../core/verdict';
import type { NoteSummary } from '../transcript/frontMatter';
import type { Staleness } from './staleness';

/** A note as lists and marks know it, without its text. */
export interface NoteEntry {
  /** Where it is, as a URI string. */
  readonly uri: string;
  /** The workspace folder that holds it, as a URI string; left out for a note in Stepwise's own storage. */
  readonly folder?: string;
  readonly summary: NoteSummary;
  /** URI strings under which its code may be found, the likeliest first; empty for a note about no code. */
  readonly sources: readonly string[];
}

/** Notes by their place and by the files they are about. Every change costs what it changes, not what there is. */
export class NoteIndex {
  readonly #entries = new Map<string, NoteEntry>();
  readonly #bySource = new Map<string, Set<string>>();

  get size(): number {
    return this.#entries.size;
  }

  get(uri: string): NoteEntry | undefined {
    return this.#entries.get(uri);
  }

  /** All notes, the newest first. */
  all(): readonly NoteEntry[] {
    return newestFirst([...this.#entries.values()]);
  }

  /** Notes whose code may be in a file, the newest first. */
  about(source: string): readonly NoteEntry[] {
    return newestFirst([...(this.#bySource.get(source) ?? [])].flatMap((uri) => this.#entries.get(uri) ?? []));
  }

  /** URIs of all files that notes are about. */
  sources(): Iterable<string> {
    return this.#bySource.keys();
  }

  isSource(uri: string): boolean {
    return this.#bySource.has(uri);
  }

  /** Adds a note, or puts it in the place of what was known of it. */
  put(entry: NoteEntry): void {
    this.remove(entry.uri);
    this.#entries.set(entry.uri, entry);
    for (const source of entry.sources) {
      const notes = this.#bySource.get(source) ?? new Set();
      this.#bySource.set(source, notes.add(entry.uri));
    }
  }

  /** False where it was not there. */
  remove(uri: string): boolean {
    for (const source of this.#entries.get(uri)?.sources ?? []) {
      const notes = this.#bySource.get(source);
      notes?.delete(uri);
      if (notes?.size === 0) {
        this.#bySource.delete(source);
      }
    }
    return this.#entries.delete(uri);
  }

  /** URIs of the notes in a folder and below it; `folder` without a slash at its end. */
  within(folder: string): readonly string[] {
    return [...this.#entries.keys()].filter((uri) => uri.startsWith(`${folder}/`));
  }
}

function newestFirst(entries: readonly NoteEntry[]): readonly NoteEntry[] {
  return entries.toSorted((first, second) => second.summary.date - first.summary.date || compareText(first.uri, second.uri));
}

function compareText(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

/** What a note came to, for filters: how its run ended, and what the check of its claim said. */
export type NoteResult = RunOutcome | 'running' | Agreement;

/** All results, in the order in which filters offer them. */
export const noteResults: readonly NoteResult[] = [
  'answered', 'limit', 'cancelled', 'failed', 'running', 'agrees', 'weaker', 'disagrees', 'cannot-tell',
];

/** Which notes are shown: those that fit one of the values of each list that has any. */
export interface NoteFilter {
  readonly tasks: readonly TaskKind[];
  readonly results: readonly NoteResult[];
  readonly states: readonly Staleness[];
}

/** Shows all notes. */
export const noFilter: NoteFilter = { tasks: [], results: [], states: [] };

/** True for a filter that leaves nothing out. */
export function showsAll({ tasks, results, states }: NoteFilter): boolean {
  return tasks.length + results.length + states.length === 0;
}

/** Whether a filter shows a note; `staleness` is undefined while it is not known, and for a note about no code. */
export function fits(filter: NoteFilter, { task, result, verdict }: NoteSummary, staleness: Staleness | undefined): boolean {
  return (
    (filter.tasks.length === 0 || filter.tasks.includes(task)) &&
    (filter.results.length === 0 || filter.results.some((wanted) => wanted === result || wanted === verdict)) &&
    (filter.states.length === 0 || (staleness !== undefined && filter.states.includes(staleness)))
  );
}

/** How the notes are put together. */
export type NoteGrouping = 'file' | 'date';

/** Notes that are shown under one heading. */
export interface NoteGroup {
  /** Stable while notes come and go. */
  readonly key: string;
  readonly heading: NoteHeading;
  /** The newest first. */
  readonly notes: readonly NoteEntry[];
}

export type NoteHeading =
  /** Path of the code as tools take it, and URI of the file where it may be found. */
  | { readonly type: 'file'; readonly path: string; readonly uri: string | undefined }
  /** Notes about no code. */
  | { readonly type: 'no-file' }
  | { readonly type: 'days'; readonly days: 'today' | 'yesterday' | 'last-7' | 'last-30' }
  /** A month of local time; `month` is 0-based. */
  | { readonly type: 'month'; readonly year: number; readonly month: number };

/** Notes under the files they are about, by path, or under the days on which their runs began, the latest first. */
export function groupNotes(notes: readonly NoteEntry[], grouping: NoteGrouping, now: number): readonly NoteGroup[] {
  const groups = new Map<string, { readonly heading: NoteHeading; readonly notes: NoteEntry[] }>();
  for (const note of newestFirst(notes)) {
    const heading = grouping === 'file' ? fileHeading(note) : dayHeading(note.summary.date, now);
    const key = keyOf(heading, note);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { heading, notes: [note] });
    } else {
      group.notes.push(note);
    }
  }
  const grouped = [...groups].map(([key, group]) => ({ key, ...group }));
  // Those by date are in order already.
  return grouping === 'date' ? grouped : grouped.sort((first, second) => comparePaths(first.heading, second.heading));
}

function fileHeading({ summary, sources }: NoteEntry): NoteHeading {
  return summary.source === undefined ? { type: 'no-file' } : { type: 'file', path: summary.source, uri: sources[0] };
}

function keyOf(heading: NoteHeading, { folder }: NoteEntry): string {
  switch (heading.type) {
    case 'file':
      // Two folders may have a file of the same path.
      return `file ${folder ?? ''} ${heading.path}`;
    case 'no-file':
      return 'no-file';
    case 'days':
      return heading.days;
    case 'month':
      return `${String(heading.year)}-${String(heading.month)}`;
  }
}

function comparePaths(first: NoteHeading, second: NoteHeading): number {
  if (first.type !== 'file' || second.type !== 'file') {
    return Number(first.type !== 'file') - Number(second.type !== 'file');
  }
  return compareText(first.path.toLowerCase(), second.path.toLowerCase()) || compareText(first.uri ?? '', second.uri ?? '');
}

function dayHeading(date: number, now: number): NoteHeading {
  const startOfDay = (daysAgo: number): number => {
    const day = new Date(now);
    // By the calendar: days of 23 and 25 hours count as days.
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysAgo).getTime();
  };
  if (date >= startOfDay(0)) {
    return { type: 'days', days: 'today' };
  }
  if (date >= startOfDay(1)) {
    return { type: 'days', days: 'yesterday' };
  }
  if (date >= startOfDay(7)) {
    return { type: 'days', days: 'last-7' };
  }
  if (date >= startOfDay(30)) {
    return { type: 'days', days: 'last-30' };
  }
  const day = new Date(date);
  return { type: 'month', year: day.getFullYear(), month: day.getMonth() };
}
