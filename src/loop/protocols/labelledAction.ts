/**
 * Reads an action that is written as labelled lines: `Action: tool` and `Action Input: {…}`.
 */
import { readBody } from './actionBody';
import { type ActionReading, interpret } from './actionReader';
import { skipBlank } from './characters';
import { findLabel, type Label } from './labels';
import type { MarkFinder } from './marks';
import { nameKey } from './toolNames';

const NO_ACTIONS: ReadonlySet<string> = new Set(['none', 'n/a', '无']);

/** Reads the action that the label begins; `undefined` when the line turns out to be prose or to introduce a tag. */
export function readLabelledAction(finder: MarkFinder, label: Label): ActionReading | undefined {
  const { text, tools } = finder;
  const valueStart = skipBlank(text, label.end);
  const next = findLabel(text, label.end, text.length, false);
  const valueEnd = next?.start ?? text.length;
  const value = text.slice(label.end, valueEnd).trim();
  if (next?.kind === 'input') {
    const name = bareName(value);
    if (name === undefined) return undefined;
    return readInput(finder, name, next.end);
  }
  if (/^(?:(?:`{3,}|~{3,})[^\n]*\n\s*)?\{/.test(value)) {
    const frame = { text: text.slice(0, valueEnd), tools, closeAt: () => undefined, tagsClose: false };
    return interpret({ body: readBody(frame, valueStart), name: undefined, exact: false }, tools);
  }
  const name = bareName(value);
  if (name === undefined) return undefined;
  if (NO_ACTIONS.has(nameKey(name))) return { kind: 'none', end: valueEnd, empty: false };
  if (tools.find(name) === undefined) return undefined;
  return next === undefined
    ? { kind: 'truncated', name, detail: 'the output ended before any arguments were given' }
    : { kind: 'bad', end: valueEnd, name, detail: 'the arguments are missing' };
}

/** A tool name alone on its line, without the marks that people put around names. */
function bareName(value: string): string | undefined {
  const name = value.replace(/^[`*_"'“”\s[]+|[`*"'“”\s\].。]+$/g, '');
  return name === '' || /[\n<{]/.test(name.replace(/<[|｜].*/s, '')) || name.length > 100 ? undefined : name;
}

function readInput(finder: MarkFinder, name: string, from: number): ActionReading {
  const { text, tools } = finder;
  const start = skipBlank(text, from);
  // The next label ends the input where nothing is in it or where it is no object; an object knows its own end.
  const next = findLabel(text, from, text.length, false);
  const limit = next?.start ?? text.length;
  if (start >= limit) {
    const body = next === undefined ? { kind: 'truncated' as const, detail: 'the output ended before any arguments were given' } : { kind: 'empty' as const, end: limit };
    return interpret({ body, name, exact: false }, tools);
  }
  const whole = readBody({ text, tools, closeAt: () => undefined, tagsClose: false }, start);
  if (whole.kind === 'object' || next === undefined) {
    const isPlain = whole.kind === 'truncated' && !/^(?:`{3,}[^\n]*\n\s*|<[^>\n]*>\s*)?[{"[]/.test(text.slice(start));
    return interpret({ body: isPlain ? { kind: 'plain', text: text.slice(start), end: text.length } : whole, name, exact: false }, tools);
  }
  const body = readBody({ text: text.slice(0, limit), tools, closeAt: () => undefined, tagsClose: false }, start);
  const isOpen = body.kind === 'truncated' && text.startsWith('{', start);
  return interpret({ body: isOpen || body.kind === 'object' ? body : { kind: 'plain', text: text.slice(start, limit), end: limit }, name, exact: false }, tools);
}
