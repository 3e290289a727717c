import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A new token: 256 bits that nobody guesses, fit for a header. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The token in `file`, which its owner alone can read; made where there is none. Rejects where what is there is no token. */
export async function readOrMakeToken(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const token = newToken();
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${token}\n`);
    } finally {
      await handle.close();
    }
    return token;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
  }
  // Somebody may have copied the file about; on Windows the profile folder protects it.
  await chmod(file, 0o600);
  const kept = (await readFile(file, 'utf8')).trim();
  if (!/^[\w-]{32,}$/.test(kept)) {
    throw new Error(`${file} holds no token. Delete it to have a new one made.`);
  }
  return kept;
}
