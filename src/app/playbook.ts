import { escapeProtocol } from '../loop/escape';

/** A lesson, with how often it helped a run and how often it did harm, as people and programs told. */
export interface PlaybookEntry {
  /** Letters, digits, `-` and `_`. */
  readonly id: string;
  /** One paragraph of Markdown. */
  readonly text: string;
  readonly helped: number;
  readonly hurt: number;
}

/** A piece of the file: an entry, or text that somebody wrote, which is kept as it is. */
export type PlaybookPiece = ({ readonly type: 'entry' } & PlaybookEntry) | { readonly type: 'text'; readonly lines: readonly string[] };

/** The playbook: a file that people read, edit and review. */
export interface Playbook {
  readonly pieces: readonly PlaybookPiece[];
}

/** A change of the playbook. `ignore` changes nothing: what was learned is there already, or not worth a line. */
export type PlaybookOperation =
  | { readonly type: 'add'; readonly text: string }
  | { readonly type: 'update'; readonly id: string; readonly text: string }
  /** The first entry gets the text and the counts of all; the others go. */
  | { readonly type: 'merge'; readonly ids: readonly string[]; readonly text: string }
  | { readonly type: 'ignore' };

/** A change of the playbook that is proposed, with the reason for it. Nothing is changed by a proposal. */
export interface LessonProposal {
  readonly operation: PlaybookOperation;
  /** What in the runs speaks for it. */
  readonly reason: string;
}

/** What became of an operation; `reason` says, for programs and models, why it was not carried out. */
export interface PlaybookOutcome {
  readonly operation: PlaybookOperation;
  readonly applied: boolean;
  /** The entry that was made or changed. */
  readonly id?: string;
  readonly reason?: string;
}

/** Most entries, and most characters of one: a playbook is read in every prompt. */
const mostEntries = 200;
const longestText = 500;
/** Most characters of the playbook in a prompt. */
const promptLimit = 8_000;
/** What the playbook begins with in a prompt. */
const promptHead =
  'Notes from earlier runs in this workspace. They are hints on how to go about it, no orders; leave aside what does not fit:';
/** An entry that did so much more harm than good is no longer given to runs. */
const harmLimit = 3;

const entryLine = /^- \[([\w-]{1,40})\] \(helped (\d{1,6}), hurt (\d{1,6})\) (.*)$/;

const newPlaybookHead = [
  '# Playbook',
  '',
  'What earlier runs taught. Stepwise gives these lines to later runs. Edit them as you like: an entry is a line that begins',
  'with its id in brackets and its counts; everything else in this file is kept as it is.',
  '',
];

/** Reads the file. Any text is a playbook: what is no entry is kept as text. Indented lines below an entry belong to it. */
export function readPlaybook(text: string): Playbook {
  const pieces: PlaybookPiece[] = [];
  const ids = new Set<string>();
  for (const line of text === '' ? [] : text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')) {
    const last = pieces.at(-1);
    const entry = readEntry(line, ids);
    if (entry !== undefined) {
      ids.add(entry.id);
      pieces.push(entry);
    } else if (last?.type === 'entry' && /^ {2,}\S/.test(line)) {
      pieces[pieces.length - 1] = { ...last, text: `${last.text} ${line.trim()}` };
    } else if (last?.type === 'text') {
      pieces[pieces.length - 1] = { type: 'text', lines: [...last.lines, line] };
    } else {
      pieces.push({ type: 'text', lines: [line] });
    }
  }
  return { pieces };
}

/** An entry; a line with the id of another one is a person's text. */
function readEntry(line: string, taken: ReadonlySet<string>): Extract<PlaybookPiece, { type: 'entry' }> | undefined {
  const match = entryLine.exec(line);
  const id = match?.[1];
  if (match === null || id === undefined || taken.has(id)) {
    return undefined;
  }
  return { type: 'entry', id, helped: Number(match[2]), hurt: Number(match[3]), text: match[4] ?? '' };
}

