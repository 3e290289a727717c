import * as vscode from 'vscode';
import type { RunEvent, RunSink } from '../core/events';
import { t } from '../core/l10n';
import type { SourceReference } from '../core/request';
import { placeText } from '../core/wording';
import { listFilesName, listedPaths } from '../tools/listFiles';
import type { ChatFragment, ChatTeller } from '../transcript/chatMarkdown';
import { fileTrees } from './fileTree';
import { editorRange } from './workspacePaths';

/** Finds the file that a tool's path names. */
type FileOfPath = (path: string) => vscode.Uri | undefined;

/** Most places that are named at the end of an answer. */
const maxAnchors = 12;

/**
 * Shows a run in the Chat view: what `tell` makes of its events, and the files that a tool listed as a tree at the end.
 * `fileOfPath` finds the file that a tool's path names; a path that names none is not shown as a reference.
 */
export function chatSink(stream: vscode.ChatResponseStream, tell: ChatTeller, fileOfPath: FileOfPath): RunSink {
  let isAnswering = false;
  const listed = listedFiles();
  return (event) => {
    listed.take(event);
    // VS Code folds everything up to the last progress line away: one after the answer would hide it.
    isAnswering = event.type === 'answer-delta' || (isAnswering && event.type !== 'step-start' && event.type !== 'step-reset');
    for (const fragment of tell(event)) {
      if (fragment.type !== 'progress' || !isAnswering) {
        show(stream, fragment, fileOfPath);
      }
    }
    if (event.type === 'run-end' && (event.outcome === 'answered' || event.outcome === 'limit')) {
      for (const { base, tree } of fileTrees(listed.paths(), fileOfPath)) {
        stream.filetree(tree, base);
      }
    }
  };
}

/** Remembers what calls of the tool that lists files gave. */
function listedFiles(): { take(event: RunEvent): void; paths(): readonly string[] } {
  const calls = new Set<string>();
  const found: string[] = [];
  return {
    take(event) {
      if (event.type === 'action-start' && event.tool === listFilesName) {
        calls.add(event.callId);
      } else if (event.type === 'action-end' && calls.has(event.callId) && !event.isError) {
        found.push(...listedPaths(event.observation));
      }
    },
    paths: () => found,
  };
}

function show(stream: vscode.ChatResponseStream, fragment: ChatFragment, fileOfPath: FileOfPath): void {
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
      return;
    }
    case 'anchors':
      showAnchors(stream, fragment.references, fileOfPath);
  }
}

/** The places that were looked at, as links in one line. */
function showAnchors(stream: vscode.ChatResponseStream, references: readonly SourceReference[], fileOfPath: FileOfPath): void {
  const places = references.flatMap((reference) => {
    const place = placeOf(reference, fileOfPath);
    return place === undefined ? [] : [{ place, label: placeText(reference.path, reference.range) }];
  }).slice(0, maxAnchors);
  places.forEach(({ place, label }, index) => {
    stream.markdown(index === 0 ? `\n\n${t('Looked at:')} ` : ' · ');
    stream.anchor(place, label);
  });
}

function placeOf({ path, range }: SourceReference, fileOfPath: FileOfPath): vscode.Uri | vscode.Location | undefined {
  const uri = fileOfPath(path);
  return uri === undefined || range === undefined ? uri : new vscode.Location(uri, editorRange(range));
}
