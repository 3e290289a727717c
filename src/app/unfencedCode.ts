/** Code that was found in a text, and VS Code's id of the language that it looks like. */
export interface FoundCode {
  readonly text: string;
  readonly languageId: string;
}

/** Longest text that is searched, in characters from its end. */
const searchedCharacters = 50_000;

/**
 * Code that somebody wrote into a sentence or below it without a fence, as people do:
 * "时间复杂度：for(i=0;i<n;i++) sum += a[i];". Undefined where nothing is plainly code, or its language is not plain.
 */
export function findUnfencedCode(text: string): FoundCode | undefined {
  const lines = text.slice(-searchedCharacters).split(/\r\n?|\n/);
  const code = longestBlock(lines) ?? lines.map(codeInLine).find((found) => found !== undefined);
  const languageId = code === undefined ? undefined : guessLanguage(code);
  return code === undefined || languageId === undefined ? undefined : { text: code, languageId };
}

/** Marks of each language, the telling ones first: what is C++ to a parser is often Java to its writer. */
const marks: readonly (readonly [string, RegExp])[] = [
  ['python', /^\s*(?:async\s+)?(?:def|class|for|while|if|elif|else|with|try|except)\b[^{};]*:\s*(?:#.*)?$|^\s*from\s+[\w.]+\s+import\s|^\s*def\s+\w+\([^)]*\)\s*(?:->[^:]*)?:/m],
  ['java', /\b(?:public|private|protected)\s+(?:static\s+|final\s+)*[\w<>[\], ]+\s+\w+\s*\(|\bSystem\.out\b|\bimport\s+java\.|\bString\[\]|\bint\[\]\s+\w+|\bnew\s+(?:int\[|ArrayList|HashMap|HashSet)/],
  ['cpp', /#include\b|\bstd::|\b(?:vector|unordered_map|map|set)<|\bcout\s*<<|\bcin\s*>>/],
  ['typescript', /\b(?:let|const|var)\s+\w+\s*:\s*\w|\)\s*:\s*(?:number|string|boolean|void|Promise<)|\binterface\s+\w+\s*\{/],
  ['javascript', /\b(?:let|const|var|function)\s+[\w$]+|=>|\bconsole\.log\b|===/],
  ['cpp', /\b(?:int|long|double|float|char|bool|unsigned|size_t|void|auto)\s+[*&]?\w+\s*[=;([,)]/],
  // Loops without a type are plain JavaScript, and no other language's.
  ['javascript', /\b(?:for|while|if)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)|^[^#]*;\s*$/m],
];

/** VS Code's id of the language that code looks like; undefined where that is not plain. */
export function guessLanguage(code: string): string | undefined {
  return marks.find(([, mark]) => mark.test(code))?.[0];
}

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}，。？！：；]/u;

/** A line that is code by itself: it ends as statements do, or begins as headers do. */
const plainCode =
  /[;{}]\s*(?:\/\/.*)?$|^\s*(?:async\s+)?(?:def|class)\s+\w+.*:\s*(?:#.*)?$|^\s*(?:for|while|if|elif|with)\b.*:\s*(?:#.*)?$|^\s*(?:else|try|finally)\s*:\s*$|^\s*(?:for|while|if)\s*\(.*\)\s*$|^\s*(?:return|import|from|#include|const|let|var|function|public|private|static)\b\s*\S*.*[\w)\]>"';]$|^\s*[\w.[\]]+\s*(?:[-+*/%]?=)[^=].*$/;

/** A line that can stand between lines of code. */
const mayBeCode = /^\s*$|^\s+\S|^\s*(?:\/\/|#|\*|\/\*|--)|^\s*[\w.]+\(.*\)\s*$|^[)\]}]/;

/** Lines of code one below the other: the longest such block that has two of them or more. */
function longestBlock(lines: readonly string[]): string | undefined {
  let best: readonly string[] = [];
  let bestCount = 1;
  let start = -1;
  let count = 0;
  for (let at = 0; at <= lines.length; at += 1) {
    const line = lines[at];
    const isCode = line !== undefined && isPlainCode(line);
    if (isCode && start === -1) {
      start = at;
    }
    count += isCode ? 1 : 0;
    if (start !== -1 && !isCode && (line === undefined || !mayBeCode.test(line) || isProse(line))) {
      if (count > bestCount) {
        best = lines.slice(start, at);
        bestCount = count;
      }
      start = -1;
      count = 0;
    }
  }
  const text = best.join('\n').replace(/\s+$/, '');
  return text === '' ? undefined : text;
}

function isPlainCode(line: string): boolean {
  return plainCode.test(line) && !isProse(line);
}

/** Wide characters outside of strings and comments are prose, as are several plain words in a row. */
function isProse(line: string): boolean {
  const bare = line.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '""').replace(/(?:\/\/|#|\/\*|^\s*\*).*$/, '');
  return wide.test(bare) || /(?:^|\s)(?:[A-Za-z]{2,}\s+){4,}[A-Za-z]{2,}[?.!]?\s*$/.test(bare);
}

/** Where code begins within a sentence. */
const codeStart =
  /(?<![\w.])(?:for|while)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)|(?<![\w.])function\s*[\w$]*\s*\([^)]*\)\s*\{|(?<![\w.])def\s+\w+\([^)]*\)[^:]*:|(?<![\w.])(?:int|long|void|double|bool|const|let|var|public|static)\s+\w+\s*[=(]/;

/** Code within one line of prose: from where it plainly begins to its last statement. */
function codeInLine(line: string): string | undefined {
  const at = line.search(codeStart);
  if (at === -1) {
    return undefined;
  }
  const rest = line.slice(at);
  const prose = rest.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, (text) => '_'.repeat(text.length)).search(wide);
  const code = prose === -1 ? rest : rest.slice(0, prose);
  if (/^def\b/.test(code)) {
    return code.trim();
  }
  const end = Math.max(code.lastIndexOf(';'), code.lastIndexOf('}'));
  // The semicolons of the header of a loop do not end a statement.
  const header = codeStart.exec(code)?.[0] ?? '';
  return end < header.length ? (/[)\w\]]\s*$/.test(code) && prose !== -1 ? code.trim() : undefined) : code.slice(0, end + 1).trim();
}
