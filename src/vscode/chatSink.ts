import * as vscode from 'vscode';
import type { RunEvent, RunSink } from '../core/events';
import { t } from '../core/l10n';
import type { SourceReference } from '../core/request';

/**
 * Tells a run in the Chat view: its steps as progress, the files that were read as references, the answer as
 * Markdown while it is written. `fileOfPath` finds the file that a tool's path names.
 */
export function chatSink(stream: vscode.ChatResponseStream, fileOfPath: (path: string) => vscode.Uri | undefined): RunSink {
  const referenced = new Set<string>();
  let shown = '';

  function refer(reference: SourceReference): void {
    const uri = fileOfPath(reference.path);
    const { range } = reference;
    const key = `${reference.path}:${String(range?.startLine ?? '')}-${String(range?.endLine ?? '')}`;
    if (uri === undefined || referenced.has(key)) {
      return;
    }
    referenced.add(key);
    stream.reference(range === undefined ? uri : new vscode.Location(uri, new vscode.Range(range.startLine - 1, 0, range.endLine - 1, Number.MAX_SAFE_INTEGER)));
  }

  return (event: RunEvent) => {
    switch (event.type) {
      case 'run-start':
        stream.progress(t('Reasoning with {0}', event.model.label));
        return;
      case 'thought-end':
        if (event.title !== '') {
          stream.progress(t('Step {0}: {1}', event.step, event.title));
        }
        return;
      case 'action-start':
        stream.progress(event.summary);
        return;
      case 'action-end':
        event.references.forEach(refer);
        return;
      case 'wait':
        stream.progress(t('Waiting {0} s: {1}', Math.ceil(event.waitMs / 1000), event.reason.message));
        return;
      case 'notice':
        stream.progress(event.message);
        return;
      case 'step-reset':
        // What the chat has shown cannot be taken back.
        if (shown !== '') {
          stream.markdown(`\n\n*${t('The reply broke off and comes again.')}*\n\n`);
          shown = '';
        }
        return;
      case 'answer-delta':
        stream.markdown(event.text);
        shown += event.text;
        return;
      case 'run-end': {
        const rest = event.answer.startsWith(shown) ? event.answer.slice(shown.length) : `\n\n${event.answer}`;
        if (event.answer !== '' && rest.trim() !== '') {
          stream.markdown(rest);
        }
        if (event.outcome === 'cancelled') {
          stream.markdown(`\n\n*${t('Stopped.')}*`);
        }
        return;
      }
      default:
        return;
    }
  };
}
