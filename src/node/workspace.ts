import path from 'node:path';
import type { WorkspacePort } from '../tools/workspace';
import { createFolderWorkspace } from '../tools/folderWorkspace';
import { runBounded } from './bounded';
import type { FolderFilesOptions } from './folderFiles';
import { createFolderFiles } from './folderFiles';

/** A folder of a workspace on this machine. */
export interface NodeFolder {
  /** Absolute path. */
  readonly path: string;
  /** As paths begin with it where there are several folders; the folder's own name if left out. */
  readonly name?: string;
}

/**
 * The workspace as plain Node sees it: files on disk, ripgrep where `ripgrepPath` names it, symbols, references and
 * diagnostics by the syntax trees (set the grammars' place with `setGrammarSource`).
 */
export function createNodeWorkspace(folders: readonly (string | NodeFolder)[], options: FolderFilesOptions = {}): WorkspacePort {
  const named = folders.map((folder) => (typeof folder === 'string' ? { path: folder } : folder));
  const parts = named.map((folder) => ({
    name: folder.name ?? path.basename(path.resolve(folder.path)),
    files: createFolderFiles(folder.path, options),
  }));
  return createFolderWorkspace({
    folders: () => parts,
    runBounded,
    ...(options.secretPatterns === undefined ? {} : { secretPatterns: options.secretPatterns }),
  });
}
