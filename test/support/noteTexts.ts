import { hashOfCode } from '../../src/app/sourceLines';
import type { Run } from '../../src/core/run';
import { renderNote } from '../../src/transcript/markdown';
import { finishedRun } from './sampleRuns';

/** What a note of a test is about. */
export interface NoteOfTest {
  readonly question?: string;
  readonly date?: number;
  /** URI of the workspace folder. */
  readonly root: string;
  /** Left out for a note about no code. */
  readonly code?: { readonly path: string; readonly uri?: string; readonly text: string; readonly startLine: number; readonly symbol?: string };
}

/** The text of a note as Stepwise writes it, of the sample run with other facts. */
export async function noteText({ question, date, root, code }: NoteOfTest): Promise<string> {
  const sample = finishedRun();
  const { task } = sample.request;
  const lines = code?.text.split('\n').length ?? 0;
  const run: Run = {
    ...sample,
    startedAt: date ?? sample.startedAt,
    request: {
      task,
      question: question ?? sample.request.question,
      ...(code === undefined ? {} : {
        code: {
          uri: code.uri ?? `${root}/${code.path}`, path: code.path, languageId: 'python', text: code.text,
          range: { startLine: code.startLine, endLine: code.startLine + lines - 1 },
          ...(code.symbol === undefined ? {} : { symbol: code.symbol }),
        },
      }),
    },
  };
  const codeHash = code === undefined ? undefined : (await hashOfCode(code.text)).slice('sha256:'.length);
  return renderNote(run, { root, toRoot: '..', ...(codeHash === undefined ? {} : { codeHash }) });
}
