import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Json } from '../core/tool';
import { fence, normalizeNewlines } from '../core/text';
import { presentCode, presentMarkdown } from './present';

/*
 * What a note is made of besides text for people, all of it in HTML comments at the start of a line:
 *
 *     <!-- stepwise:step            facts as JSON, one a line
 *     {
 *      "index": 1
 *     }
 *     -->
 *
 *     <!-- stepwise:thought -->     a text that people see and programs read; what people change in it counts
 *
 *     The loop runs n times.
 *
 *     <!-- stepwise:end -->
 *
 * Facts close a section: the texts before them, back to the facts before those, are theirs. So a section that a crash
 * cut off has no facts and is passed over.
 *
 * A text that can be shown as it is stands there once. One that cannot (an open fence, HTML, line ends of Windows)
 * is shown in a harmless form and has its exact text in the opening mark, which holds as long as nobody changes what
 * is shown.
 */

/** Names of texts. Those in `codeTexts` are shown in a fence, the others as Markdown. */
export type TextName = 'question' | 'code' | 'attachment' | 'thought' | 'reply' | 'arguments' | 'observation' | 'answer';

/** Names of facts. */
export type FactsName = 'run' | 'step' | 'ending';

/** A part of a note, in the order of the note. */
export type NotePart =
  | { readonly type: 'text'; readonly name: string; readonly text: string }
  | { readonly type: 'facts'; readonly name: string; readonly value: unknown };

const codeTexts: ReadonlySet<string> = new Set<TextName>(['code', 'attachment', 'arguments', 'observation']);

const endMark = '<!-- stepwise:end -->';

/** What an opening mark says of its text; white space at the edges would not survive otherwise. */
interface TextAttributes {
  readonly before?: string;
  readonly after?: string;
  readonly exact?: string;
}

/** A text for people with its marks. `language` is for the highlighting of code. */
export function writeText(name: TextName, text: string, language = ''): string {
  const isCode = codeTexts.has(name);
  const before = isCode ? '' : (/^\s*/.exec(text)?.[0] ?? '');
  const rest = text.slice(before.length);
  const core = isCode ? rest.replace(/\n+$/, '') : rest.trimEnd();
  const after = rest.slice(core.length);
  const shown = present(isCode, core);
  const attributes: TextAttributes =
    shown === core
      ? { ...(before === '' ? {} : { before }), ...(after === '' ? {} : { after }) }
      : { exact: text };
  const json = Object.keys(attributes).length === 0 ? '' : `${commentJson(attributes)} `;
  const body = isCode ? codeBody(shown, language) : shown;
  return `<!-- stepwise:${name} ${json}-->\n\n${body === '' ? '' : `${body}\n\n`}${endMark}`;
}

/** Facts for programs: JSON in a comment, a line for each. */
export function writeFacts(name: FactsName, value: Json): string {
  return `<!-- stepwise:${name}\n${commentJson(value, 1)}\n-->`;
}

/**
 * The parts of a note. A part that was cut off, as by a crash in mid-write, is left out.
 * @throws {StepwiseError} `unreadable-note` where facts are no JSON
 */
export function readParts(note: string): readonly NotePart[] {
  const lines = normalizeNewlines(note).split('\n');
  const parts: NotePart[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const text = /^<!-- stepwise:([a-z]+) (\{.*\} )?-->$/.exec(line);
    const facts = /^<!-- stepwise:([a-z]+)$/.exec(line);
    const name = text?.[1] ?? facts?.[1];
    if (name === undefined || line === endMark) {
      continue;
    }
    const end = lines.indexOf(facts === null ? endMark : '-->', at + 1);
    if (end === -1) {
      return parts;
    }
    const body = lines.slice(at + 1, end);
    parts.push(
      facts === null
        ? { type: 'text', name, text: readText(name, body, readAttributes(text?.[2])) }
        : { type: 'facts', name, value: parseJson(body.join('\n')) },
    );
    at = end;
  }
  return parts;
}

function readText(name: string, body: readonly string[], attributes: TextAttributes): string {
  const isCode = codeTexts.has(name);
  const shown = isCode ? readCodeBody(body) : withoutBlankEdges(body).join('\n');
  const { before = '', after = '', exact } = attributes;
  if (exact === undefined) {
    return `${before}${shown}${after}`;
  }
  const core = isCode ? exact.replace(/\n+$/, '') : exact.trim();
  return present(isCode, core) === shown ? exact : shown;
}

function present(isCode: boolean, core: string): string {
  return isCode ? presentCode(core) : presentMarkdown(core);
}

function codeBody(shown: string, language: string): string {
  const info = language.replace(/[^\w+#.-]/g, '');
  // An empty text has no line at all; `fence` would give it an empty one.
  return shown === '' ? `\`\`\`${info}\n\`\`\`` : fence(`${shown}\n`, info);
}

function readCodeBody(body: readonly string[]): string {
  const lines = withoutBlankEdges(body);
  const opening = /^`{3,}/.exec(lines[0] ?? '')?.[0];
  return opening !== undefined && lines.length > 1 && lines.at(-1) === opening ? lines.slice(1, -1).join('\n') : lines.join('\n');
}

function withoutBlankEdges(lines: readonly string[]): readonly string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]?.trim() === '') {
    start += 1;
  }
  while (end > start && lines[end - 1]?.trim() === '') {
    end -= 1;
  }
  return lines.slice(start, end);
}

function readAttributes(json: string | undefined): TextAttributes {
  const value = json === undefined ? {} : parseJson(json);
  if (typeof value !== 'object' || value === null) {
    return {};
  }
  const text = (key: keyof TextAttributes): Partial<TextAttributes> => {
    const found = (value as Record<string, unknown>)[key];
    return typeof found === 'string' ? { [key]: found } : {};
  };
  return { ...text('before'), ...text('after'), ...text('exact') };
}

/** JSON that cannot end the comment around it, and that no editor or version control changes. */
function commentJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[<>\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadableNote(error);
  }
}

/** The error for a note whose hidden parts are damaged or missing. */
export function unreadableNote(cause?: unknown): StepwiseError {
  return new StepwiseError('unreadable-note', t('This note cannot be read back: its hidden parts are missing or damaged. Restore the file, or ask again.'), {
    cause,
  });
}
