import ignore, { type Ignore } from 'ignore';
import { decodeText } from './decode';
import type { FolderEntry, FolderFiles } from './folderFiles';
import { excludedFolders } from './globs';

/** Ignore files, the one that wins last. */
const ignoreFiles = ['.gitignore', '.ignore'] as const;
const maxIgnoreBytes = 500_000;

interface Rules {
  /** Folder of the ignore files, empty for the root, else with a `/` at its end. */
  readonly base: string;
  readonly matcher: Ignore;
}

/**
 * The files below `folder`, depth first in the order of their names, so that an early stop gives the first ones.
 * Left out: what the ignore files on the way say, the folders that are never of interest, symbolic links, and what
 * `isHidden` says. Ends early, without an error, once `signal` is aborted.
 */
export async function* walkFiles(
  files: FolderFiles,
  isHidden: (path: string) => boolean,
  signal: AbortSignal,
  folder = '',
  inherited: readonly Rules[] = [],
): AsyncGenerator<string, void, undefined> {
  if (signal.aborted) {
    return;
  }
  const base = folder === '' ? '' : `${folder}/`;
  const entries = await files.entries(folder, signal);
  const own = await rulesOf(files, base, entries, signal);
  const rules = own === undefined ? inherited : [...inherited, own];
  const isAborted = (): boolean => signal.aborted;
  for (const { name, kind } of [...entries].sort((first, second) => (first.name < second.name ? -1 : 1))) {
    if (isAborted()) {
      return;
    }
    const path = base + name;
    if (kind === 'other' || isHidden(path) || isIgnored(path, kind === 'folder', rules)) {
      continue;
    }
    if (kind === 'file') {
      yield path;
    } else if (!excludedFolders.has(name)) {
      yield* walkFiles(files, isHidden, signal, path, rules);
    }
  }
}

async function rulesOf(
  files: FolderFiles,
  base: string,
  entries: readonly FolderEntry[],
  signal: AbortSignal,
): Promise<Rules | undefined> {
  const present = ignoreFiles.filter((name) => entries.some((entry) => entry.name === name && entry.kind === 'file'));
  if (present.length === 0) {
    return undefined;
  }
  const matcher = ignore({ ignorecase: false });
  for (const name of present) {
    try {
      const content = await files.read(base + name, maxIgnoreBytes, signal);
      matcher.add('text' in content ? content.text : (decodeText(content.bytes) ?? ''));
    } catch {
      // An ignore file that cannot be read ignores nothing, as with git.
    }
  }
  return { base, matcher };
}

/** The innermost ignore file that says anything decides. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { base, matcher } of rules.toReversed()) {
    const { ignored, unignored } = matcher.test(path.slice(base.length) + (isFolder ? '/' : ''));
    if (ignored || unignored) {
      return ignored;
    }
  }
  return false;
}
