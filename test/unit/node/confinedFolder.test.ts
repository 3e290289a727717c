import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeConfinedFolder } from '../../../src/node/confinedFolder';

describe('makeConfinedFolder', () => {
  let base = '';
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'stepwise-confined-'));
    await mkdir(path.join(base, 'workspace'));
    await mkdir(path.join(base, 'elsewhere'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('makes folders inside', async () => {
    const folder = path.join(base, 'workspace', 'docs', '.reasoning');
    await makeConfinedFolder(folder, path.join(base, 'workspace'));
    expect((await stat(folder)).isDirectory()).toBe(true);
    await makeConfinedFolder(folder, path.join(base, 'workspace'));
  });

  it('refuses a link that leads out, and makes nothing behind it', async () => {
    await symlink(path.join(base, 'elsewhere'), path.join(base, 'workspace', '.reasoning'));
    const root = path.join(base, 'workspace');
    await expect(makeConfinedFolder(path.join(root, '.reasoning'), root)).rejects.toThrow('leads out');
    await expect(makeConfinedFolder(path.join(root, '.reasoning', 'deep'), root)).rejects.toThrow('leads out');
    await expect(stat(path.join(base, 'elsewhere', 'deep'))).rejects.toThrow('ENOENT');
    await expect(makeConfinedFolder(path.join(base, 'workspace-2'), root)).rejects.toThrow('leads out');
  });

  it('takes a workspace that is reached through a link itself', async () => {
    await symlink(path.join(base, 'workspace'), path.join(base, 'link'));
    await makeConfinedFolder(path.join(base, 'link', '.reasoning'), path.join(base, 'link'));
    expect((await stat(path.join(base, 'workspace', '.reasoning'))).isDirectory()).toBe(true);
  });
});
