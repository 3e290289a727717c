import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes `folder` where it is missing, and rejects where a link leads out of `root`: a repository cannot have files
 * written elsewhere. Both are absolute paths.
 */
export async function makeConfinedFolder(folder: string, root: string): Promise<void> {
  const base = await realpath(root);
  const prefix = base.endsWith(path.sep) ? base : base + path.sep;
  // Checked before anything is made: `mkdir` would follow a link as well.
  const existing = await nearestExisting(folder);
  if (existing !== base && !existing.startsWith(prefix)) {
    throw new Error(`${folder} leads out of ${root}.`);
  }
  await mkdir(folder, { recursive: true });
}

/** The real path of a folder, or of the nearest one above it that is there. */
async function nearestExisting(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    const above = path.dirname(folder);
    if (above === folder || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw error;
    }
    return nearestExisting(above);
  }
}
