import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStepwiseError } from '../../../src/core/errors';
import { runBounded } from '../../../src/node/bounded';
import { createNodeWorkspace } from '../../../src/node/workspace';
import { ripgrepOfVsCode, ripgrepOnPath } from '../../../src/node/ripgrep';
import type { WorkspacePort } from '../../../src/tools/workspace';
import { useInstalledGrammars } from '../../support/grammars';

const { signal } = new AbortController();
let base: string;
let root: string;
let workspace: WorkspacePort;

async function put(file: string, content: string | Uint8Array): Promise<void> {
  const full = path.join(base, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'accepted';
  } catch (error) {
    return isStepwiseError(error) ? error.code : String(error);
  }
}

beforeAll(async () => {
  useInstalledGrammars();
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'stepwise-workspace-')));
  root = path.join(base, 'project');
  await put('outside/elsewhere.txt', 'outside the workspace needle');
  await put('project/.gitignore', '*.log\n/build/\n!keep.log\n');
  await put('project/src/.gitignore', 'generated.ts\n');
  await put('project/src/app.ts', 'export function app(): number {\n  return helper(1); // needle\n}\n');
  await put('project/src/helper.ts', 'export function helper(x: number): number {\n  return x;\n}\nconst text = "helper";\n');
  await put('project/src/generated.ts', 'needle\n');
  await put('project/src/Upper.TS', 'NEEDLE\r\nsecond\r\n');
  await put('project/build/out.js', 'needle');
  await put('project/a.log', 'needle');
  await put('project/keep.log', 'needle kept');
  await put('project/node_modules/x/index.js', 'needle');
  await put('project/.github/ci.yml', 'needle: hidden folder\n');
  await put('project/.env', 'TOKEN=needle');
  await put('project/.git/config', 'needle');
  await put('project/private/notes.txt', 'needle');
  await put('project/binary.dat', new Uint8Array([1, 0, 2, 0]));
  await put('project/utf16.txt', new Uint8Array([0xff, 0xfe, 0x68, 0, 0x69, 0]));
  await put('project/latin.txt', new Uint8Array([0x63, 0x61, 0x66, 0xe9]));
  await put('project/bom.txt', '\ufeffhello');
  await put('project/wide.txt', 'é😀 needle\n');
  await symlink(path.join(base, 'outside'), path.join(root, 'linked'));
  await symlink(path.join(base, 'outside/elsewhere.txt'), path.join(root, 'linked.txt'));
  await symlink('../.env', path.join(root, 'src/innocent.txt'));
  await symlink('app.ts', path.join(root, 'src/alias.ts'));
  await symlink('missing.txt', path.join(root, 'dangling.txt'));
  await symlink('.', path.join(root, 'loop'));
  workspace = createNodeWorkspace([root], { secretPatterns: () => ['private/'] });
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('reading', () => {
  it('gives text with one kind of line end and the language', async () => {
    expect(await workspace.readText('src/app.ts', signal)).toMatchObject({ path: 'src/app.ts', languageId: 'typescript', unsaved: false });
    expect((await workspace.readText('src/Upper.TS', signal)).text).toBe('NEEDLE\nsecond\n');
  });

  it.each([['utf16.txt', 'hi'], ['latin.txt', 'café'], ['bom.txt', 'hello']])('decodes %s', async (file, text) => {
    expect((await workspace.readText(file, signal)).text).toBe(text);
  });

  it('follows a link that stays inside', async () => {
    expect((await workspace.readText('src/alias.ts', signal)).text).toContain('function app');
    expect((await workspace.readText('loop/src/app.ts', signal)).text).toContain('function app');
  });

  it.each([
    ['linked/elsewhere.txt', 'outside-workspace'],
    ['linked.txt', 'outside-workspace'],
    ['../outside/elsewhere.txt', 'outside-workspace'],
    ['src/innocent.txt', 'secret-file'],
    ['loop/.env', 'secret-file'],
    ['.env', 'secret-file'],
    ['.git/config', 'secret-file'],
    ['private/notes.txt', 'secret-file'],
    ['dangling.txt', 'not-found'],
    ['src/none.ts', 'not-found'],
    ['src', 'not-found'],
    ['', 'not-found'],
    ['src/app.ts/x', 'not-found'],
    ['binary.dat', 'binary-file'],
  ])('refuses %s: %s', async (file, code) => {
    expect(await codeOf(workspace.readText(file, signal))).toBe(code);
  });

  it('refuses an absolute path, even of a file inside', async () => {
    expect(await codeOf(workspace.readText(path.join(root, 'src/app.ts'), signal))).toBe('outside-workspace');
  });

  it('refuses a file that is too large', async () => {
    await put('project/huge.txt', 'x'.repeat(5_000_001));
    expect(await codeOf(workspace.readText('huge.txt', signal))).toBe('file-too-large');
    await rm(path.join(root, 'huge.txt'));
  });

  it('takes unsaved text first, also behind a link', async () => {
    const open = path.join(root, 'src/app.ts');
    const edited = createNodeWorkspace([root], {
      openDocuments: { textOf: (file) => (file === open ? { text: 'edited needle\r\n', unsaved: true, languageId: 'typescript' } : undefined), unsaved: () => [open] },
    });
    expect(await edited.readText('src/app.ts', signal)).toMatchObject({ text: 'edited needle\n', unsaved: true });
    expect((await edited.readText('src/alias.ts', signal)).text).toBe('edited needle\n');
    const { matches } = await edited.searchText({ pattern: 'edited', isRegex: false, caseSensitive: true, maxResults: 5 }, signal);
    expect(matches.map((match) => `${match.path}:${String(match.line)}`)).toEqual(['src/app.ts:1']);
  });

  it('stops when it is cancelled', async () => {
    const aborted = AbortSignal.abort();
    expect(await codeOf(workspace.readText('src/app.ts', aborted))).toBe('cancelled');
    expect(await codeOf(workspace.listFiles({ maxResults: 5 }, aborted))).toBe('cancelled');
    expect(await codeOf(workspace.searchText({ pattern: 'x', isRegex: false, caseSensitive: false, maxResults: 5 }, aborted))).toBe('cancelled');
  });
});

