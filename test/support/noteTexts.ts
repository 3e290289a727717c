import { hashOfCode } from '../../src/app/sourceLines';
import type { TaskKind } from '../../src/core/request';
import type { Run } from '../../src/core/run';
import { renderNote } from '../../src/transcript/markdown';
import { finishedRun } from './sampleRuns';

/** What a note of a test is about. */
export interface NoteOfTest extends Pick<Partial<Run>, 'outcome' | 'verdict' | 'model'> {
  readonly task?: TaskKind;
  readonly question?: string;
  readonly date?: number;
  /** URI of the workspace folder. */
  readonly root: string;
  /** Left out for a note about no code. */
  readonly code?: { readonly path: string; readonly uri?: string; readonly text: string; readonly startLine: number; readonly symbol?: string };
}

/** The text of a note as Stepwise writes it, of the sample run with other facts. */
export async function noteText({ question, date, root, code, task, ...more }: NoteOfTest): Promise<string> {
  const sample = finishedRun();
  const lines = code?.text.split('\n').length ?? 0;
  const run: Run = {
    ...sample,
    ...more,
    startedAt: date ?? sample.startedAt,
    request: {
      task: task ?? sample.request.task,
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
