import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlaybookFile } from '../app/playbookStore';

/** Largest playbook that is read, in characters. */
const longestPlaybook = 500_000;

/**
 * The file `playbook.md` in `folder`, which lies in the workspace folder `root`. A link that leads out of the root is
 * refused, so that a repository can neither show a file from elsewhere nor have one written over.
 */
export function createPlaybookFile(folder: string, root: string): PlaybookFile {
  const file = path.join(folder, 'playbook.md');
  return {
    async read() {
      const real = await realpath(file).catch(undefinedIfMissing);
      if (real === undefined) {
        return '';
      }
      checkInside(real, await realpath(root));
      const text = await readFile(real, 'utf8');
      if (text.length > longestPlaybook) {
        throw new Error(`${file} has more than ${String(longestPlaybook)} characters.`);
      }
      return text;
    },
    async write(text) {
      await mkdir(folder, { recursive: true });
      checkInside(await realpath(folder), await realpath(root));
      // A rename puts the new text there at once, and replaces a link instead of following it.
      const fresh = path.join(folder, `.${randomUUID()}.tmp`);
      try {
        await writeFile(fresh, text, { flag: 'wx' });
        await rename(fresh, file);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    },
  };
}

function checkInside(real: string, root: string): void {
  if (!real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) {
    throw new Error(`${real} lies outside of ${root}.`);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return undefined;
  }
  throw error;
}
