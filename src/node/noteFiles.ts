import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoteFiles } from '../app/notes';

/** Notes as files of one folder, which is made when the first note is. */
export function createNoteFiles(folder: string): NoteFiles {
  const pathOf = (name: string): string => join(folder, name);
  return {
    async create(name, text) {
      await mkdir(folder, { recursive: true });
      try {
        // `wx` fails where there is something of that name, a link included.
        await writeWhole(pathOf(name), text);
        return 'created';
      } catch (error) {
        if (hasCode(error, 'EEXIST')) {
          return 'exists';
        }
        throw error;
      }
    },
    async append(name, text) {
      await appendFile(pathOf(name), text);
    },
    async read(name) {
      try {
        return await readFile(pathOf(name), 'utf8');
      } catch (error) {
        if (hasCode(error, 'ENOENT')) {
          return undefined;
        }
        throw error;
      }
    },
    async replace(name, text) {
      const fresh = pathOf(`.${randomUUID()}.tmp`);
      try {
        await writeWhole(fresh, text);
        await rename(fresh, pathOf(name));
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    },
  };
}

/** Writes a new file, `EEXIST` where there is one, and waits until the system has it, so that a rename cannot come before its content. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    // Half a note would keep its name from the next try.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
