import * as vscode from 'vscode';
import { contextKeys } from './ids';

/** True for a note of Stepwise, by the first lines of its front matter alone. */
export function isNoteDocument(document: Pick<vscode.TextDocument, 'lineCount' | 'lineAt' | 'uri'>): boolean {
  return document.uri.path.endsWith('.md') && document.lineCount > 2 && document.lineAt(0).text === '---' && document.lineAt(1).text.startsWith('stepwise:');
}

/** Tells VS Code which of the editors that can be seen hold notes, for the button in their title. */
export function watchNoteEditors(): vscode.Disposable {
  const tell = (): void => {
    const paths = vscode.window.visibleTextEditors.filter(({ document }) => isNoteDocument(document)).map(({ document }) => document.uri.fsPath);
    void vscode.commands.executeCommand('setContext', contextKeys.openNotes, paths);
  };
  tell();
  return vscode.window.onDidChangeVisibleTextEditors(tell);
}
