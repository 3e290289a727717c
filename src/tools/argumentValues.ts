import type { ToolArguments } from '../core/tool';

/** A text argument that was checked before; undefined where it was left out, empty or is no text. */
export function textArgument(args: ToolArguments, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A whole number that was checked before; undefined where it was left out. */
export function integerArgument(args: ToolArguments, name: string): number | undefined {
  const value = args[name];
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : undefined;
}

/** True or false; `fallback` where it was left out. */
export function flagArgument(args: ToolArguments, name: string, fallback = false): boolean {
  const value = args[name];
  return typeof value === 'boolean' ? value : fallback;
}
