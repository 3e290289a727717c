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

  /** The active editor, else the last one while it can still be seen, else any that can be seen, else the last one while its tab is open. */
  current(): vscode.TextEditor | undefined {
    const visible = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.scheme !== 'output');
    return vscode.window.activeTextEditor ?? visible.find((editor) => editor === this.#last) ?? visible[0] ?? this.#covered();
  }

  /** The last editor behind another tab of its group. */
  #covered(): vscode.TextEditor | undefined {
    const uri = this.#last?.document.uri.toString();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    return tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri) ? this.#last : undefined;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
