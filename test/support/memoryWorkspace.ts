import { notFound } from '../../src/tools/paths';
import type { FolderEntry, FolderFiles } from '../../src/tools/folderFiles';
import type { CodeKnowledge } from '../../src/tools/folderWorkspace';
import { createFolderWorkspace } from '../../src/tools/folderWorkspace';
import type { WorkspacePort } from '../../src/tools/workspace';
import { StepwiseError } from '../../src/core/errors';

/** Text or bytes of each file by its path, relative to the folder, with `/`. */
export type MemoryFiles = Readonly<Record<string, string | Uint8Array>>;

export interface MemoryWorkspaceOptions {
  readonly secretPatterns?: readonly string[];
  readonly knowledge?: CodeKnowledge;
}

/** A workspace of one folder, `workspace`, whose files are in memory; paths are checked as in the real ones. */
export function memoryWorkspace(files: MemoryFiles, options: MemoryWorkspaceOptions = {}): WorkspacePort {
  return memoryWorkspaceOfFolders({ workspace: files }, options);
}

/** A workspace of several folders in memory, by name. */
export function memoryWorkspaceOfFolders(
  folders: Readonly<Record<string, MemoryFiles>>,
  options: MemoryWorkspaceOptions = {},
): WorkspacePort {
  const parts = Object.entries(folders).map(([name, files]) => ({ name, files: memoryFiles(files) }));
  return createFolderWorkspace({
    folders: () => parts,
    secretPatterns: () => options.secretPatterns ?? [],
    ...(options.knowledge === undefined ? {} : { knowledge: options.knowledge }),
  });
}

function memoryFiles(files: MemoryFiles): FolderFiles {
  return {
    read(path, maxBytes) {
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content === undefined) {
        return Promise.reject(notFound(path));
      }
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return bytes.length > maxBytes
        ? Promise.reject(new StepwiseError('file-too-large', `${path} is too large.`))
        : Promise.resolve({ bytes });
    },
    entries(path) {
      const base = path === '' ? '' : `${path}/`;
      const entries = new Map<string, FolderEntry>();
      for (const file of Object.keys(files)) {
        if (file.startsWith(base)) {
          const [name = '', ...below] = file.slice(base.length).split('/');
          entries.set(name, { name, kind: below.length === 0 ? 'file' : 'folder' });
        }
      }
      return Promise.resolve([...entries.values()]);
    },
  };
}
