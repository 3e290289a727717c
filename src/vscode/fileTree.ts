import * as vscode from 'vscode';

/** A folder of the workspace with the listed files in it, as the chat shows it. */
export interface ListedFolder {
  readonly base: vscode.Uri;
  readonly tree: vscode.ChatResponseFileTree[];
}

/** Most files that a chat lists: longer lists are read in the panel. */
const maxFiles = 200;

/** Listed files as trees, one for each workspace folder, folders before files. Paths that name no file of the workspace are left out. */
export function fileTrees(paths: Iterable<string>, fileOfPath: (path: string) => vscode.Uri | undefined): readonly ListedFolder[] {
  const roots = new Map<string, { readonly base: vscode.Uri; readonly names: string[][] }>();
  for (const path of [...new Set(paths)].slice(0, maxFiles)) {
    const uri = fileOfPath(path);
    const folder = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
    if (uri !== undefined && folder !== undefined) {
      const key = folder.uri.toString();
      const root = roots.get(key) ?? { base: folder.uri, names: [] };
      root.names.push(uri.path.slice(folder.uri.path.length).split('/').filter((name) => name !== ''));
      roots.set(key, root);
    }
  }
  return [...roots.values()].map(({ base, names }) => ({ base, tree: treeOf(names) }));
}

function treeOf(files: readonly (readonly string[])[]): vscode.ChatResponseFileTree[] {
  const folders = new Map<string, (readonly string[])[]>();
  const leaves = new Set<string>();
  for (const [name, ...rest] of files) {
    if (name !== undefined && rest.length > 0) {
      folders.set(name, [...(folders.get(name) ?? []), rest]);
    } else if (name !== undefined) {
      leaves.add(name);
    }
  }
  return [
    ...[...folders].sort(byName).map(([name, inner]) => ({ name, children: treeOf(inner) })),
    ...[...leaves].sort().map((name) => ({ name })),
  ];
}

function byName([first]: readonly [string, unknown], [second]: readonly [string, unknown]): number {
  return first < second ? -1 : 1;
}
