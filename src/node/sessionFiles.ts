import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionFiles } from '../app/sessions';

const extension = '.jsonl';

/** Sessions as files of one folder, readable by their owner alone; the folder is made when it is first needed. */
export function createSessionFiles(folder: string): SessionFiles {
  const pathOf = (id: string): string => join(folder, `${id}${extension}`);
  return {
    async ids() {
      const names = await readdir(folder).catch(emptyIfMissing);
      return names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length));
    },
    async read(id) {
      return await readFile(pathOf(id), 'utf8').catch((error: unknown) => {
        emptyIfMissing(error);
        return '';
      });
    },
    async append(id, lines) {
      try {
        await appendFile(pathOf(id), lines, { mode: 0o600 });
      } catch (error) {
        emptyIfMissing(error);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await appendFile(pathOf(id), lines, { mode: 0o600 });
      }
    },
    async replace(id, text) {
      const fresh = join(folder, `.${randomUUID()}.tmp`);
      try {
        await writeFile(fresh, text, { mode: 0o600, flag: 'wx' });
        await rename(fresh, pathOf(id));
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    },
    async remove(id) {
      await rm(pathOf(id), { force: true });
    },
  };
}

function emptyIfMissing(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
