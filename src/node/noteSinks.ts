import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { noteWriter } from '../app/notes';
import type { StepwiseError } from '../core/errors';
import type { RunSink } from '../core/events';
import { createNoteFiles } from './noteFiles';

/** Notes of runs that nobody looks after one by one. */
export interface NoteSinks {
  /** A sink that writes the note of one run. */
  open(): RunSink;
  /** Settles when all notes are written. */
  close(): Promise<void>;
}

/** Notes in `folder` below the workspace folder `root`. Trouble is told to `onProblem`; runs go on without their notes. */
export function createNoteSinks(folder: string, root: string, onProblem: (error: StepwiseError) => void): NoteSinks {
  const writing = new Set<Promise<unknown>>();
  const toRoot = path.relative(folder, root).split(path.sep).join('/');
  return {
    open() {
      const writer = noteWriter({ files: createNoteFiles(folder), root: pathToFileURL(root).href, toRoot, onProblem });
      return (event) => {
        writer.sink(event);
        if (event.type === 'run-end') {
          const done = writer.finish().finally(() => writing.delete(done));
          writing.add(done);
        }
      };
    },
    async close() {
      await Promise.allSettled(writing);
    },
  };
}
