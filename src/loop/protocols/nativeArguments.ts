import { readLenientObject } from './lenientJson';

/** The arguments of a native call as an object, strictly or as leniently as the tag protocol; undefined if unreadable. */
export function parseArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  return text.trim() === '' ? {} : readLenientObject(text);
}
