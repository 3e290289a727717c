import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** First lines of functions, by file extension. Good enough to find something to show; the extension parses. */
const functionStarts = new Map([
  ['.py', /^\s*(?:async\s+)?def\s+\w+/u],
  ['.rb', /^\s*def\s+[\w.]+/u],
  ['.go', /^func\s/u],
  ['.rs', /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+\w+/u],
  ...['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'].map(
    (extension) => /** @type {const} */ ([extension, /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b|^\s*(?:export\s+)?const\s+\w+\s*=.*=>\s*\{$/u]),
  ),
  ...['.java', '.cs', '.cpp', '.cc', '.cxx', '.hpp', '.h'].map(
    (extension) => /** @type {const} */ ([extension, /^\s*(?!(?:if|for|while|switch|else|return|catch|new)\b)[\w:<>,&*[\]\s]+\s+[\w:]+\([^;]*\)[^;]*\{\s*$/u]),
  ),
]);

/** Folders that hold others' code. */
const skippedFolders = /^(?:\..*|node_modules|vendor|dist|build|out|target|__pycache__|venv)$/u;

/** How many files are looked at before the best so far is taken. */
const fileLimit = 500;

/**
 * A function of a folder that is worth reasoning about: the one with the most loops, and among those the longest.
 * @param {string} folder
 * @returns {Promise<{ file: string, line: number } | undefined>} absolute path and 1-based line inside the function
 */
export async function findSample(folder) {
  const pending = [folder];
  /** @type {{ file: string, line: number, score: number } | undefined} */
  let best;
  let seen = 0;
  for (const current of pending) {
    const entries = await readdir(current, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(current, entry.name);
      if (entry.isDirectory() && !skippedFolders.test(entry.name)) {
        pending.push(path);
      }
      const start = functionStarts.get(extname(entry.name));
      if (!entry.isFile() || start === undefined || ++seen > fileLimit) {
        continue;
      }
      const found = mostInteresting((await readFile(path, 'utf8').catch(() => '')).split('\n'), start);
      if (found !== undefined && found.score > (best?.score ?? 0)) {
        best = { file: path, ...found };
      }
    }
    if (seen > fileLimit) {
      break;
    }
  }
  return best;
}

/**
 * @param {readonly string[]} lines
 * @param {RegExp} start
 * @returns {{ line: number, score: number } | undefined}
 */
function mostInteresting(lines, start) {
  const starts = lines.flatMap((text, index) => (start.test(text) ? [index] : []));
  /** @type {{ line: number, score: number } | undefined} */
  let best;
  for (const [position, index] of starts.entries()) {
    const body = lines.slice(index + 1, Math.min(starts[position + 1] ?? lines.length, index + 60));
    const loops = body.filter((text) => /^\s*(?:for|while|loop)\b/u.test(text)).length;
    const score = 100 * Math.min(loops, 3) + body.length;
    if (body.length > 0 && score > (best?.score ?? 0)) {
      best = { line: index + 1, score };
    }
  }
  return best;
}

/**
 * Where to reason: a place that the person named, as FILE or FILE:LINE or FILE:FIRST-LAST.
 * @param {string} place
 * @returns {{ file: string, startLine: number, endLine?: number }}
 */
export function parsePlace(place) {
  const match = /^(.*?):(\d+)(?:-(\d+))?$/u.exec(place);
  if (match === null) {
    return { file: place, startLine: 1 };
  }
  const [, file = '', first, last] = match;
  return { file, startLine: Number(first), ...(last === undefined ? {} : { endLine: Number(last) }) };
}

/**
 * The 1-based line of a file that contains some text.
 * @param {string} folder
 * @param {string} path Relative, with `/`.
 * @param {string} text
 * @returns {Promise<number | undefined>}
 */
export async function findLine(folder, path, text) {
  const content = await readFile(join(folder, ...path.split('/')), 'utf8').catch(() => '');
  const index = content.split('\n').findIndex((line) => line.includes(text));
  return index < 0 ? undefined : index + 1;
}
