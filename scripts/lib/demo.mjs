import { mkdir, open, rm } from 'node:fs/promises';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { TextDecoder } from 'node:util';

/**
 * How `npm start` has the extension run "Reason About Selection" once and reads along. The extension's side is
 * `src/vscode/demo.ts`; the two agree on the following and on nothing else.
 *
 * The extension host is given the environment variable `STEPWISE_DEMO`: one JSON object, see `DemoOrder`. When it is
 * set, the extension, once started up,
 *
 * 1. creates the file `events` exclusively (flag `wx`). If it exists already, another window runs the demonstration, or
 *    ran it before a reload: do nothing more.
 * 2. opens `file`, selects `startLine` to `endLine` and runs the command "Reason About Selection" on that with `task`,
 *    just as a person would have it run: with the best model available, with the panel open and a note written.
 *    A startLine without `endLine` selects nothing and only puts the cursor there: the enclosing function is taken.
 * 3. appends to `events` each `RunEvent` (src/core/events.ts) of that run as it comes, one JSON object to a line.
 * 4. appends one last line: `{"type":"note-written","path":"/absolute/path.md"}` when the note is complete on disk, or
 *    `{"type":"demo-failed","message":"…"}` when no run could be started or no note be written. The message is the
 *    sentence that the person would be shown.
 *
 * Without the variable nothing of this is loaded.
 *
 * @typedef {object} DemoOrder
 * @property {string} events Absolute path of a file that does not exist yet, in a folder that does.
 * @property {string} file Absolute path of the file to reason about, inside the opened folder.
 * @property {number} startLine 1-based.
 * @property {number} [endLine] 1-based, included.
 * @property {string} task A `TaskKind` of src/core/request.ts.
 *
 * @typedef {import('../../src/core/events').RunEvent} RunEvent
 * @typedef {{ type: 'note-written', path: string }} NoteWritten
 * @typedef {{ type: 'demo-failed', message: string }} DemoFailed
 * @typedef {RunEvent | NoteWritten | DemoFailed} DemoEvent
 */

/**
 * The environment that orders a demonstration.
 * @param {DemoOrder} order
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function orderDemo(order) {
  await mkdir(dirname(order.events), { recursive: true });
  await rm(order.events, { force: true });
  return { STEPWISE_DEMO: JSON.stringify(order) };
}

/**
 * Reads the events of a demonstration as they are written.
 * @param {string} file
 * @param {AbortSignal} signal Ends the reading.
 * @returns {AsyncGenerator<DemoEvent>} ends after the last event of the contract, or when the signal is given
 */
export async function* readDemo(file, signal) {
  /** @type {() => void} */
  let wake = () => undefined;
  const onChange = () => wake();
  // The folder, because the file does not exist yet.
  const watcher = watch(dirname(file), onChange);
  signal.addEventListener('abort', onChange);
  /** @type {import('node:fs/promises').FileHandle | undefined} */
  let handle;
  let rest = '';
  try {
    const buffer = Buffer.alloc(65_536);
    const decoder = new TextDecoder();
    while (!signal.aborted) {
      // Armed before the look, so that what is written in between is not missed. The timer is for file systems that
      // do not report changes.
      const changed = new Promise((/** @type {(value: void) => void} */ resolve) => {
        const timer = setTimeout(resolve, 1_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      handle ??= await open(file, 'r').catch(() => undefined);
      for (let bytes = -1; handle !== undefined && bytes !== 0; ) {
        ({ bytesRead: bytes } = await handle.read(buffer, 0, buffer.length, null));
        rest += decoder.decode(buffer.subarray(0, bytes), { stream: true });
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines.filter((text) => text.trim() !== '')) {
          /** @type {DemoEvent} */
          const event = JSON.parse(line);
          yield event;
          if (event.type === 'note-written' || event.type === 'demo-failed') {
            return;
          }
        }
      }
      await changed;
    }
  } finally {
    wake();
    watcher.close();
    signal.removeEventListener('abort', onChange);
    await handle?.close();
  }
}
