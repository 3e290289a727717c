import { t } from '../core/l10n';
import type { TaskKind } from '../core/request';
import { agreementName, outcomeName, placeText, taskName } from '../core/wording';
import type { NoteSummary } from '../transcript/frontMatter';
import type { NoteEntry, NoteFilter, NoteHeading, NoteResult } from './noteIndex';
import type { LocatedCode, Staleness } from './staleness';

/** What the name of a note depends on besides its summary. */
export interface NoteNaming {
  /** The question that a task stands for, where nobody wrote their own: it would name every note alike. */
  standardQuestion(task: TaskKind): string;
}

/**
 * A name for a note in lists: what was asked; for a standard question what it was about, with the task where the
 * claim beside it does not tell.
 */
export function noteTitle(summary: NoteSummary, naming: NoteNaming, located?: LocatedCode): string {
  const { task, question, source, claim } = summary;
  if (question !== '' && (task === 'question' || question !== naming.standardQuestion(task))) {
    return question;
  }
  if (source === undefined) {
    return shortTaskName(task);
  }
  const code = codeName(summary, located);
  return claim === undefined ? t('{0}: {1}', code, shortTaskName(task)) : code;
}

/** A task in one word, where space is scarce. */
export function shortTaskName(task: TaskKind): string {
  switch (task) {
    case 'complexity':
      return t('complexity');
    case 'explain':
      return t('explanation');
    case 'bugs':
      return t('bugs');
    case 'security':
      return t('security');
    case 'tests':
      return t('tests');
    case 'refactor':
      return t('refactoring');
    case 'question':
      return t('question');
  }
}

/** The code of a note in a word or two: its function, else its lines as they are now. */
export function codeName({ symbol, startLine, endLine }: NoteSummary, located: LocatedCode | undefined): string {
  const first = located?.range?.startLine ?? startLine;
  const last = located?.range?.endLine ?? endLine;
  if (symbol !== undefined) {
    return symbol;
  }
  return first === undefined || last === undefined ? t('the whole file') : first === last ? t('line {0}', first) : t('lines {0}–{1}', first, last);
}

/** The place of a note's code as it is now: `src/sort.py, lines 10–42`. */
export function placeOfNote({ source, startLine, endLine }: NoteSummary, located: LocatedCode | undefined): string | undefined {
  if (source === undefined) {
    return undefined;
  }
  const noted = startLine === undefined || endLine === undefined ? undefined : { startLine, endLine };
  return placeText(source, located?.range ?? noted);
}

/** How code stands to its note, in a word. */
export function stalenessName(staleness: Staleness): string {
  switch (staleness) {
    case 'current':
      return t('Up to date');
    case 'moved':
      return t('Moved');
    case 'stale':
      return t('Stale');
    case 'gone':
      return t('Code gone');
  }
}

/** The same as a sentence that says what it means. */
export function stalenessText(staleness: Staleness): string {
  switch (staleness) {
    case 'current':
      return t('The code is as it was when the note was written.');
    case 'moved':
      return t('The code is as it was, at other lines.');
    case 'stale':
      return t('The code has changed since the note was written.');
    case 'gone':
      return t('The code that the note is about is not there any more.');
  }
}

/** The mark of a note whose code is not as it was; empty for all others: nothing to say is the usual state. */
export function staleMark(staleness: Staleness | undefined): string {
  return staleness === 'stale' ? t('stale') : staleness === 'gone' ? t('code gone') : '';
}

/** How a run ended or its claim was judged, in a word. */
export function resultName(result: NoteResult): string {
  switch (result) {
    case 'running':
      return outcomeName(undefined);
    case 'agrees':
    case 'disagrees':
    case 'weaker':
    case 'cannot-tell':
      return agreementName(result);
    default:
      return outcomeName(result);
  }
}

/** What a note came to, in a few words: its claim with what the check said, else how the run ended. */
export function outcomeText({ claim, verdict, result }: NoteSummary): string {
  if (claim === undefined) {
    return result === 'answered' ? '' : resultName(result);
  }
  return verdict === 'disagrees' ? t('{0}, disputed', claim) : claim;
}

