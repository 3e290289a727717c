import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRepository, ignoreFolder, isIgnored } from '../../../src/node/gitRepository';
import type { GitRepository } from '../../../src/node/gitRepository';

let folder: string;
let root: string;

function git(cwd: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** What git itself says. */
function gitIgnores(path: string, cwd = root): boolean {
  try {
    git(cwd, 'check-ignore', '-q', path);
    return true;
  } catch {
    return false;
  }
}

async function repository(): Promise<GitRepository> {
  const found = await findRepository(root);
  expect(found).toBeDefined();
  return found!;
}

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'stepwise-git-')));
  root = join(folder, 'project');
  await mkdir(root);
  git(root, 'init', '-q');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('findRepository', () => {
  it('finds the repository of a folder, also from a folder in it', async () => {
    await mkdir(join(root, 'packages', 'one'), { recursive: true });
    const expected = { root, directory: join(root, '.git') };
    expect(await findRepository(root)).toEqual(expected);
    expect(await findRepository(join(root, 'packages', 'one'))).toEqual(expected);
  });

  it('finds none outside of one, and none where .git is something else', async () => {
    expect(await findRepository(folder)).toBeUndefined();
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, '.git'), 'gitdir: ../nowhere\n');
    expect(await findRepository(other)).toBeUndefined();
  });

  it('finds what the working trees of a repository share', async () => {
    await writeFile(join(root, 'a'), '');
    git(root, 'add', 'a');
    git(root, 'commit', '-q', '-m', 'a');
    git(root, 'worktree', 'add', '-q', '../tree');
    const tree = join(folder, 'tree');
    expect(await findRepository(tree)).toEqual({ root: tree, directory: join(root, '.git') });
  });
});

describe('ignoreFolder', () => {
  it.each(['gitignore', 'exclude'] as const)('makes git ignore the notes by %s, and appends only', async (place) => {
    const file = place === 'gitignore' ? join(root, '.gitignore') : join(root, '.git', 'info', 'exclude');
    await writeFile(file, '# mine\n*.log');
    expect(await isIgnored(await repository(), join(root, '.reasoning'))).toBe(false);
    expect(await ignoreFolder(await repository(), join(root, '.reasoning'), place)).toBe(file);
    expect(await readFile(file, 'utf8')).toBe('# mine\n*.log\n/.reasoning/\n');
    expect(gitIgnores('.reasoning/a.md')).toBe(true);
    expect(gitIgnores('other/.reasoning/a.md')).toBe(false);
    expect(await isIgnored(await repository(), join(root, '.reasoning'))).toBe(true);
    await ignoreFolder(await repository(), join(root, '.reasoning'), place);
    expect(await readFile(file, 'utf8')).toBe('# mine\n*.log\n/.reasoning/\n');
  });

  it('makes the file where there is none, and keeps Windows line ends', async () => {
    await rm(join(root, '.git', 'info'), { recursive: true });
    const file = await ignoreFolder(await repository(), join(root, '.reasoning'), 'exclude');
    expect(await readFile(file, 'utf8')).toBe('/.reasoning/\n');
    await writeFile(join(root, '.gitignore'), 'dist\r\n');
    await ignoreFolder(await repository(), join(root, '.reasoning'), 'gitignore');
    expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe('dist\r\n/.reasoning/\r\n');
  });

  it('means exactly the folder, whatever characters its name has', async () => {
    const names = ['docs/notes', 'a [b] c*', '!important', '#tag', 'end '];
    for (const name of names) {
      await ignoreFolder(await repository(), join(root, name), 'exclude');
    }
    for (const name of names) {
      expect(gitIgnores(`${name}/a.md`), name).toBe(true);
    }
    expect(gitIgnores('a b c/a.md')).toBe(false);
  });

  it('works in a further working tree', async () => {
    await writeFile(join(root, 'a'), '');
    git(root, 'add', 'a');
    git(root, 'commit', '-q', '-m', 'a');
    git(root, 'worktree', 'add', '-q', '../tree');
    const tree = join(folder, 'tree');
    await ignoreFolder((await findRepository(tree))!, join(tree, '.reasoning'), 'exclude');
    expect(gitIgnores('.reasoning/a.md', tree)).toBe(true);
  });

  it('writes through no link, and for no folder outside', async () => {
    const outside = join(folder, 'outside');
    await writeFile(outside, 'x');
    await symlink(outside, join(root, '.gitignore'));
    await expect(ignoreFolder(await repository(), join(root, '.reasoning'), 'gitignore')).rejects.toThrow('link');
    expect(await readFile(outside, 'utf8')).toBe('x');
    await expect(ignoreFolder(await repository(), folder, 'exclude')).rejects.toThrow('not inside');
  });
});

describe('isIgnored', () => {
  it('agrees with git on rules of every level', async () => {
    await mkdir(join(root, 'pkg', 'deep'), { recursive: true });
    await writeFile(join(root, '.gitignore'), '.reasoning\n');
    await writeFile(join(root, 'pkg', '.gitignore'), '!.reasoning\ndeep/notes\n');
    for (const inside of ['.reasoning', 'pkg/.reasoning', 'pkg/deep/notes', 'pkg/deep/other', 'pkg/deep/.reasoning']) {
      await mkdir(join(root, inside), { recursive: true });
      expect(await isIgnored(await repository(), join(root, inside)), inside).toBe(gitIgnores(inside));
    }
  });
});