describe('listing', () => {
  const visible = [
    '.github/ci.yml', '.gitignore', 'binary.dat', 'bom.txt', 'keep.log', 'latin.txt', 'src/.gitignore', 'src/Upper.TS', 'src/app.ts', 'src/helper.ts',
    'utf16.txt', 'wide.txt',
  ];

  it('gives files in order, without ignored ones, secrets, packages and links', async () => {
    expect(await workspace.listFiles({ maxResults: 100 }, signal)).toEqual({ paths: visible, truncated: false });
  });

  it('matches globs against names and paths', async () => {
    const list = async (glob: string): Promise<readonly string[]> => (await workspace.listFiles({ glob, maxResults: 100 }, signal)).paths;
    expect(await list('*.ts')).toEqual(['src/app.ts', 'src/helper.ts']);
    expect(await list('src/**')).toEqual(['src/.gitignore', 'src/Upper.TS', 'src/app.ts', 'src/helper.ts']);
    expect(await list('./src/')).toEqual(['src/.gitignore', 'src/Upper.TS', 'src/app.ts', 'src/helper.ts']);
    expect(await list('*.{log,yml}')).toEqual(['.github/ci.yml', 'keep.log']);
    expect(await list('.env')).toEqual([]);
    expect(await list('../outside/**')).toEqual([]);
  });

  it('says when there is more', async () => {
    expect(await workspace.listFiles({ maxResults: 2 }, signal)).toEqual({ paths: visible.slice(0, 2), truncated: true });
  });

  it('puts folder names in front where there are several', async () => {
    const two = createNodeWorkspace([root, { path: path.join(base, 'outside'), name: 'other' }]);
    expect((await two.listFiles({ glob: 'other/*', maxResults: 10 }, signal)).paths).toEqual(['other/elsewhere.txt']);
    expect((await two.readText('other/elsewhere.txt', signal)).text).toContain('outside');
    expect(await codeOf(two.readText('project/linked.txt', signal))).toBe('outside-workspace');
  });

  it.runIf(process.getuid?.() !== 0)('passes over folders that may not be read', async () => {
    await put('project/locked/x.ts', '');
    await chmod(path.join(root, 'locked'), 0);
    expect((await workspace.listFiles({ glob: 'locked/**', maxResults: 5 }, signal)).paths).toEqual([]);
    await chmod(path.join(root, 'locked'), 0o755);
    await rm(path.join(root, 'locked'), { recursive: true });
  });
});

/** The same tests with and, where one is installed, without ripgrep. */
const programs: readonly (readonly [string, string | undefined])[] = [
  ['plain files', undefined],
  ...[process.env.STEPWISE_RIPGREP ?? ripgrepOnPath()].flatMap((program) => (program === undefined ? [] : [['ripgrep', program] as const])),
];

