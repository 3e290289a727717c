/**
 * Tells the brackets of code from those of tags at a glance, for text that streams by.
 */

const SPACE = 32;
const SLASH = 47;
const PREFIX = /^[\w-]+:/;

/** Index of the first bracket of a chunk that may begin a tag that ends the thought or the answer, or -1. */
export function firstConcern(chunk: string, state: 'thought' | 'answer'): number {
  for (let at = findBracket(chunk, 0); at >= 0; at = findBracket(chunk, at + 1)) {
    if (mayEnd(chunk, at, state)) return at;
  }
  return -1;
}

/** Whether the text ends before anything behind the bracket at `at` tells what it is: `<`, `</`. */
export function isUndecided(text: string, at: number): boolean {
  return at === text.length - 1 || (at === text.length - 2 && text.charCodeAt(at + 1) === SLASH);
}

/**
 * Whether the bracket at `at` may begin a tag that ends the thought or the answer, or is cut off too early to tell. Most
 * brackets of code are told apart by the character behind them.
 */
export function mayEnd(text: string, at: number, state: 'thought' | 'answer'): boolean {
  let index = at + 1;
  while (text.charCodeAt(index) <= SPACE) index += 1;
  const closing = text.charCodeAt(index) === SLASH;
  if (closing) {
    index += 1;
    while (text.charCodeAt(index) <= SPACE) index += 1;
  }
  const next = text.charCodeAt(index);
  const isLetter = (next >= 97 && next <= 122) || (next >= 65 && next <= 90);
  // Digits, operators and quotes begin no tag. A wide character or the end of the chunk may.
  if (!isLetter) return closing || !(next < 127) || next === 95 || next === 124;
  if (!closing && state === 'answer') return false;
  const letter = next | 32;
  if (state === 'answer' ? letter === 97 || letter === 102 : letter === 116 || letter === 114) return true;
  return closing && PREFIX.test(text.slice(index, index + 40));
}

/** Up to this many characters, looking at each is faster than two searches. */
const SHORT = 12;

/** The index of the next `<` or `＜` at or after `from`, or -1: for short texts, where two searches beat one of both. */
export function findBracket(text: string, from: number): number {
  if (text.length <= SHORT) {
    for (let index = from; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code === 60 || code === 0xff1c) return index;
    }
    return -1;
  }
  const narrow = text.indexOf('<', from);
  const wide = text.indexOf('＜', from);
  if (narrow < 0) return wide;
  return wide < 0 ? narrow : Math.min(narrow, wide);
}