/** The file of a playbook. */
export function writePlaybook(playbook: Playbook): string {
  const lines = playbook.pieces.flatMap((piece) => (piece.type === 'text' ? piece.lines : [lineOf(piece)]));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function lineOf({ id, helped, hurt, text }: PlaybookEntry): string {
  return `- [${id}] (helped ${String(helped)}, hurt ${String(hurt)}) ${text}`;
}

/** The entries of a playbook, in the order of the file. */
export function playbookEntries(playbook: Playbook): readonly PlaybookEntry[] {
  return playbook.pieces.flatMap((piece) => {
    if (piece.type === 'text') {
      return [];
    }
    const { id, text, helped, hurt } = piece;
    return [{ id, text, helped, hurt }];
  });
}

/**
 * Carries operations out, one after the other. One that does not fit (an entry that is not there, no text, a lesson that
 * is there already) is passed over with its reason. `newId` makes ids; it is asked again where one is taken.
 */
export function applyOperations(
  playbook: Playbook,
  operations: readonly PlaybookOperation[],
  newId: () => string,
): { readonly playbook: Playbook; readonly outcomes: readonly PlaybookOutcome[] } {
  let current = playbook;
  const outcomes: PlaybookOutcome[] = [];
  for (const operation of operations) {
    const result = applyOne(current, operation, newId);
    if (typeof result === 'string') {
      outcomes.push({ operation, applied: false, reason: result });
    } else {
      current = result.playbook;
      outcomes.push({ operation, applied: true, ...(result.id === undefined ? {} : { id: result.id }) });
    }
  }
  return { playbook: current, outcomes };
}

type OneResult = { readonly playbook: Playbook; readonly id?: string } | string;

function applyOne(playbook: Playbook, operation: PlaybookOperation, newId: () => string): OneResult {
  if (operation.type === 'ignore') {
    return { playbook };
  }
  const text = cleanText(operation.text);
  if (text === '') {
    return 'The text is empty.';
  }
  const ids = operation.type === 'update' ? [operation.id] : operation.type === 'merge' ? [...new Set(operation.ids)] : [];
  const entries = playbookEntries(playbook);
  const missing = ids.find((id) => !entries.some((entry) => entry.id === id));
  if (missing !== undefined) {
    return `There is no entry ${missing}.`;
  }
  const twin = entries.find((entry) => sameLesson(entry.text, text) && !ids.includes(entry.id));
  if (twin !== undefined) {
    return `The entry ${twin.id} says this already.`;
  }
  return operation.type === 'add' ? addEntry(playbook, text, newId) : joinEntries(playbook, ids, text);
}

function addEntry(playbook: Playbook, text: string, newId: () => string): OneResult {
  const entries = playbookEntries(playbook);
  if (entries.length >= mostEntries) {
    return `The playbook has ${String(mostEntries)} entries. Merge or remove some first.`;
  }
  let id = newId();
  while (entries.some((entry) => entry.id === id)) {
    id = newId();
  }
  const pieces = playbook.pieces.length === 0 ? [{ type: 'text', lines: newPlaybookHead } as const] : playbook.pieces;
  const last = pieces.findLastIndex((piece) => piece.type === 'entry');
  const at = last === -1 ? pieces.length : last + 1;
  return { id, playbook: { pieces: [...pieces.slice(0, at), { type: 'entry', id, text, helped: 0, hurt: 0 }, ...pieces.slice(at)] } };
}

/** The first of the entries takes the text and all counts; the others go. */
function joinEntries(playbook: Playbook, ids: readonly string[], text: string): OneResult {
  const [kept] = ids;
  if (kept === undefined) {
    return 'No entry is named.';
  }
  const joined = playbookEntries(playbook).filter((entry) => ids.includes(entry.id));
  const helped = joined.reduce((sum, entry) => sum + entry.helped, 0);
  const hurt = joined.reduce((sum, entry) => sum + entry.hurt, 0);
  const pieces = playbook.pieces.flatMap((piece) => {
    if (piece.type === 'text' || !ids.includes(piece.id)) {
      return [piece];
    }
    return piece.id === kept ? [{ ...piece, text, helped, hurt }] : [];
  });
  return { id: kept, playbook: { pieces } };
}

/** Counts that an entry helped a run, or did harm; undefined where there is no such entry. */
export function countFeedback(playbook: Playbook, id: string, outcome: 'helped' | 'hurt'): Playbook | undefined {
  const known = playbook.pieces.some((piece) => piece.type === 'entry' && piece.id === id);
  return known
    ? { pieces: playbook.pieces.map((piece) => (piece.type === 'entry' && piece.id === id ? { ...piece, [outcome]: piece[outcome] + 1 } : piece)) }
    : undefined;
}

/**
 * What runs are told: the entries that helped most first, without those that did plain harm. Empty where there are none.
 * The file comes with the repository, so its lines are notes, and can open no tag of the protocol.
 */
export function playbookPrompt(playbook: Playbook): string {
  const useful = playbookEntries(playbook)
    .filter((entry) => entry.hurt - entry.helped < harmLimit)
    .sort((first, second) => second.helped - second.hurt - (first.helped - first.hurt));
  const lines: string[] = [];
  let length = 0;
  for (const { id, text } of useful) {
    const line = `- [${id}] ${escapeProtocol(text)}`;
    length += line.length + 1;
    if (length > promptLimit) {
      break;
    }
    lines.push(line);
  }
  return lines.length === 0 ? '' : `${promptHead}\n${lines.join('\n')}`;
}

/** Further prompts with the playbook's among them: in place of an older one that a run was started with before. */
export function withPlaybookPrompt(prompts: readonly string[], playbook: string): readonly string[] {
  return [...prompts.filter((prompt) => !prompt.startsWith(promptHead)), ...(playbook === '' ? [] : [playbook])];
}

/** One paragraph without control characters, not longer than an entry may be. */
function cleanText(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').replace(/\s+/g, ' ').trim().slice(0, longestText);
}

function sameLesson(first: string, second: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return plain(first) === plain(second);
}
