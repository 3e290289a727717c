import { StepwiseError } from '../core/errors';
import type { RunEvent } from '../core/events';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import { reduceRun } from '../core/run';
import { codeToHash } from '../transcript/frontMatter';
import type { NoteRendering } from '../transcript/markdown';
import { noteHead, noteStep, renderNote } from '../transcript/markdown';
import type { Redactor } from '../transcript/redact';
import { createRedactor, redacted } from '../transcript/redact';
import { noteNames, noteSlug } from '../transcript/slug';
import type { NoteFiles, NoteOptions } from './notes';

/** Most names that are tried for one note: more are taken only where something is badly wrong. */
const nameLimit = 1000;

/** Writes one note, one change after the other. */
export class NoteJournal {
  readonly #files: NoteFiles;
  readonly #options: NoteOptions;
  readonly #redactor: Redactor;
  #run: Run | undefined;
  #name: string | undefined;
  /** What the file holds, as far as it was written here: anything else in it is a person's. */
  #written = '';
  /** Step that the file has already. */
  #lastStep = 0;
  #work: Promise<void> = Promise.resolve();
  #isReported = false;
  #isComplete = false;
  #rendering: Promise<NoteRendering> | undefined;

  constructor(options: NoteOptions) {
    this.#files = options.files;
    this.#options = options;
    this.#redactor = createRedactor(options.redactPatterns);
  }

  get name(): string | undefined {
    return this.#name;
  }

  take(event: RunEvent): void {
    this.#run = reduceRun(this.#run, event);
    const run = this.#run;
    if (run === undefined) {
      return;
    }
    // The run changes as events come: what is to be written is taken from it now.
    if (event.type === 'run-start') {
      this.#reportBrokenPatterns();
      const start = redacted(run, this.#redactor);
      this.#rendering = this.#rendered(run);
      this.#serially(() => this.#begin(start));
    } else if (event.type === 'step-end') {
      const step = run.steps.find((candidate) => candidate.index === event.step);
      if (step !== undefined && step.index > this.#lastStep) {
        this.#lastStep = step.index;
        const text = noteStep(redacted(step, this.#redactor));
        this.#serially(() => this.#add(text));
      }
    } else if (event.type === 'run-end') {
      const end = redacted(run, this.#redactor);
      this.#serially(() => this.#complete(end));
    }
  }

  /** Writes the note of a run that is over. */
  async save(run: Run): Promise<string | undefined> {
    this.#reportBrokenPatterns();
    const whole = redacted(run, this.#redactor);
    this.#rendering = this.#rendered(run);
    this.#serially(() => this.#complete(whole));
    return this.finish();
  }

  async finish(): Promise<string | undefined> {
    await this.#work;
    return this.#isComplete ? this.#name : undefined;
  }

  async #rendered(run: Run): Promise<NoteRendering> {
    const { root, toRoot } = this.#options;
    const { code } = run.request;
    return {
      ...(root === undefined ? {} : { root }),
      ...(toRoot === undefined ? {} : { toRoot }),
      ...(code === undefined ? {} : { codeHash: await sha256(codeToHash(code.text)) }),
    };
  }

  async #begin(run: Run): Promise<void> {
    await this.#createNew(run, await noteHead(run, await this.#rendering));
  }

  async #add(text: string): Promise<void> {
    if (this.#name === undefined) {
      // The beginning could not be written; the end tries once more with all of it.
      return;
    }
    if ((await this.#files.read(this.#name)) === this.#written) {
      await this.#files.append(this.#name, text);
      this.#written += text;
    }
  }

  /** Puts the whole note in order: in its own file where nobody changed it, else in a new one. */
  async #complete(run: Run): Promise<void> {
    const text = await renderNote(run, await this.#rendering);
    const held = this.#name === undefined ? undefined : await this.#files.read(this.#name);
    if (this.#name !== undefined && held === this.#written) {
      await this.#files.replace(this.#name, text);
      this.#written = text;
    } else {
      await this.#createNew(run, text);
    }
    this.#isComplete = true;
  }

  async #createNew(run: Run, text: string): Promise<void> {
    let tries = 0;
    for (const name of noteNames(noteSlug(run.request))) {
      if ((await this.#files.create(name, text)) === 'created') {
        this.#name = name;
        this.#written = text;
        return;
      }
      tries += 1;
      if (tries === nameLimit) {
        throw new Error(`All of ${String(nameLimit)} names for a note are taken.`);
      }
    }
  }

  #serially(write: () => Promise<void>): void {
    this.#work = this.#work.then(write).catch((error: unknown) => this.#report(error));
  }

  #report(error: unknown): void {
    if (this.#isReported) {
      return;
    }
    this.#isReported = true;
    const message = t('The note could not be written. Check the free space and the rights of its folder, or choose another folder in the settings.');
    this.#options.onProblem(new StepwiseError('note-not-written', message, { cause: error, remedy: 'open-settings' }));
  }

  #reportBrokenPatterns(): void {
    for (const pattern of this.#redactor.brokenPatterns) {
      const message = t('"{0}" is not a regular expression and masks nothing in notes. Correct it in the settings.', pattern);
      this.#options.onProblem(new StepwiseError('bad-arguments', message, { remedy: 'open-settings' }));
    }
  }
}

/** SHA-256 of a text in UTF-8, as hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
