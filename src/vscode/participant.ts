import * as vscode from 'vscode';
import type { ErrorData } from '../core/errors';
import { errorData, toStepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Run } from '../core/run';
import { signalOf } from './cancellation';
import { followups } from './chatFollowups';
import type { ChatCode, ChatMetadata, ChatQuestion } from './chatInput';
import { chatHistory, chatQuestion, codeOfChat, metadataOf } from './chatInput';
import { chatSink } from './chatSink';
import type { LastEditor } from './editors';
import { commandIds, internalCommandIds, participantId } from './ids';
import type { Log } from './log';
import type { Models } from './models';
import { remedyCommand } from './problems';
import type { FinishedRun, Runs } from './runs';
import type { FunctionFinder } from './selection';
import { editorRange, uriOfPath } from './workspacePaths';

/** What the participant needs of the rest of the extension. */
export interface ParticipantParts {
  readonly runs: Runs;
  readonly models: Models;
  readonly log: Log;
  readonly findFunctions: FunctionFinder;
  readonly editors: LastEditor;
  readonly icon: vscode.Uri;
}

/** Registers `@reason`. */
export function registerParticipant(parts: ParticipantParts): vscode.Disposable {
  const participant = vscode.chat.createChatParticipant(participantId, (request, context, stream, token) => answer(parts, request, context, stream, token));
  participant.iconPath = parts.icon;
  participant.followupProvider = { provideFollowups: (result) => followups(metadataOf(result)) };
  return vscode.Disposable.from(participant);
}

async function answer(
  parts: ParticipantParts,
  request: vscode.ChatRequest,
  context: vscode.ChatContext,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<vscode.ChatResult> {
  const cancellation = signalOf(token);
  const asked = chatQuestion(request.command, request.prompt);
  try {
    const code = await codeOfChat(request.references, parts.editors.current(), parts.findFunctions);
    const refusal = missingCode(request, asked, code);
    if (refusal !== undefined) {
      stream.markdown(refusal);
      return {};
    }
    showCode(stream, code);
    const history = chatHistory(context.history);
    const { chatTeller } = await import('../transcript/chatMarkdown');
    const started = await parts.runs.start({
      request: {
        ...asked,
        ...(code.code === undefined ? {} : { code: code.code }),
        ...(code.attachments.length === 0 ? {} : { attachments: code.attachments }),
        ...(history.length === 0 ? {} : { history }),
      },
      model: await parts.models.fromVSCode(request.model),
      sinks: [chatSink(stream, chatTeller(), uriOfPath)],
      signal: cancellation.signal,
      externalTools: request.toolReferences.map(({ name }) => name),
      invocationToken: request.toolInvocationToken,
    });
    return resultOf(started.handle.runId, asked, await started.done, stream);
  } catch (error) {
    parts.log.error('A chat request failed.', error);
    return failure(errorData(toStepwiseError(error)), stream);
  } finally {
    cancellation.dispose();
  }
}

/** What to say instead of a run where the request is about code and there is none. */
function missingCode(request: vscode.ChatRequest, asked: ChatQuestion, code: ChatCode): string | undefined {
  const isAboutCode = request.command !== undefined || request.prompt.trim() === '';
  if (!isAboutCode || code.code !== undefined || asked.task === 'question') {
    return undefined;
  }
  const reasons = code.problems.map((problem) => `- ${problem}`).join('\n');
  const advice = t('I need code to reason about. Select some in the editor, place the cursor in a function, or attach a file with `#`.');
  return reasons === '' ? advice : `${advice}\n\n${reasons}`;
}

function showCode(stream: vscode.ChatResponseStream, { code, attachments, problems }: ChatCode): void {
  for (const excerpt of code === undefined ? [] : [code, ...attachments]) {
    const uri = vscode.Uri.parse(excerpt.uri);
    if (uri.scheme !== 'untitled') {
      stream.reference(new vscode.Location(uri, editorRange(excerpt.range)));
    }
  }
  for (const problem of problems) {
    stream.progress(problem);
  }
}

function resultOf(runId: string, { task }: ChatQuestion, { run, note }: FinishedRun, stream: vscode.ChatResponseStream): vscode.ChatResult {
  const verdict = run?.verdict;
  const complexity = verdict?.claimClass ?? verdict?.derivedClass;
  const metadata: ChatMetadata = {
    runId,
    task,
    answer: run?.answer ?? '',
    ...(run?.outcome === undefined ? {} : { outcome: run.outcome }),
    ...(verdict === undefined ? {} : { agreement: verdict.agreement }),
    ...(complexity === undefined ? {} : { complexity }),
  };
  runButtons(runId, run, note).forEach((button) => stream.button(button));
  if (run?.error !== undefined && run.outcome === 'failed') {
    return { ...failure(run.error, stream), metadata };
  }
  return { metadata };
}

/** What can be done with a run that is over: see its steps, its note, go on from it, put another one beside it. */
export function runButtons(runId: string, run: Run | undefined, note: vscode.Uri | undefined): readonly vscode.Command[] {
  const button = (title: string, command: string, argument: unknown): vscode.Command => ({ title, command, arguments: [argument] });
  const hasAnswer = run !== undefined && run.answer !== '';
  return [
    button(t('Show Steps'), internalCommandIds.showRun, runId),
    ...(note !== undefined ? [button(t('Open Note'), internalCommandIds.openNote, note)] : run === undefined ? [] : [button(t('Save Note'), internalCommandIds.saveNote, runId)]),
    ...(hasAnswer ? [button(t('Go Deeper'), internalCommandIds.goDeeper, runId), button(t('Compare…'), commandIds.compareRuns, runId)] : []),
  ];
}

/** An error in the chat's own form, with the button that mends it. */
function failure(error: ErrorData, stream: vscode.ChatResponseStream): vscode.ChatResult {
  const command = error.remedy === undefined ? undefined : remedyCommand(error.remedy);
  if (command !== undefined) {
    stream.button(command);
  }
  return error.code === 'cancelled' ? {} : { errorDetails: { message: error.message } };
}
