import * as vscode from 'vscode';
import { runBounded } from '../node/bounded';
import type { OpenDocuments } from '../node/folderFiles';
import { createFolderFiles } from '../node/folderFiles';
import { ripgrepOfVsCode, ripgrepOnPath } from '../node/ripgrep';
import type { FolderFiles } from '../tools/folderFiles';
import type { WorkspaceFolder } from '../tools/folderWorkspace';
import { createFolderWorkspace } from '../tools/folderWorkspace';
import type { WorkspacePort } from '../tools/workspace';
import { createProvidedKnowledge } from './providedKnowledge';
import { createVirtualFiles } from './virtualFiles';

export interface VSCodeWorkspaceOptions {
  /** Further globs of files that hold secrets; asked at each call. */
  readonly secretPatterns: () => readonly string[];
}

/**
 * The workspace of this window: what is open and unsaved first, then the files, on disk or in a virtual file
 * system. Symbols, references and diagnostics come from language extensions, and from the syntax trees where none
 * answers.
 */
export function createVSCodeWorkspace(options: VSCodeWorkspaceOptions): WorkspacePort {
  const ripgrepPath = ripgrepOfVsCode(vscode.env.appRoot) ?? ripgrepOnPath();
  const filesByFolder = new Map<string, FolderFiles>();
  const filesOf = (uri: vscode.Uri): FolderFiles => {
    const key = uri.toString();
    let files = filesByFolder.get(key);
    if (files === undefined) {
      files = uri.scheme === 'file' ? localFiles(uri, options, ripgrepPath) : createVirtualFiles(uri);
      filesByFolder.set(key, files);
    }
    return files;
  };
  return createFolderWorkspace({
    folders: () => workspaceFolders().map(({ name, uri }): WorkspaceFolder => ({ name, files: filesOf(uri) })),
    secretPatterns: options.secretPatterns,
    runBounded,
    knowledge: createProvidedKnowledge((folder) => workspaceFolders()[folder]?.uri),
  });
}

function workspaceFolders(): readonly vscode.WorkspaceFolder[] {
  return vscode.workspace.workspaceFolders ?? [];
}

function localFiles(uri: vscode.Uri, options: VSCodeWorkspaceOptions, ripgrepPath: string | undefined): FolderFiles {
  return createFolderFiles(uri.fsPath, {
    secretPatterns: options.secretPatterns,
    openDocuments,
    ...(ripgrepPath === undefined ? {} : { ripgrepPath }),
  });
}

const openDocuments: OpenDocuments = {
  textOf(file) {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.scheme === 'file' && open.uri.fsPath === file);
    return document === undefined
      ? undefined
      : { text: document.getText(), unsaved: document.isDirty, languageId: document.languageId };
  },
  unsaved: () =>
    vscode.workspace.textDocuments.flatMap((open) => (open.isDirty && open.uri.scheme === 'file' ? [open.uri.fsPath] : [])),
};
