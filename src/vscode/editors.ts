import * as vscode from 'vscode';

/**
 * Knows the text editor that the person worked in last, also while the panel or the chat has the focus: VS Code
 * names no active editor then.
 */
export class LastEditor implements vscode.Disposable {
  readonly #registration: vscode.Disposable;
  #last: vscode.TextEditor | undefined;

  constructor() {
    this.#last = vscode.window.activeTextEditor;
    this.#registration = vscode.window.onDidChangeActiveTextEditor((editor) => {
      this.#last = editor ?? this.#last;
    });
  }

  /** The active editor, else the last one while it can still be seen, else any that can be seen. */
  current(): vscode.TextEditor | undefined {
    const visible = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.scheme !== 'output');
    return vscode.window.activeTextEditor ?? visible.find((editor) => editor === this.#last) ?? visible[0];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
