import { appendFile, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NoteFiles } from '../app/notes';

/**
 * Notes in a folder of this machine. `root` is the workspace folder that holds it: a link that leads out of it is
 * refused, so that a repository cannot have notes written elsewhere.
 */
export function createNoteFiles(folder: string, root?: string): NoteFiles {
  return {
    async create(name, text) {
      await mkdir(folder, { recursive: true });
      await checkInside(folder, root);
      try {
        await writeFile(path.join(folder, name), text, { flag: 'wx' });
        return 'created';
      } catch (error) {
        if (hasCode(error, 'EEXIST')) {
          return 'exists';
        }
        throw error;
      }
    },
    append: (name, text) => appendFile(path.join(folder, name), text),
    async read(name) {
      try {
        return await readFile(path.join(folder, name), 'utf8');
      } catch (error) {
        if (hasCode(error, 'ENOENT')) {
          return undefined;
        }
        throw error;
      }
    },
    async replace(name, text) {
      // A rename is atomic: whoever reads the note, also after a crash, sees the old text or the new one.
      const fresh = path.join(folder, `.${name}.${String(process.pid)}.new`);
      try {
        await writeFile(fresh, text, { flag: 'wx' });
        await rename(fresh, path.join(folder, name));
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    },
  };
}

async function checkInside(folder: string, root: string | undefined): Promise<void> {
  if (root === undefined) {
    return;
  }
  const [real, base] = await Promise.all([realpath(folder), realpath(root)]);
  if (!real.startsWith(base.endsWith(path.sep) ? base : base + path.sep)) {
    throw new Error(`${folder} leads out of ${root}.`);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
