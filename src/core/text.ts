/** The line ends that a text uses, made one: `\n`. */
export function normalizeNewlines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/**
 * At most `limit` UTF-16 units of `text`, never half a surrogate pair, with a visible mark that says how many
 * characters were left out.
 */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  const kept = sliceWhole(text, limit);
  return `${kept}\n… [${String(text.length - kept.length)} characters left out]`;
}

/** The first `length` UTF-16 units of `text`, one less where that would cut a surrogate pair. */
export function sliceWhole(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const cutsPair = length > 0 && length < text.length && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, cutsPair ? length - 1 : length);
}

/** A Markdown code fence around `text`, longer than any run of backticks in it. */
export function fence(text: string, language = ''): string {
  let longest = 2;
  for (const run of text.matchAll(/`{3,}/g)) {
    longest = Math.max(longest, run[0].length);
  }
  const mark = '`'.repeat(longest + 1);
  return `${mark}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${mark}`;
}

/** The lines of `text`, each behind its number; the first has the number `firstLine` (1-based). */
export function numberLines(text: string, firstLine = 1): string {
  const lines = text.split('\n');
  const width = String(firstLine + lines.length - 1).length;
  return lines.map((line, index) => `${String(firstLine + index).padStart(width)} | ${line}`).join('\n');
}

/** A duration for people: `0.84 s`, `12.3 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(2)} s`;
  }
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}
