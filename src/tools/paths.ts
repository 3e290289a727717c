import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { SecretPolicy } from './secrets';

/** A path that was checked: its folder (an index into the list of folders) and the rest, with `/`. */
export interface CheckedPath {
  readonly folder: number;
  /** Relative to the folder; empty for the folder itself. Without `.` and `..`. */
  readonly relative: string;
  /** As tools give it: with the folder's name in front where there are several. */
  readonly path: string;
}

/**
 * Checks a path that a model gave, by its text alone: a relative path that stays in its workspace folder and is
 * no secret. What lies behind symbolic links is the implementation's to check, by `checkRealPath`. Throws
 * `no-workspace`, `outside-workspace`, `secret-file` or `not-found` (a folder name that is none).
 */
export function checkPath(input: string, folders: readonly string[], secrets: SecretPolicy): CheckedPath {
  if (folders.length === 0) {
    throw new StepwiseError('no-workspace', t('No folder is open. Open a folder first.'), { remedy: 'open-folder' });
  }
  const parts = splitInside(input);
  const folder = folders.length === 1 ? 0 : folders.indexOf(parts[0] ?? '');
  if (folder === -1) {
    throw new StepwiseError(
      'not-found',
      t('{0} names no workspace folder. Begin the path with one of: {1}.', shown(input), folders.join(', ')),
    );
  }
  const relative = (folders.length === 1 ? parts : parts.slice(1)).join('/');
  if (secrets.isSecret(relative)) {
    throw secretFile(input);
  }
  return { folder, relative, path: toolPath(folders, folder, relative) };
}

/** The path of a file as tools give it. */
export function toolPath(folders: readonly string[], folder: number, relative: string): string {
  return folders.length === 1 ? relative : [folders[folder] ?? '', relative].filter((part) => part !== '').join('/');
}

/**
 * Checks where a path really leads, links resolved: `real` and `root` are absolute, in the notation of the file
 * system, `separator` parts them. Throws `outside-workspace` or `secret-file`.
 */
export function checkRealPath(real: string, root: string, separator: string, input: string, secrets: SecretPolicy): void {
  const base = root.endsWith(separator) ? root : root + separator;
  if (real !== root && !real.startsWith(base)) {
    throw outside(input);
  }
  if (secrets.isSecret(real.slice(base.length).split(separator).join('/'))) {
    throw secretFile(input);
  }
}

function splitInside(input: string): readonly string[] {
  const path = input.trim().replaceAll('\\', '/');
  // A colon covers schemes, drive letters and the streams of NTFS.
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (path.startsWith('/') || path.startsWith('~') || /[:\u0000-\u001f\u007f]/.test(path)) {
    throw outside(input);
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  // Windows drops dots and spaces at the end of a name, so `.. ` and `...` are refused as `..` is.
  if (parts.some((part) => /^\.\.[. ]*$|^\. [. ]*$/.test(part))) {
    throw outside(input);
  }
  return parts;
}

/** The error for a path that leaves the workspace. */
export function outside(input: string): StepwiseError {
  return new StepwiseError('outside-workspace', t('{0} is not inside the workspace. Only files of the workspace can be read.', shown(input)));
}

/** The error for a file that holds secrets. */
export function secretFile(input: string): StepwiseError {
  return new StepwiseError('secret-file', t('{0} may hold secrets, so it is not read.', shown(input)));
}

/** The error for a file that is not there. */
export function notFound(path: string, cause?: unknown): StepwiseError {
  return new StepwiseError('not-found', t('There is no file {0}.', shown(path)), cause === undefined ? {} : { cause });
}

/** A path for a message: without control characters, cut where it is absurdly long. */
function shown(input: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  const clean = input.replace(/[\u0000-\u001f\u007f]/g, '\ufffd');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
