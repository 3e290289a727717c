import type { StepwiseError } from '../core/errors';
import type { RunSink } from '../core/events';
import type { Run } from '../core/run';
import { NoteJournal } from './noteJournal';

/**
 * Where notes are kept: one folder. Names are plain file names that `noteName` made; nothing else is asked for.
 * Every operation rejects when it fails; a missing folder is made by `create`.
 */
export interface NoteFiles {
  /** Makes a new file with `text`. `exists` where there is something of that name: it stays as it is. */
  create(name: string, text: string): Promise<'created' | 'exists'>;
  /** Adds to the end of a file that `create` made. */
  append(name: string, text: string): Promise<void>;
  /** The text of a file; undefined where there is none. */
  read(name: string): Promise<string | undefined>;
  /** Puts `text` in the place of what the file held: after a crash it holds either the old text or the new one. */
  replace(name: string, text: string): Promise<void>;
}

/** What a note is written with. */
export interface NoteOptions {
  readonly files: NoteFiles;
  /** URI of the workspace folder: addresses within it are written relative to it. */
  readonly root?: string;
  /** Relative path from the folder of the notes to the workspace folder, such as `..`: makes links to the code. */
  readonly toRoot?: string;
  /** Regular expressions for secrets besides the well-known ones; broken ones are reported and left out. */
  readonly redactPatterns?: readonly string[];
  /**
   * Told of a note that could not be written (`note-not-written`, once; the end of the run tries again), and of
   * patterns that are no regular expressions (`bad-arguments`). The run goes on.
   */
  onProblem(error: StepwiseError): void;
}

/** A note that is written while its run goes on. */
export interface NoteWriter {
  /** Takes the events of one run. */
  readonly sink: RunSink;
  /** The name of the note's file; undefined until it has one. */
  name(): string | undefined;
  /** Settles when all that the run told is written: with the name, or undefined where it could not be. Never rejects. */
  finish(): Promise<string | undefined>;
}

/**
 * Writes the note of one run as it goes: its head at the start, each step when it is over, the rest at the end, when
 * the whole file is put in order. A crash loses at most the step in progress. No file that was there is touched; and
 * where a person changed the note in the meantime, it stays theirs and the finished note gets a name of its own.
 */
export function noteWriter(options: NoteOptions): NoteWriter {
  const journal = new NoteJournal(options);
  return { sink: (event) => journal.take(event), name: () => journal.name, finish: () => journal.finish() };
}

/** Writes the note of a run that is over and has none: the name of its file, or undefined where it could not be written. */
export function saveNote(run: Run, options: NoteOptions): Promise<string | undefined> {
  return new NoteJournal(options).save(run);
}
