import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { FileContent, FolderEntry, FolderFiles, FolderMatch } from '../tools/folderFiles';
import { checkRealPath, notFound } from '../tools/paths';
import type { SecretPolicy } from '../tools/secrets';
import { secretPolicyOf } from '../tools/secrets';
import type { TextQuery } from '../tools/workspace';
import { canSearch, searchWithRipgrep } from './ripgrep';

/** Text of documents that are open in an editor. Paths are absolute, as the file system writes them. */
export interface OpenDocuments {
  /** The text of an open document; undefined where the file is not open. */
  textOf(file: string): { readonly text: string; readonly unsaved: boolean; readonly languageId: string } | undefined;
  /** Documents whose text is newer than on disk. */
  unsaved(): readonly string[];
}

export interface FolderFilesOptions {
  readonly secretPatterns?: () => readonly string[];
  readonly openDocuments?: OpenDocuments;
  /** An executable that is ripgrep; files are read one by one where it is left out. */
  readonly ripgrepPath?: string;
}

/**
 * The files below `root`, an absolute path. Symbolic links may lead to other places in the folder; one that leaves
 * it, or ends in a file with secrets, is refused.
 */
export function createFolderFiles(root: string, options: FolderFilesOptions = {}): FolderFiles {
  return new DiskFiles(root, options);
}

class DiskFiles implements FolderFiles {
  readonly #root: string;
  readonly #options: FolderFilesOptions;
  readonly #secrets: () => SecretPolicy;

  constructor(root: string, options: FolderFilesOptions) {
    this.#root = path.resolve(root);
    this.#options = options;
    this.#secrets = secretPolicyOf(options.secretPatterns);
  }

  async read(relative: string, maxBytes: number): Promise<FileContent> {
    const { real, lexical } = await this.#resolve(relative);
    const documents = this.#options.openDocuments;
    const open = documents?.textOf(lexical) ?? documents?.textOf(real);
    return open ?? { bytes: await readBytes(real, relative, maxBytes) };
  }

  async entries(relative: string): Promise<readonly FolderEntry[]> {
    try {
      const { real } = await this.#resolve(relative);
      const entries = await readdir(real, { withFileTypes: true });
      return entries.map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
      }));
    } catch {
      // A folder that went away, or may not be read, has nothing to show; the rest of the workspace has.
      return [];
    }
  }

  unsavedPaths(): readonly string[] {
    return (this.#options.openDocuments?.unsaved() ?? []).flatMap((file) => {
      const relative = path.relative(this.#root, file);
      const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
      return isInside ? [relative.split(path.sep).join('/')] : [];
    });
  }

  async search(
    query: TextQuery,
    accepts: (path: string) => boolean,
    signal: AbortSignal,
  ): Promise<AsyncIterable<FolderMatch> | undefined> {
    const { ripgrepPath } = this.#options;
    return ripgrepPath !== undefined && (await canSearch(ripgrepPath, query, signal))
      ? searchWithRipgrep(ripgrepPath, this.#root, query, accepts, signal)
      : undefined;
  }

  /** Where a path leads, links resolved, and where it lies by its name. Rejects where it leads out of the folder. */
  async #resolve(relative: string): Promise<{ readonly real: string; readonly lexical: string }> {
    const lexical = path.join(this.#root, ...relative.split('/'));
    let root: string;
    let real: string;
    try {
      [root, real] = await Promise.all([realpath(this.#root), realpath(lexical)]);
    } catch (error) {
      throw notFound(relative, error);
    }
    checkRealPath(real, root, path.sep, relative, this.#secrets());
    return { real, lexical };
  }
}

async function readBytes(file: string, shown: string, maxBytes: number): Promise<Uint8Array> {
  let handle;
  try {
    // The path was resolved: a link that has been put in its place since then is not followed.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    throw notFound(shown, error);
  }
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      throw new StepwiseError('not-found', t('{0} is a folder. Choose a file.', shown));
    }
    if (!stat.isFile()) {
      throw new StepwiseError('binary-file', t('{0} is not a text file. Choose a file with code.', shown));
    }
    if (stat.size > maxBytes) {
      throw new StepwiseError('file-too-large', t('{0} is too large to be read ({1} bytes, at most {2}).', shown, stat.size, maxBytes));
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
