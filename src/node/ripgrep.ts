import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { excludedFolders } from '../tools/globs';
import type { FolderMatch } from '../tools/folderFiles';
import { clipLine } from '../tools/textSearch';
import type { TextQuery } from '../tools/workspace';

const program = process.platform === 'win32' ? 'rg.exe' : 'rg';
const target = `${process.platform}-${process.arch}`;

/** Where VS Code keeps ripgrep below its app root: since 1.122 one package for all platforms, before that others. */
const placesInVsCode = ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
  `${modules}/@vscode/ripgrep-universal/bin/${target}/${program}`,
  `${modules}/@vscode/ripgrep/bin/${program}`,
  `${modules}/@vscode/ripgrep-${target}/bin/${program}`,
  `${modules}/@vscode/ripgrep/bin/${target}/${program}`,
  `${modules}/vscode-ripgrep/bin/${program}`,
]);

/** The ripgrep that a VS Code brings; `appRoot` is `vscode.env.appRoot`. Undefined where it has none that we know. */
export function ripgrepOfVsCode(appRoot: string): string | undefined {
  return placesInVsCode.map((place) => path.join(appRoot, place)).find((file) => existsSync(file));
}

/** The ripgrep on the PATH, or undefined. Relative entries of the PATH are passed over: they may lead anywhere. */
export function ripgrepOnPath(searchPath = process.env['PATH'] ?? ''): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, program))
    .find((file) => existsSync(file));
}

const fixedArguments = [
  '--json', '--no-config', '--crlf', '--hidden', '--no-require-git', '--no-ignore-parent', '--no-ignore-global', '--no-ignore-exclude',
  '--no-follow', '--sort=path', '--max-filesize=2M', '--no-messages',
  ...[...excludedFolders, '.git'].map((folder) => `--glob=!**/${folder}/`),
];

/**
 * True where `executable` runs here and can read the pattern: ripgrep's dialect has no backreferences and no
 * look-around, and a binary may be missing or made for another machine.
 */
export async function canSearch(executable: string, query: TextQuery, signal: AbortSignal): Promise<boolean> {
  try {
    const run = promisify(execFile)(executable, ['--no-config', ...patternArguments(query), '-'], { signal, timeout: 5000, windowsHide: true });
    run.child.stdin?.on('error', () => undefined).end();
    await run;
    return true;
  } catch (error) {
    // Nothing matches in an empty input, which is exit code 1; a pattern that cannot be read gives 2.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 1;
  }
}

/**
 * Matches below `root` in the order of paths, by ripgrep, of the files that `accepts` lets through. The program ends
 * when the caller stops or `signal` is aborted. Throws where it cannot be started.
 */
export async function* searchWithRipgrep(
  executable: string,
  root: string,
  query: TextQuery,
  accepts: (path: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<FolderMatch, void, undefined> {
  if (signal.aborted) {
    return;
  }
  const child = spawn(executable, [...fixedArguments, ...patternArguments(query), './'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  // Looked at below; here only so that a failure before that is not unhandled.
  failed.catch(() => undefined);
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop, { once: true });
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
  try {
    const reader = lines[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([reader.next(), failed]);
      if (next.done === true) {
        return;
      }
      const match = readMatch(next.value);
      if (match !== undefined && accepts(match.path)) {
        yield match;
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
    child.kill();
  }
}

function patternArguments(query: TextQuery): readonly string[] {
  return [
    query.caseSensitive ? '--case-sensitive' : '--ignore-case',
    ...(query.wholeWord === true ? ['--word-regexp'] : []),
    ...(query.isRegex ? [] : ['--fixed-strings']),
    `--regexp=${query.pattern}`,
    '--',
  ];
}

/** One line of ripgrep's JSON output (its printer's documentation, "JSON output"), where it is a match in text. */
function readMatch(line: string): FolderMatch | undefined {
  const message = JSON.parse(line) as { readonly type?: string; readonly data?: MatchData };
  const { data } = message;
  const file = data?.path?.text;
  const text = data?.lines?.text;
  // Without `text` there are `bytes` in base64: a name or a line that is no UTF-8.
  if (message.type !== 'match' || file === undefined || text === undefined || typeof data?.line_number !== 'number') {
    return undefined;
  }
  const column = columnAt(text, data.submatches?.[0]?.start ?? 0);
  return {
    path: file.replaceAll('\\', '/').replace(/^\.\//, ''),
    line: data.line_number,
    column,
    text: clipLine(text.replace(/\r?\n$/, ''), column),
  };
}

interface MatchData {
  readonly path?: { readonly text?: string };
  readonly lines?: { readonly text?: string };
  readonly line_number?: number;
  readonly submatches?: readonly { readonly start: number }[];
}

/** 1-based column in UTF-16 units of an offset in UTF-8 bytes. */
function columnAt(text: string, byteOffset: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byteOffset).toString('utf8').length + 1;
}
