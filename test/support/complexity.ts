import { expect, it } from 'vitest';
import { analyzeComplexity } from '../../src/analysis/index';

/** A program, and the time that must be derived for it: the class, and for some the expression. */
export interface Derivation {
  readonly what: string;
  readonly code: string;
  readonly time: string;
}

/** Class and expression of the time of the whole, such as `linear O(n)`. */
export async function timeOf(code: string, languageId: string): Promise<string> {
  const { whole } = await analyzeComplexity(code, languageId, { limitMs: 5000 });
  return `${whole.time.class} ${whole.time.expression}`;
}

/** One test per program. `time` is a class (`linear`) or a class with its expression (`linear O(len(xs))`). */
export function itDerives(languageId: string, derivations: readonly Derivation[]): void {
  for (const { what, code, time } of derivations) {
    it(what, async () => {
      const derived = await timeOf(code, languageId);
      expect(time.includes(' ') ? derived : derived.split(' ')[0]).toBe(time);
    });
  }
}
