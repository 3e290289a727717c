import { open } from 'node:fs/promises';

/** Bytes that are read at first: nearly every front matter is shorter. */
const usualBytes = 4_096;
/** Bytes in which it must end; no more is read of any file. */
const mostBytes = 65_536;

/** The beginning of a file with as much of it as its front matter takes, or what of it can be one. Rejects as `open` does. */
export async function readNoteHead(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(mostBytes);
    let length = 0;
    for (const limit of [usualBytes, mostBytes]) {
      length += (await file.read(buffer, length, limit - length, length)).bytesRead;
      const text = buffer.toString('utf8', 0, length);
      if (length < limit || !/^\ufeff?---\r?\n/.test(text) || /\n---(?:\r?\n|$)/.test(text)) {
        return text;
      }
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    await file.close();
  }
}
