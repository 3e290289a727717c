import type { Run } from '../core/run';
import { noteEnd } from '../transcript/markdown';

/**
 * A note whose run was interrupted, with the end that was never written, and front matter that says how it ended. All
 * else in it stays byte for byte: a person may have written in it since.
 * @param run The run that the note holds, ended
 */
export function withEnd(note: string, run: Run): string {
  const head = /^\ufeff?---\r?\n[\s\S]*?\r?\n---(?=\r?\n|$)/.exec(note)?.[0] ?? '';
  const told = head
    .replace(/^result: running(?=\r?$)/m, `result: ${run.outcome ?? 'running'}`)
    .replace(/^steps: \d+(?=\r?$)/m, `steps: ${String(run.steps.length)}`);
  return `${told}${note.slice(head.length)}${noteEnd(run)}`;
}
