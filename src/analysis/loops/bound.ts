import { type Growth, isConstant } from '../algebra/bigO';
import type { Engine, Sentence } from '../following/engine';
import { evaluate } from '../following/expressions';
import type { Geometric } from './geometric';
import type { Expression } from '../program/ir';
import { isCollection, sizeOf, type Value } from '../following/values';

/** How often a loop with a condition runs each time it is reached, and why. */
export interface Bound {
  readonly trips: Growth;
  readonly text: Sentence;
  /** Bounds, during the loop, of the variables that it moves. */
  readonly progress: ReadonlyMap<string, Growth>;
  /** The variables whose movement ends the loop. */
  readonly moving: readonly string[];
  readonly direction: 'up' | 'down' | undefined;
  /** The collection that the loop empties while filling it. */
  readonly worklist: Value | undefined;
  readonly worklistName: string | undefined;
  readonly distinct: ReadonlySet<string>;
  /** One round on average for each round of the loop around it. */
  readonly perRound: boolean;
  /** Where the marks are kept by which each place enters the work list once. */
  readonly guard: string | undefined;
  /** The collection that is empty when the loop is over. */
  readonly empties: Value | undefined;
  /** Other bounds of the same loop, from other parts of its condition. */
  readonly alternatives: readonly Bound[];
  /** What each round makes smaller or larger by a factor. */
  readonly geometric: Geometric | undefined;
  /** False where it is a guess. */
  readonly isSure: boolean;
}

const nothingMoves: Bound['progress'] = new Map();
const noNames: Bound['distinct'] = new Set();

/** A bound, of which `parts` says more. All fields are written out, so that all bounds have one shape. */
export function bound(trips: Growth, text: Sentence, parts?: Partial<Bound>): Bound {
  const made: Bound = {
    trips, text, progress: nothingMoves, moving: [], direction: undefined, worklist: undefined, worklistName: undefined, distinct: noNames, perRound: false, guard: undefined, empties: undefined,
    alternatives: [], geometric: undefined, isSure: true,
  };
  return parts === undefined ? made : Object.assign(made, parts);
}

/** A copy of `known`, of which `parts` says otherwise. */
export function boundLike(known: Bound, parts: Partial<Bound>): Bound {
  return Object.assign(bound(known.trips, known.text, known), parts);
}

export function quietly(engine: Engine, expression: Expression): Value {
  let value: Value | undefined;
  engine.inFrame('branch', {}, () => {
    value = evaluate(engine, expression);
  });
  return value ?? ({ kind: 'unknown' } as Value);
}

/** The size of what is looked into by places; undefined for maps, and where it is constant. */
export function sizeByPlaces(engine: Engine, object: Expression): Growth | undefined {
  const value = quietly(engine, object);
  return (isCollection(value) || value.kind === 'unknown') && value.kind !== 'map' && !isConstant(sizeOf(value)) ? sizeOf(value) : undefined;
}