/** How long ago something was, as people say it: `5 minutes ago`, `yesterday`; `narrow` is for scarce space: `5m ago`. */
export function timeAgo(date: number, now: number, locale: string, style: 'long' | 'narrow' = 'long'): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style });
  const minutes = (now - date) / 60_000;
  if (minutes < 1) {
    return t('just now');
  }
  const [limits, units] = [[60, 24, 30, 12], ['minute', 'hour', 'day', 'month'] as const];
  let value = minutes;
  for (const [index, unit] of units.entries()) {
    const limit = limits[index] ?? 1;
    if (Math.floor(value) < limit) {
      return format.format(-Math.floor(value), unit);
    }
    value /= limit;
  }
  return format.format(-Math.floor(minutes / (60 * 24 * 365.25)) || -1, 'year');
}

/** The heading of a group. */
export function headingName(heading: NoteHeading, locale: string): string {
  switch (heading.type) {
    case 'file':
      return heading.path.slice(heading.path.lastIndexOf('/') + 1);
    case 'no-file':
      return t('Questions about no particular file');
    case 'month':
      return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long' }).format(new Date(heading.year, heading.month));
    case 'days':
      return dayName(heading.days);
  }
}

function dayName(days: Extract<NoteHeading, { type: 'days' }>['days']): string {
  switch (days) {
    case 'today':
      return t('Today');
    case 'yesterday':
      return t('Yesterday');
    case 'last-7':
      return t('Last 7 days');
    case 'last-30':
      return t('Last 30 days');
  }
}

/** So many notes. */
export function countText(count: number): string {
  return count === 1 ? t('1 note') : t('{0} notes', count);
}

/** What a filter shows: `Showing 3 of 12 notes: Search for bugs · Stale`. */
export function filterText({ tasks, results, states }: NoteFilter, shown: number, all: number): string {
  const words = [...tasks.map(taskName), ...results.map(resultName), ...states.map(stalenessName)];
  return t('Showing {0} of {1} notes: {2}', shown, all, words.join(' · '));
}

/** A note at its place, for marks in the editor. */
export interface MarkedNote {
  readonly entry: NoteEntry;
  readonly located: LocatedCode;
}

/**
 * The mark above code that has notes: `O(n²) · 2 notes · stale`. The claim is that of the newest note about the code
 * as it is, else of the newest at all, which is stale then. `isKnown` leaves out a claim that the analysis confirms:
 * the complexity above the function says the same already.
 */
export function markText(notes: readonly MarkedNote[], isKnown: boolean): string {
  const claiming = notes.filter(({ entry }) => entry.summary.claim !== undefined);
  const told = claiming.find(({ located }) => isFresh(located)) ?? claiming[0];
  const shown = told ?? notes[0];
  const isRepeated = isKnown && told?.entry.summary.verdict === 'agrees' && isFresh(told.located);
  return [
    ...(told === undefined || isRepeated ? [] : [outcomeText(told.entry.summary)]),
    countText(notes.length),
    ...(shown === undefined || isFresh(shown.located) ? [] : [staleMark('stale')]),
  ].join(' · ');
}

function isFresh({ staleness }: LocatedCode): boolean {
  return staleness === 'current' || staleness === 'moved';
}

/** Notes at the same place of a file, under its first line; in the order of the lines, each with the newest note first. */
export function notesByPlace(notes: readonly MarkedNote[]): readonly { readonly line: number; readonly notes: readonly MarkedNote[] }[] {
  const places = new Map<number, MarkedNote[]>();
  for (const note of notes) {
    const line = note.located.range?.startLine;
    const here = line === undefined ? undefined : places.get(line);
    if (here !== undefined) {
      here.push(note);
    } else if (line !== undefined) {
      places.set(line, [note]);
    }
  }
  return [...places]
    .sort(([first], [second]) => first - second)
    .map(([line, here]) => ({ line, notes: here.sort((first, second) => second.entry.summary.date - first.entry.summary.date) }));
}
