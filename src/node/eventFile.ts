import { open } from 'node:fs/promises';

/** A file of lines of JSON that somebody reads while it is written. */
export interface EventFile {
  /** Adds a line; lines keep their order. */
  append(event: object): void;
  /** Settles when every line is written; rejects when one could not be. */
  close(): Promise<void>;
}

/** A new file, or undefined where there is one of that name already. */
export async function createEventFile(path: string): Promise<EventFile | undefined> {
  const handle = await open(path, 'wx').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return undefined;
    }
    throw error;
  });
  if (handle === undefined) {
    return undefined;
  }
  let last = Promise.resolve();
  return {
    append(event) {
      last = last.then(() => handle.appendFile(`${JSON.stringify(event)}\n`));
      // `close` tells of a failure; until then it is not unhandled.
      last.catch(() => undefined);
    },
    close: () => last.finally(() => handle.close()),
  };
}