describe.each(programs)('searching with %s', (_name, ripgrepPath) => {
  let searched: WorkspacePort;
  beforeAll(() => {
    searched = createNodeWorkspace([root], { secretPatterns: () => ['private/'], ...(ripgrepPath === undefined ? {} : { ripgrepPath }) });
  });

  async function find(pattern: string, more: object = {}): Promise<readonly string[]> {
    const { matches } = await searched.searchText({ pattern, isRegex: false, caseSensitive: false, maxResults: 100, ...more }, signal);
    return matches.map((match) => `${match.path}:${String(match.line)}:${String(match.column)}`);
  }

  it('finds text in files that may be read, in order', async () => {
    expect(await find('needle')).toEqual(['.github/ci.yml:1:1', 'keep.log:1:1', 'src/Upper.TS:1:1', 'src/app.ts:2:24', 'wide.txt:1:5']);
  });

  it('regards case when asked to', async () => {
    expect(await find('NEEDLE', { caseSensitive: true })).toEqual(['src/Upper.TS:1:1']);
  });

  it('takes special characters as they are, or as a regular expression', async () => {
    expect(await find('helper(1)')).toEqual(['src/app.ts:2:10']);
    expect(await find('helper\\(\\d\\)', { isRegex: true })).toEqual(['src/app.ts:2:10']);
    expect(await find('^second$', { isRegex: true })).toEqual(['src/Upper.TS:2:1']);
    expect(await find('-e needle')).toEqual([]);
  });

  it('finds whole words, in the files of a glob', async () => {
    expect(await find('help', { wholeWord: true })).toEqual([]);
    expect(await find('helper', { wholeWord: true, include: 'src/h*.ts' })).toEqual(['src/helper.ts:1:17', 'src/helper.ts:4:15']);
  });

  it('understands what only JavaScript understands', async () => {
    expect(await find('(?<=return )helper', { isRegex: true })).toEqual(['src/app.ts:2:10']);
  });

  it('stops at the most results', async () => {
    const found = await searched.searchText({ pattern: 'needle', isRegex: false, caseSensitive: false, maxResults: 2 }, signal);
    expect(found.truncated).toBe(true);
    expect(found.matches.map((match) => match.path)).toEqual(['.github/ci.yml', 'keep.log']);
  });

  it('refuses what is no pattern', async () => {
    expect(await codeOf(find('(', { isRegex: true }))).toBe('bad-arguments');
    expect(await codeOf(find(''))).toBe('bad-arguments');
    expect(await codeOf(find('a\nb'))).toBe('bad-arguments');
  });
});

describe('a program that is no ripgrep', () => {
  it('is passed over', async () => {
    const odd = createNodeWorkspace([root], { ripgrepPath: path.join(root, 'src/app.ts') });
    const { matches } = await odd.searchText({ pattern: 'function app', isRegex: false, caseSensitive: true, maxResults: 5 }, signal);
    expect(matches.map((match) => match.path)).toEqual(['src/app.ts']);
  });

  it('is found where VS Code keeps it', async () => {
    const program = process.platform === 'win32' ? 'rg.exe' : 'rg';
    const place = `app/node_modules/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/${program}`;
    await put(place, '');
    expect(ripgrepOfVsCode(path.join(base, 'app'))).toBe(path.join(base, place));
    expect(ripgrepOfVsCode(path.join(base, 'other'))).toBeUndefined();
    expect(ripgrepOnPath(`relative${path.delimiter}${path.dirname(path.join(base, place))}`)).toBe(path.join(base, place));
  });
});

describe('a pattern that never ends', () => {
  it('is stopped', async () => {
    await put('project/long.txt', `${'a'.repeat(60)}b\n`);
    const started = performance.now();
    expect(await codeOf(workspace.searchText({ pattern: '^(a+)+$', isRegex: true, caseSensitive: true, include: 'long.txt', maxResults: 5 }, signal))).toBe('bad-arguments');
    expect(performance.now() - started).toBeLessThan(3000);
    await rm(path.join(root, 'long.txt'));
  });

  it('leaves other work as it is', () => {
    expect(runBounded(() => 42, 100)).toBe(42);
    expect(() => runBounded(() => { throw new RangeError('mine'); }, 100)).toThrow('mine');
  });
});

describe('knowledge of code', () => {
  it('gives symbols by syntax', async () => {
    const { symbols, knowledge } = await workspace.documentSymbols('src/app.ts', signal);
    expect(knowledge).toBe('syntax');
    expect(symbols).toEqual([{ name: 'app', kind: 'function', range: { startLine: 1, endLine: 3 }, children: [] }]);
  });

  it('gives references by syntax, without strings', async () => {
    const { references, knowledge } = await workspace.findReferences({ symbol: 'helper', path: 'src/helper.ts', maxResults: 10 }, signal);
    expect(knowledge).toBe('syntax');
    expect(references.map(({ path: file, line, isDefinition }) => ({ file, line, isDefinition }))).toEqual([
      { file: 'src/helper.ts', line: 1, isDefinition: true },
      { file: 'src/app.ts', line: 2, isDefinition: false },
    ]);
  });

  it('gives syntax errors, and says that it knows only those', async () => {
    await put('project/broken.py', 'def f(:\n    pass\n');
    const { diagnostics, knowledge } = await workspace.diagnostics('broken.py', signal);
    expect(knowledge).toBe('syntax');
    expect(diagnostics[0]).toMatchObject({ path: 'broken.py', range: { startLine: 1 }, severity: 'error' });
    await rm(path.join(root, 'broken.py'));
    expect((await workspace.diagnostics('src/app.ts', signal)).diagnostics).toEqual([]);
  });

  it('refuses symbols of a secret file', async () => {
    expect(await codeOf(workspace.documentSymbols('src/innocent.txt', signal))).toBe('secret-file');
    expect(await codeOf(workspace.findReferences({ symbol: 'x', path: 'linked.txt', maxResults: 5 }, signal))).toBe('outside-workspace');
  });
});
