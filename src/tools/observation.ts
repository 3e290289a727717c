/** Most characters of one tool's result, so that a run of several steps fits into a small model's window. */
export const maxObservationLength = 20_000;

/**
 * Lines joined up to `limit` characters, whole lines only, with a visible mark for the rest. `rest` says how to get
 * at what was left out.
 */
export function joinLines(lines: readonly string[], rest: string, limit = maxObservationLength): string {
  let length = 0;
  for (const [index, line] of lines.entries()) {
    length += line.length + 1;
    if (length > limit && index > 0) {
      return `${lines.slice(0, index).join('\n')}\n… [${String(lines.length - index)} more lines left out; ${rest}]`;
    }
  }
  return lines.join('\n');
}

/** `1 file`, `2 files`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${String(count)} ${count === 1 ? singular : plural}`;
}
