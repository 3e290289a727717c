import type { NativeToolCall } from '../core/model';
import { isRecord, listAt, parseJson, recordAt } from './json';
import { ToolCallAssembler } from './toolCallDeltas';

/**
 * The calls in a `failed_generation`: what a model wrote as a native call where the server expected none, or
 * could not read one. Understands `{"name", "arguments"}`, `{"function": {…}}`, `{"tool_calls": […]}`, lists of
 * those, and a fence around them; undefined for anything else, which the reader of the text protocol may know.
 */
export function readFailedGeneration(text: string): readonly NativeToolCall[] | undefined {
  const unfenced = /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
  const value = parseJson(unfenced);
  const listed = isRecord(value) ? listAt(value, 'tool_calls') : [];
  const candidates = Array.isArray(value) ? (value as unknown[]) : listed.length > 0 ? listed : [value];
  const assembler = new ToolCallAssembler();
  for (const [index, candidate] of candidates.entries()) {
    if (!isRecord(candidate)) {
      return undefined;
    }
    const called = recordAt(candidate, 'function') ?? candidate;
    assembler.add({ index, id: candidate['id'], function: { name: called['name'], arguments: called['arguments'] ?? called['parameters'] } });
  }
  const calls = assembler.finish();
  return calls.length === candidates.length && calls.length > 0 ? calls : undefined;
}
