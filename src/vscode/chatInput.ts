import * as vscode from 'vscode';
import { isStepwiseError } from '../core/errors';
import type { RunOutcome } from '../core/events';
import type { ChatMessage } from '../core/model';
import type { CodeExcerpt, TaskKind } from '../core/request';
import { taskKinds } from '../core/request';
import { sliceWhole } from '../core/text';
import type { Agreement } from '../core/verdict';
import { participantId } from './ids';
import type { FunctionFinder } from './selection';
import { codeOfDocument, codeOfEditor, codeOfRange, openTextFile, pathOfUri } from './selection';
import { taskOfQuestion } from '../app/taskOfQuestion';
import { taskText } from './tasks';

/** What `@reason` was asked. */
export interface ChatQuestion {
  readonly task: TaskKind;
  readonly question: string;
}

/** The task and the words of a chat request: its command, or what its text plainly asks for. */
export function chatQuestion(command: string | undefined, prompt: string): ChatQuestion {
  const words = prompt.trim();
  const named = taskKinds.find((task) => task === command);
  const task = named ?? (words === '' ? 'explain' : taskOfQuestion(words));
  return { task, question: words === '' ? taskText(task).question : words };
}

/** Code that a chat request brings along, and what was wrong with references that could not be read. */
export interface ChatCode {
  readonly code?: CodeExcerpt;
  readonly attachments: readonly CodeExcerpt[];
  readonly problems: readonly string[];
}

/**
 * The code of a chat request: what the person attached (`#selection`, `#file`, symbols, text), the first one as
 * the code itself; where nothing is attached, the code at hand in `editor`. Of VS Code's own suggestion,
 * which is the whole open file, only the selection or function in it is taken.
 */
export async function codeOfChat(
  references: readonly vscode.ChatPromptReference[],
  editor: vscode.TextEditor | undefined,
  findFunctions: FunctionFinder,
): Promise<ChatCode> {
  const excerpts: CodeExcerpt[] = [];
  const problems: string[] = [];
  // VS Code lists references from the last one in the text to the first.
  for (const reference of references.filter(({ id }) => !isImplicit(id)).toReversed()) {
    try {
      excerpts.push(...(await excerptOf(reference, findFunctions)));
    } catch (error) {
      if (!isStepwiseError(error)) {
        throw error;
      }
      problems.push(error.message);
    }
  }
  const [first, ...attachments] = excerpts;
  if (first !== undefined) {
    return { code: first, attachments, problems };
  }
  if (editor === undefined) {
    return { attachments: [], problems };
  }
  try {
    const found = await codeOfEditor(editor, findFunctions);
    return { code: found.code, attachments: found.attachments, problems: [...problems, ...(found.notice === undefined ? [] : [found.notice])] };
  } catch (error) {
    if (!isStepwiseError(error)) {
      throw error;
    }
    return { attachments: [], problems: [...problems, error.message] };
  }
}

/** True for what VS Code adds on its own, such as `vscode.implicit.viewport`. */
function isImplicit(id: string): boolean {
  return id.startsWith('vscode.implicit');
}

async function excerptOf(reference: vscode.ChatPromptReference, findFunctions: FunctionFinder): Promise<readonly CodeExcerpt[]> {
  const { value } = reference;
  if (value instanceof vscode.Location) {
    const document = await openTextFile(value.uri);
    const { start, end } = value.range;
    // A range that ends before the first character of a line does not cover that line.
    const endLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
    return [await codeOfRange(document, { startLine: start.line + 1, endLine }, findFunctions)];
  }
  if (value instanceof vscode.Uri) {
    const stat = await vscode.workspace.fs.stat(value).then(undefined, () => undefined);
    // A folder is no code; the tools can list it when the question names it.
    return stat?.type === vscode.FileType.Directory ? [] : [codeOfDocument(await openTextFile(value))];
  }
  if (typeof value === 'string' && value.trim() !== '') {
    return [{
      uri: 'untitled:attachment',
      path: reference.modelDescription ?? reference.id,
      languageId: 'plaintext',
      text: value,
      range: { startLine: 1, endLine: value.split('\n').length },
    }];
  }
  return [];
}

/** Most turns of a conversation that a request carries, and most characters of each. */
const maxTurns = 6;
const maxTurnCharacters = 6000;

/** What a turn of `@reason` leaves for later turns; plain JSON. */
export interface ChatMetadata {
  readonly runId: string;
  readonly task: TaskKind;
  readonly answer: string;
  readonly outcome?: RunOutcome;
  /** How the check of a claimed complexity ended, and the class of it. */
  readonly agreement?: Agreement;
  readonly complexity?: string;
}

/** The earlier turns with `@reason`, oldest first: each question with its answer, without the steps between. */
export function chatHistory(history: vscode.ChatContext['history']): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  let question: string | undefined;
  for (const turn of history) {
    if (turn.participant !== participantId) {
      continue;
    }
    if (turn instanceof vscode.ChatRequestTurn) {
      question = chatQuestion(turn.command, turn.prompt).question + attached(turn.references);
    } else {
      const answer = metadataOf(turn.result)?.answer ?? '';
      // A turn that failed has no answer to go on from.
      if (question !== undefined && answer !== '') {
        messages.push(
          { role: 'user', content: sliceWhole(question, maxTurnCharacters) },
          { role: 'assistant', content: sliceWhole(answer, maxTurnCharacters) },
        );
      }
      question = undefined;
    }
  }
  return messages.slice(-2 * maxTurns);
}

/** The files that an earlier question was about, by name: its code is in the files, not repeated here. */
function attached(references: readonly vscode.ChatPromptReference[]): string {
  const paths = references.flatMap(({ value }) =>
    value instanceof vscode.Location ? [pathOfUri(value.uri)] : value instanceof vscode.Uri ? [pathOfUri(value)] : []);
  return paths.length === 0 ? '' : `\n(about ${[...new Set(paths)].join(', ')})`;
}

const outcomes: readonly RunOutcome[] = ['answered', 'limit', 'cancelled', 'failed'];
const agreements: readonly Agreement[] = ['agrees', 'disagrees', 'weaker', 'cannot-tell'];

/** What `ChatMetadata` was put into a result. */
export function metadataOf(result: vscode.ChatResult): ChatMetadata | undefined {
  const { metadata } = result as { readonly metadata?: Readonly<Record<string, unknown>> };
  const runId = metadata?.['runId'];
  const answer = metadata?.['answer'];
  const task = taskKinds.find((kind) => kind === metadata?.['task']);
  if (typeof runId !== 'string' || typeof answer !== 'string' || task === undefined) {
    return undefined;
  }
  const outcome = outcomes.find((one) => one === metadata?.['outcome']);
  const agreement = agreements.find((one) => one === metadata?.['agreement']);
  const complexity = metadata?.['complexity'];
  return {
    runId,
    answer,
    task,
    ...(outcome === undefined ? {} : { outcome }),
    ...(agreement === undefined ? {} : { agreement }),
    ...(typeof complexity === 'string' ? { complexity } : {}),
  };
}
