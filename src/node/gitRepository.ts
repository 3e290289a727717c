import { constants } from 'node:fs';
import { lstat, mkdir, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';

/** A git repository as the rules of what it ignores need it. */
export interface GitRepository {
  /** The folder that is under version control. */
  readonly root: string;
  /** Where git keeps what all working trees of the repository share. */
  readonly directory: string;
}

/** Where a rule is written: for everybody who has the repository, or for this clone alone. */
export type IgnorePlace = 'gitignore' | 'exclude';

/** The repository that a folder lies in; undefined where it lies in none. */
export async function findRepository(folder: string): Promise<GitRepository | undefined> {
  for (let root = path.resolve(folder); ; root = path.dirname(root)) {
    const directory = await directoryAt(root);
    if (directory !== undefined) {
      return { root, directory };
    }
    if (root === path.dirname(root)) {
      return undefined;
    }
  }
}

/** git's own directory of a working tree: `.git`, or what a file of that name points to. https://git-scm.com/docs/gitrepository-layout */
async function directoryAt(root: string): Promise<string | undefined> {
  const dotGit = path.join(root, '.git');
  const kind = await stat(dotGit).catch(() => undefined);
  if (kind === undefined) {
    return undefined;
  }
  const pointed = kind.isDirectory() ? undefined : /^gitdir: (.+?)\s*$/m.exec(await readFile(dotGit, 'utf8'))?.[1];
  const own = kind.isDirectory() ? dotGit : pointed === undefined ? undefined : path.resolve(root, pointed);
  if (own === undefined || !(await exists(path.join(own, 'HEAD')))) {
    return undefined;
  }
  const common = (await readFile(path.join(own, 'commondir'), 'utf8').catch(() => '')).trim();
  return common === '' ? own : path.resolve(own, common);
}

/**
 * Whether git ignores a folder already, by the `.gitignore` files on the way to it and by `info/exclude`. Rules that a
 * person has for all repositories are not read.
 */
export async function isIgnored({ root, directory }: GitRepository, folder: string): Promise<boolean> {
  const inside = slashes(path.relative(root, folder));
  const places = [{ file: path.join(directory, 'info', 'exclude'), base: '' }];
  for (const parts = inside.split('/').slice(0, -1), above = [''];;) {
    places.push({ file: path.join(root, ...above, '.gitignore'), base: above.filter((part) => part !== '').map((part) => `${part}/`).join('') });
    const next = parts.shift();
    if (next === undefined) {
      break;
    }
    above.push(next);
  }
  let isIgnoredSoFar = false;
  for (const { file, base } of places) {
    const rules = await readFile(file, 'utf8').catch(() => '');
    const result = ignore().add(rules).test(`${inside.slice(base.length)}/`);
    isIgnoredSoFar = result.ignored || (isIgnoredSoFar && !result.unignored);
  }
  return isIgnoredSoFar;
}

/**
 * Adds a rule for a folder at the end of `.gitignore` or of `info/exclude`; what stands in the file stays as it is, and a
 * rule that is there already is not added again. Gives the path of the file. Rejects where it cannot be written, and
 * for a file that is a link: a repository cannot have other files written.
 */
export async function ignoreFolder({ root, directory }: GitRepository, folder: string, place: IgnorePlace): Promise<string> {
  const inside = slashes(path.relative(root, folder));
  if (inside === '' || /^\.\.(\/|$)/.test(inside) || path.isAbsolute(inside)) {
    throw new Error(`${folder} is not inside of ${root}.`);
  }
  const file = place === 'gitignore' ? path.join(root, '.gitignore') : path.join(directory, 'info', 'exclude');
  await mkdir(path.dirname(file), { recursive: true });
  if ((await lstat(file).catch(() => undefined))?.isSymbolicLink() === true) {
    throw new Error(`${file} is a link.`);
  }
  const rule = ruleOf(inside);
  const held = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return '';
    }
    throw error;
  });
  if (held.split(/\r?\n/).includes(rule)) {
    return file;
  }
  const lineEnd = held.includes('\r\n') ? '\r\n' : '\n';
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
  try {
    await handle.appendFile(`${held === '' || held.endsWith('\n') ? '' : lineEnd}${rule}${lineEnd}`);
  } finally {
    await handle.close();
  }
  return file;
}

/** The rule that means exactly this folder. https://git-scm.com/docs/gitignore#_pattern_format */
function ruleOf(inside: string): string {
  return `/${inside.replace(/[\\*?[\]]/g, '\\$&').replace(/ +$/, (spaces) => spaces.replaceAll(' ', '\\ '))}/`;
}

function slashes(relative: string): string {
  return relative.split(path.sep).join('/');
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
