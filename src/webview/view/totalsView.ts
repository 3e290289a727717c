import { t } from '../../core/l10n';
import type { RateLimits } from '../../core/model';
import type { Run } from '../../core/run';
import { formatDuration } from '../../core/text';
import { formatUsd } from '../../core/wording';
import { growthOfBound, growthOfClass } from '../growth';
import type { GrowthCurve } from './charts';
import { growthChart, thinkingChart } from './charts';
import { element } from './dom';

/** The sums of a run and its charts, below everything else. */
export class TotalsView {
  readonly root = element('section', { class: 'totals', 'aria-label': t('Totals'), hidden: true });
  readonly #run: Run;
  #shown = '';

  constructor(run: Run) {
    this.#run = run;
  }

  update(): void {
    const { totals, limits, verdict, steps, outcome } = this.#run;
    const facts = [...this.#totals(), ...limitFacts(limits)];
    // Charts are drawn once, when there is everything to draw.
    const key = JSON.stringify([facts, outcome, verdict?.claim, verdict?.derived]);
    if (key === this.#shown) {
      return;
    }
    this.#shown = key;
    const curves = outcome === undefined ? [] : growthCurves(this.#run);
    const charts = [
      ...(totals !== undefined && steps.filter(({ thinkingMs }) => thinkingMs > 0).length > 1 ? [thinkingChart(steps)] : []),
      ...(curves.length > 0 ? [growthChart(curves)] : []),
    ];
    this.root.hidden = facts.length === 0 && charts.length === 0;
    this.root.replaceChildren(
      element('dl', { class: 'facts-list' }, ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)))),
      ...(charts.length === 0 ? [] : [element('div', { class: 'charts' }, ...charts)]),
    );
  }

  #totals(): readonly (readonly [string, string])[] {
    const { totals } = this.#run;
    if (totals === undefined) {
      return [];
    }
    const { elapsedMs, thinkingMs, steps, usage, costUsd } = totals;
    const about = usage.estimated === true ? '≈ ' : '';
    return [
      [t('Time'), formatDuration(elapsedMs)],
      [t('Thinking'), formatDuration(thinkingMs)],
      [t('Steps'), String(steps)],
      ...(usage.promptTokens + usage.completionTokens === 0
        ? []
        : ([
            [t('Tokens read'), `${about}${String(usage.promptTokens)}${usage.cachedTokens === undefined ? '' : ` (${t('{0} cached', usage.cachedTokens)})`}`],
            [t('Tokens written'), `${about}${String(usage.completionTokens)}`],
          ] as const)),
      ...(costUsd === undefined ? [] : ([[t('List price'), `$${formatUsd(costUsd)}`]] as const)),
    ];
  }
}

/** What the server said is left of its limits. */
function limitFacts(limits: RateLimits | undefined): readonly (readonly [string, string])[] {
  const { requestsLeft, requestsLimit, tokensLeft, tokensLimit } = limits ?? {};
  const share = (left: number, limit: number | undefined): string => (limit === undefined ? String(left) : t('{0} of {1}', left, limit));
  return [
    ...(requestsLeft === undefined ? [] : [[t('Requests left'), share(requestsLeft, requestsLimit)] as const]),
    ...(tokensLeft === undefined ? [] : [[t('Tokens left'), share(tokensLeft, tokensLimit)] as const]),
  ];
}

/** The stated and the derived complexity as curves, beside curves that people know; none where there is no claim. */
export function growthCurves({ verdict }: Run): readonly GrowthCurve[] {
  if (verdict === undefined) {
    return [];
  }
  const claim = growthOfClass(verdict.claimClass) ?? growthOfBound(verdict.claim);
  const derived = growthOfClass(verdict.derivedClass) ?? growthOfBound(verdict.derived);
  const main = [
    ...(claim === undefined ? [] : [{ name: t('claimed: O({0})', claim.label), growth: claim, kind: 'claim' } as const]),
    ...(derived === undefined || derived.label === claim?.label ? [] : [{ name: t('derived: O({0})', derived.label), growth: derived, kind: 'derived' } as const]),
  ];
  const known = ['linear', 'nlogn', 'quadratic'].flatMap((name) => growthOfClass(name) ?? []);
  const references = known.filter(({ label }) => main.every(({ growth }) => growth.label !== label));
  return main.length === 0 ? [] : [...main, ...references.map((growth) => ({ name: `O(${growth.label})`, growth, kind: 'reference' }) as const)];
}
