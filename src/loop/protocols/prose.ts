/**
 * Prose that has to stand for an answer.
 */
import { isFiller } from './characters';
import { readTag } from './tagScanner';
import type { ToolNames } from './toolNames';

const TOKEN = '<(?:[|｜][^|｜<>\\n]{1,64}[|｜]|start_of_turn|end_of_turn)>';
const LEADING_TOKENS = new RegExp(`^(?:\\s*${TOKEN}(?:\\s*(?:assistant|model|user|system)(?=\\s|<|$))?)+`);
const TRAILING_TOKEN = new RegExp(`${TOKEN}$`);

/** The prose without special tokens and stray tags at its ends, trimmed; `''` when nothing is said. */
export function cleanProse(raw: string, tools: ToolNames): string {
  let text = raw.replace(LEADING_TOKENS, '').trim();
  for (;;) {
    const shorter = withoutLeadingMark(withoutTrailingMark(text, tools), tools);
    if (shorter === text) break;
    text = shorter;
  }
  text = text.replace(/^[\u200b-\u200f\u2060\ufeff\u00ad]+|[\u200b-\u200f\u2060\ufeff\u00ad]+$/g, '').trim();
  return isFiller(text) ? '' : text;
}

function withoutTrailingMark(text: string, tools: ToolNames): string {
  if (!text.endsWith('>') && !text.endsWith('＞')) return text;
  const at = Math.max(text.lastIndexOf('<'), text.lastIndexOf('＜'));
  if (at < 0) return text;
  if (TRAILING_TOKEN.test(text.slice(at))) return text.slice(0, at).trimEnd();
  return isStray(text, at, text.length, tools) ? text.slice(0, at).trimEnd() : text;
}

function withoutLeadingMark(text: string, tools: ToolNames): string {
  if (!text.startsWith('<') && !text.startsWith('＜')) return text;
  const tag = readTag(text, 0, tools);
  return tag?.kind === 'tag' && (tag.closing || tag.family === 'answer') ? text.slice(tag.end).trimStart() : text;
}

/** Whether a tag that closes nothing, or that of an empty answer, fills the text from `at` to `end`. */
function isStray(text: string, at: number, end: number, tools: ToolNames): boolean {
  const tag = readTag(text, at, tools);
  return tag?.kind === 'tag' && (tag.closing || tag.family === 'answer') && tag.end === end;
}
