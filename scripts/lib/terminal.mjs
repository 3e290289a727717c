import { styleText } from 'node:util';

/**
 * A failure that the person at the terminal can do something about. Scripts print its message and its advice, not its
 * stack.
 */
export class ScriptError extends Error {
  /**
   * @param {string} message What went wrong, as a sentence.
   * @param {string} [advice] What to do next.
   * @param {{ cause?: unknown, details?: string }} [more] `details`: output of a program, shown indented.
   */
  constructor(message, advice, more = {}) {
    super(message, { cause: more.cause });
    this.name = 'ScriptError';
    this.advice = advice;
    this.details = more.details;
  }
}

const isColored = process.stdout.isTTY && process.env.NO_COLOR === undefined;

/**
 * Colours text where the terminal shows colours.
 * @param {Parameters<typeof styleText>[0]} format
 * @param {string} text
 * @returns {string}
 */
export function style(format, text) {
  return isColored ? styleText(format, text) : text;
}

/**
 * Prints a line.
 * @param {string} [line]
 */
export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

/**
 * Prints one line of progress: what the script does now.
 * @param {string} line
 */
export function progress(line) {
  say(`${style('cyan', '›')} ${line}`);
}

/**
 * A duration for people: `0.4 s`, `12.3 s`, `2 min 05 s`.
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (ms < 60_000) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Says that something takes a while, does it, and says how long it took.
 * @template T
 * @param {string} what Begins with a capital letter, without a full stop.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function timed(what, work) {
  progress(`${what} …`);
  const start = performance.now();
  const result = await work();
  progress(`${what}: done in ${duration(performance.now() - start)}`);
  return result;
}

/**
 * The last lines of a program's output, for an error message.
 * @param {string} text
 * @param {number} [count] Most lines.
 * @returns {string}
 */
export function lastLines(text, count = 15) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/**
 * Prints a failure: message, details and advice of a `ScriptError`, the stack of anything else.
 * @param {unknown} error
 */
export function reportError(error) {
  if (error instanceof ScriptError) {
    process.stderr.write(`${style('red', '✗')} ${error.message}\n`);
    if (error.details) {
      process.stderr.write(`${error.details.trimEnd().replace(/^/gmu, '    ')}\n`);
    }
    if (error.advice) {
      process.stderr.write(`  ${error.advice}\n`);
    }
    return;
  }
  process.stderr.write(`${style('red', '✗')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
