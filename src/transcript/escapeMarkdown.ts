/** Characters that have no width or turn the direction of text: they can make one text look like another. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** `text` on one line: line breaks and other white space become single spaces, invisible characters go. */
export function oneLine(text: string): string {
  return text.replace(/[\s\u0085\u2028\u2029]+/g, ' ').replace(invisible, '').trim();
}

/**
 * `text` as one line of Markdown that shows exactly that text: nothing in it becomes emphasis, a link, an image,
 * HTML or mathematics, whoever wrote it. Underscores within words stay as they are, as CommonMark does.
 */
export function escapeInline(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]<$~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(?:[#>+-]|=+$)|#(?=#*$)/g, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** `text` as a code span on one line, whatever backticks it has. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  let longest = 0;
  for (const run of line.matchAll(/`+/g)) {
    longest = Math.max(longest, run[0].length);
  }
  const mark = '`'.repeat(longest + 1);
  const padding = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${mark}${padding}${line}${padding}${mark}`;
}

/** `text` inside an HTML element or a quoted attribute of one. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
