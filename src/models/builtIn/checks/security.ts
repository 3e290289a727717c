import type { Code } from '../syntax/code';
import type { Check, Finding } from './finding';
import { runChecks } from './finding';
import { buildsPath, buildsSql, fetchesInput, redirectsToInput, runsCode, runsShell, writesHtml } from './injections';
import { deserializes, disablesTls, holdsSecret, opensPermissions, overflowsBuffer, formatsInput, usesUnsafe, weakHash, weakRandomness } from './weaknesses';

const checks: readonly Check[] = [
  buildsSql, runsShell, runsCode, writesHtml, buildsPath, fetchesInput, redirectsToInput,
  deserializes, weakHash, weakRandomness, holdsSecret, disablesTls, opensPermissions, overflowsBuffer, formatsInput, usesUnsafe,
];

/** How many kinds of risks are looked for. */
export const securityCheckCount = checks.length;

/** Places where input could be misused, or protection is missing. */
export function findRisks(code: Code): readonly Finding[] {
  return runChecks(code, checks);
}
