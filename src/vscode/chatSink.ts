import * as vscode from 'vscode';
import type { RunSink } from '../core/events';
import type { SourceReference } from '../core/request';
import type { ChatFragment, ChatTeller } from '../transcript/chatMarkdown';
import { editorRange } from './workspacePaths';

/**
 * Shows a run in the Chat view: what `tell` makes of its events. `fileOfPath` finds the file that a tool's path
 * names; a path that names none is not shown as a reference.
 */
export function chatSink(stream: vscode.ChatResponseStream, tell: ChatTeller, fileOfPath: (path: string) => vscode.Uri | undefined): RunSink {
  let isAnswering = false;
  return (event) => {
    // VS Code folds everything up to the last progress line away: one after the answer would hide it.
    isAnswering = event.type === 'answer-delta' || (isAnswering && event.type !== 'step-start' && event.type !== 'step-reset');
    for (const fragment of tell(event)) {
      if (fragment.type !== 'progress' || !isAnswering) {
        show(stream, fragment, fileOfPath);
      }
    }
  };
}

function show(stream: vscode.ChatResponseStream, fragment: ChatFragment, fileOfPath: (path: string) => vscode.Uri | undefined): void {
  switch (fragment.type) {
    case 'progress':
      stream.progress(fragment.text);
      return;
    case 'markdown':
      stream.markdown(fragment.text);
      return;
    case 'reference': {
      const place = placeOf(fragment.reference, fileOfPath);
      if (place !== undefined) {
        stream.reference(place);
      }
    }
  }
}

function placeOf({ path, range }: SourceReference, fileOfPath: (path: string) => vscode.Uri | undefined): vscode.Uri | vscode.Location | undefined {
  const uri = fileOfPath(path);
  return uri === undefined || range === undefined ? uri : new vscode.Location(uri, editorRange(range));
}
