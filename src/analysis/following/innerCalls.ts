import { type Growth, maximum, zero } from '../algebra/bigO';
import type { Engine, EvidenceNode } from './engine';
import type { FunctionIr } from '../program/ir';
import type { Value } from './values';

/** What following code has brought to light beside its costs. */
export interface Findings {
  readonly assumptions: Set<string>;
  readonly undecided: Map<string, string>;
  /** Functions that are neither part of the code nor of a known library. */
  readonly unknownCalls: Set<string>;
  /** How deep recursions go. */
  recursionDepth: Growth;
}

/** A call of a function that is declared inside another one, as it was followed. */
export interface InnerCall {
  readonly cost: Growth;
  readonly items: readonly EvidenceNode[];
  readonly allocations: readonly Value[];
  readonly findings: Findings;
}

/** What a call gives back, and what it costs where it was followed. */
export interface Outcome {
  readonly value: Value;
  readonly cost?: Growth;
  readonly items?: readonly EvidenceNode[];
}

export function noFindings(): Findings {
  return { assumptions: new Set(), undecided: new Map(), unknownCalls: new Set(), recursionDepth: zero };
}

/** Adds what others have brought to light to `known`, and gives that. */
export function addFindings(known: Findings, others: Findings): Findings {
  others.assumptions.forEach((text) => known.assumptions.add(text));
  others.undecided.forEach((text, key) => known.undecided.set(key, text));
  others.unknownCalls.forEach((name) => known.unknownCalls.add(name));
  known.recursionDepth = maximum(known.recursionDepth, others.recursionDepth);
  return known;
}

/**
 * Follows a call. Of a function that is declared inside another one, what its first call brings to light is kept: there
 * the names that it takes from around it are known, and they are not where it is looked at alone.
 */
export function keepInner(engine: Engine, fn: FunctionIr, follow: () => Outcome): Value {
  if (fn.name === '' || engine.active.length === 0 || engine.innerCalls.has(fn) || engine.names.outermost(fn) === undefined) {
    return follow().value;
  }
  const outer = engine.findings;
  const findings = noFindings();
  const made = engine.allocations.length;
  engine.findings = findings;
  try {
    const { value, cost, items } = follow();
    if (cost !== undefined && items !== undefined) {
      engine.innerCalls.set(fn, { cost, items, allocations: engine.allocations.slice(made), findings });
    }
    return value;
  } finally {
    engine.findings = addFindings(outer, findings);
  }
}
