import type { ReasoningRequest } from '../core/request';

/** Most bytes of a name without its ending, in UTF-8: file systems take 255, paths on Windows 260 in all. */
const maxBytes = 80;

const encoder = new TextEncoder();

/** Names of devices on Windows, with any ending: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const reservedNames = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)$/i;

/**
 * A readable file name for a question, without an ending: its words in lower case, joined by `-`. Letters and digits
 * of every script stay (`为什么-快速排序-慢`), signs that programmers need are spelled out where that is short, all
 * else goes. Legal on every system, at most 80 bytes long, never empty.
 */
export function slugOf(text: string): string {
  const words = text
    .normalize('NFKC')
    .replace(/\bC\+\+/gi, 'cpp')
    .replace(/\bC#/gi, 'csharp')
    // An apostrophe joins: "doesn't" is one word.
    .replace(/(?<=\p{L})['’](?=\p{L})/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*/gu);
  const slug = shorten(words ?? []);
  if (slug === '') {
    return 'question';
  }
  return reservedNames.test(slug) ? `${slug}-question` : slug;
}

/**
 * What tells the note of a request from others: for a task, the code and the task (`find_duplicates-complexity`), since
 * all notes of a task ask the same; else the question.
 */
export function noteSlug({ task, question, code }: Pick<ReasoningRequest, 'task' | 'question' | 'code'>): string {
  const file = code?.path.slice(code.path.lastIndexOf('/') + 1).replace(/(?<=.)\.[^.]*$/, '');
  const subject = code?.symbol ?? file;
  return task === 'question' || subject === undefined ? slugOf(question) : slugOf(`${subject.replace(/(\p{Ll})(\p{Lu})/gu, '$1-$2')} ${task}`);
}

/**
 * Names for the file of a note, best first: `slug.md`, `slug-2.md`, `slug-3.md` … without end. Whoever writes takes
 * the first one that is free.
 */
export function* noteNames(slug: string): Generator<string, never, undefined> {
  yield `${slug}.md`;
  for (let number = 2; ; number += 1) {
    yield `${slug}-${String(number)}.md`;
  }
}

/** As many whole words as fit; of a first word that is too long alone, as many characters as fit. */
function shorten(words: readonly string[]): string {
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if (encoder.encode(longer).length > maxBytes) {
      return slug === '' || isSentence(word) ? cut(longer, maxBytes) : slug;
    }
    slug = longer;
  }
  return slug;
}

/** True for text of a script that does not part words by spaces: what looks like one word is a whole sentence. */
function isSentence(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(word);
}

/** The first characters of `text` that fit into `limit` bytes; none is parted from its marks. */
function cut(text: string, limit: number): string {
  let kept = '';
  for (const cluster of text.match(/\P{M}\p{M}*/gu) ?? []) {
    if (encoder.encode(kept + cluster).length > limit) {
      break;
    }
    kept += cluster;
  }
  return kept.replace(/-+$/, '');
}
