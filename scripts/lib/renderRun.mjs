import { duration, style } from './terminal.mjs';

/** Most lines and characters of an observation that are shown; the note has all of it. */
const observationLines = 8;
const lineWidth = 160;

/**
 * Shows the events of a run in the terminal as they come.
 * @param {(text: string) => void} write
 * @returns {(event: import('./demo.mjs').DemoEvent) => void}
 */
export function createRunRenderer(write) {
  /** What was streamed last and stands in an unfinished line. @type {'' | 'thought' | 'answer'} */
  let streaming = '';
  let hasAnswer = false;
  /** Step whose thought has been streamed already. */
  let thoughtStep = 0;

  const line = (text = '') => {
    if (streaming !== '') {
      write('\n');
      streaming = '';
    }
    write(`${text}\n`);
  };
  /**
   * @param {'thought' | 'answer'} kind
   * @param {string} text
   * @param {string} indent
   */
  const stream = (kind, text, indent) => {
    if (streaming !== kind) {
      line(kind === 'answer' ? style('bold', '\nAnswer') : '');
      write(indent);
      streaming = kind;
    }
    const indented = printable(text).replaceAll('\n', `\n${indent}`);
    write(kind === 'thought' ? style('dim', indented) : indented);
  };

  return (event) => {
    switch (event.type) {
      case 'run-start': {
        const code = event.request.code;
        line(style('bold', `\n${printable(event.request.question)}`));
        if (code !== undefined) {
          const { startLine, endLine } = code.range;
          const symbol = code.symbol === undefined ? '' : ` (${code.symbol})`;
          line(`${printable(code.path)}, lines ${startLine} to ${endLine}${symbol}, with ${printable(event.model.label)}`);
        }
        break;
      }
      case 'step-start':
        line(style(['bold', 'cyan'], event.kind === 'final-answer' ? '\nFinal answer' : `\nStep ${event.step}`));
        break;
      case 'step-reset':
        line(style('yellow', '  The reply comes again.'));
        break;
      case 'thought-delta':
        thoughtStep = event.step;
        stream('thought', event.text, '  ');
        break;
      case 'thought-end':
        if (thoughtStep !== event.step && event.thought !== '') {
          stream('thought', event.thought, '  ');
        }
        // An answer has begun by now, and its end tells the time of the whole run.
        if (streaming !== 'answer') {
          line(style('dim', `  thought for ${duration(event.thinkingMs)}`));
        }
        break;
      case 'action-start':
        line(`  ${style('magenta', '→')} ${style('magenta', event.tool)} ${shorten(JSON.stringify(event.args))}`);
        break;
      case 'action-end': {
        const lines = printable(event.observation).trimEnd().split('\n');
        const time = event.cached ? 'known from before' : duration(event.elapsedMs);
        line(`  ${style(event.isError ? 'red' : 'green', '←')} ${style('dim', time)}`);
        for (const text of lines.slice(0, observationLines)) {
          line(`    ${shorten(text)}`);
        }
        if (lines.length > observationLines) {
          line(style('dim', `    … ${lines.length - observationLines} more lines`));
        }
        break;
      }
      case 'answer-delta':
        hasAnswer = true;
        stream('answer', event.text, '  ');
        break;
      case 'wait':
        line(style('yellow', `  Waiting ${duration(event.waitMs)}: ${printable(event.reason.message)}`));
        break;
      case 'notice':
        line(style('yellow', `  ${printable(event.message)}`));
        break;
      case 'verdict':
        line(`\nChecked by the analyzer: ${printable(event.verdict.explanation)}`);
        break;
      case 'run-end': {
        if (!hasAnswer && event.answer !== '') {
          stream('answer', event.answer, '  ');
        }
        if (event.error !== undefined) {
          line(style('red', `\n${printable(event.error.message)}`));
        }
        const { steps, elapsedMs, thinkingMs, usage } = event.totals;
        const tokens = usage.promptTokens + usage.completionTokens;
        line(
          style('dim', `\n${event.outcome} after ${steps} ${steps === 1 ? 'step' : 'steps'} in ${duration(elapsedMs)}, ${duration(thinkingMs)} of it thinking`) +
            (tokens > 0 ? style('dim', `, ${tokens} tokens`) : ''),
        );
        break;
      }
      default:
        break;
    }
  };
}

/**
 * Text from models and files without characters that a terminal would take as commands.
 * @param {string} text
 * @returns {string}
 */
function printable(text) {
  // eslint-disable-next-line no-control-regex -- those are the characters meant
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu, '');
}

/** @param {string} text */
function shorten(text) {
  const clean = printable(text);
  return clean.length > lineWidth ? `${clean.slice(0, lineWidth - 1)}…` : clean;
}
