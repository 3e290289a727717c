import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Playbook, PlaybookEntry, PlaybookOperation, PlaybookOutcome } from './playbook';
import { applyOperations, countFeedback, playbookEntries, playbookPrompt, readPlaybook, writePlaybook } from './playbook';

/** Where the playbook is kept. */
export interface PlaybookFile {
  /** The whole text; empty where there is no file. */
  read(): Promise<string>;
  /** Puts `text` in the place of what the file held. */
  write(text: string): Promise<void>;
}

/** The playbook of a workspace. Read anew each time, because people edit it; changed by one at a time. */
export class PlaybookStore {
  readonly #file: PlaybookFile;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(file: PlaybookFile) {
    this.#file = file;
  }

  async read(): Promise<Playbook> {
    return readPlaybook(await this.#file.read());
  }

  async entries(): Promise<readonly PlaybookEntry[]> {
    return playbookEntries(await this.read());
  }

  /** What runs are told; empty where there is nothing, or where the file cannot be read. */
  async prompt(): Promise<string> {
    return await this.read().then(playbookPrompt, () => '');
  }

  /** Carries operations out that a person agreed to. The file stays as it is where none of them changes anything. */
  apply(operations: readonly PlaybookOperation[]): Promise<readonly PlaybookOutcome[]> {
    return this.#change((playbook) => {
      const { playbook: changed, outcomes } = applyOperations(playbook, operations, newId);
      return { changed, value: outcomes };
    });
  }

  /** Counts that an entry helped, or did harm; false where there is no such entry. */
  countFeedback(id: string, outcome: 'helped' | 'hurt'): Promise<boolean> {
    return this.#change((playbook) => {
      const changed = countFeedback(playbook, id, outcome);
      return { changed: changed ?? playbook, value: changed !== undefined };
    });
  }

  #change<Value>(work: (playbook: Playbook) => { readonly changed: Playbook; readonly value: Value }): Promise<Value> {
    const done = this.#changing.then(async () => {
      const text = await this.#file.read();
      const { changed, value } = work(readPlaybook(text));
      const next = writePlaybook(changed);
      if (next !== writePlaybook(readPlaybook(text))) {
        await this.#file.write(next).catch((cause: unknown) => {
          throw new StepwiseError('note-not-written', t('The playbook could not be written. Check the rights of its folder.'), { cause });
        });
      }
      return value;
    });
    this.#changing = done.catch(() => undefined);
    return done;
  }
}

function newId(): string {
  return `p-${crypto.randomUUID().slice(0, 6)}`;
}
