import type { TextMatch, TextQuery } from './workspace';

/** An entry of a folder. Symbolic links are `other`: they are not followed when files are listed. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** What reading a file gives: its bytes, or its text where an editor holds it. */
export type FileContent =
  | { readonly bytes: Uint8Array }
  | { readonly text: string; readonly unsaved: boolean; readonly languageId?: string };

/** A match of a search in one folder; its path is relative to the folder. */
export type FolderMatch = TextMatch;

/**
 * The files of one workspace folder, read only. Paths are relative to it, with `/`, and were checked by their text
 * before; an implementation on a file system with symbolic links checks besides where they lead (`checkRealPath`).
 */
export interface FolderFiles {
  /**
   * Content of a file of at most `maxBytes` bytes. Rejects with `not-found`, `outside-workspace`, `secret-file` or
   * `file-too-large`.
   */
  read(path: string, maxBytes: number, signal: AbortSignal): Promise<FileContent>;
  /** What is directly in a folder, in any order; nothing where it cannot be read. */
  entries(path: string, signal: AbortSignal): Promise<readonly FolderEntry[]>;
  /**
   * Matches in the order of paths and lines, by a program that is faster than reading every file. `accepts` tells
   * which files may be searched. Gives undefined where there is no such program, or it cannot read the pattern.
   */
  search?(
    query: TextQuery,
    accepts: (path: string) => boolean,
    signal: AbortSignal,
  ): Promise<AsyncIterable<FolderMatch> | undefined>;
  /** Files whose text in an editor is newer than on disk. */
  unsavedPaths?(): readonly string[];
}
