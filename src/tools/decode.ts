import { normalizeNewlines } from '../core/text';

/** Largest file that is read as a whole, in bytes. */
export const maxFileBytes = 5_000_000;

/**
 * Bytes of a file as text with `\n` as the line end, or undefined where they are none: a zero byte among the first
 * 8,000, as git decides it. UTF-8 and UTF-16 by their byte order mark, else UTF-8, else (bytes that are no UTF-8)
 * Windows-1252, in which every byte stands for something.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const encoding = encodingByMark(bytes);
  if (encoding === undefined && bytes.subarray(0, 8000).includes(0)) {
    return undefined;
  }
  return normalizeNewlines(decode(bytes, encoding));
}

function decode(bytes: Uint8Array, encoding: string | undefined): string {
  if (encoding !== undefined) {
    return new TextDecoder(encoding).decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function encodingByMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return 'utf-16le';
  }
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}
