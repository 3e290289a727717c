import type { Code } from '../syntax/code';
import { asyncVoid, doesNotWait, dropsResult, forgetsAwait, mapsToNothing, mayPanic, namesWithoutCall } from './calls';
import {
  assignsInCondition,
  assignsToItself,
  comparesFraction,
  comparesIdentity,
  comparesWithItself,
  comparesWithNaN,
  dividesBySize,
  repeatsBranch,
  runsBeyondEnd,
  sharesDefault,
} from './expressions';
import type { Check, Finding } from './finding';
import { runChecks } from './finding';
import { catchesEverything, changesWhileLooping, dropsError, emptyBody, fallsThrough, neverEnds, neverRuns, swallowsErrors } from './statements';

const checks: readonly Check[] = [
  comparesWithItself, assignsToItself, assignsInCondition, comparesWithNaN, comparesIdentity, comparesFraction, runsBeyondEnd, dividesBySize, sharesDefault, repeatsBranch,
  neverRuns, swallowsErrors, catchesEverything, emptyBody, fallsThrough, changesWhileLooping, neverEnds, dropsError,
  dropsResult, namesWithoutCall, mapsToNothing, doesNotWait, forgetsAwait, asyncVoid, mayPanic,
];

/** How many patterns of bugs are looked for. */
export const bugCheckCount = checks.length;

/** Patterns in code that are bugs, or often are. */
export function findBugs(code: Code): readonly Finding[] {
  return runChecks(code, checks);
}
