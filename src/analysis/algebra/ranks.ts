import { type Atom, type Growth, maxTerms, mentionedBy, sizesIn, type Term } from './terms';

/** Where a growth lies on the scale: exponential or not, then the total degree, then the power of logarithms. */
export interface Rank {
  readonly exponential: boolean;
  readonly degree: number;
  readonly logs: number;
}

/** Where one term lies on the scale. */
export function rankOfTerm(each: Term): Rank {
  let isExponential = false;
  let degree = 0;
  let logs = 0;
  for (const { atom, power: exponent } of each.factors) {
    if (atom.kind === 'size') {
      degree += exponent;
    } else if (atom.kind === 'log') {
      logs += exponent;
    } else {
      isExponential = true;
    }
  }
  return { exponential: isExponential, degree, logs };
}

export function compareRanks(a: Rank, b: Rank): number {
  if (a.exponential !== b.exponential) {
    return a.exponential ? 1 : -1;
  }
  return a.degree !== b.degree ? a.degree - b.degree : a.logs - b.logs;
}

/** The rank of the fastest growing term, where every size counts as one degree. */
export function rank(growth: Growth): Rank {
  let best = lowest;
  for (const each of growth.terms) {
    if (each.factors.length > 0) {
      const next = rankOfTerm(each);
      if (compareRanks(next, best) > 0) {
        best = next;
      }
    }
  }
  return best;
}

const lowest: Rank = { exponential: false, degree: 0, logs: 0 };

/** Negative where `a` grows less than `b`, 0 where their ranks are equal. */
export function compare(a: Growth, b: Growth): number {
  return compareRanks(rank(a), rank(b));
}

/** True where `a` is at most `b` up to a constant factor whatever the sizes are. */
function isDominated(a: Term, b: Term): boolean {
  if (a.key === b.key) {
    return false;
  }
  for (const { atom, power: exponent } of a.factors) {
    const other = powerOf(b, atom.key);
    if ((other === undefined || other < exponent) && !isOutgrown(a, b, atom)) {
      return false;
    }
  }
  return true;
}

/** The power of the factor with that key in a term. */
function powerOf(each: Term, key: string): number | undefined {
  for (const factor of each.factors) {
    if (factor.atom.key === key) {
      return factor.power;
    }
  }
  return undefined;
}

/** log n is dominated by n, and everything polynomial by an exponential of the same size. */
function isOutgrown(a: Term, b: Term, atom: Atom): boolean {
  if (atom.kind === 'log') {
    return [...sizesIn(atom.of)].every((name) => b.factors.some((factor) => factor.atom.kind !== 'log' && mentionedBy(factor.atom, name) && factor.power > (powerOf(a, factor.atom.key) ?? 0)));
  }
  return atom.kind === 'size' && b.factors.some((factor) => (factor.atom.kind === 'exponential' || factor.atom.kind === 'factorial') && mentionedBy(factor.atom, atom.name) && factor.power > (powerOf(a, factor.atom.key) ?? 0));
}

function isOneDominated(each: Term, terms: readonly Term[]): boolean {
  for (const other of terms) {
    if (isDominated(each, other)) {
      return true;
    }
  }
  return false;
}

/** `growth` without the terms that another one dominates. */
export function dominating(growth: Growth): Growth {
  if (growth.terms.length < 2) {
    return growth;
  }
  const kept: Term[] = [];
  for (const each of growth.terms) {
    if (!isOneDominated(each, growth.terms)) {
      kept.push(each);
    }
  }
  if (kept.length <= maxTerms) {
    return kept.length === growth.terms.length ? growth : { terms: kept };
  }
  const ordered = [...kept].sort((a, b) => compareRanks(rankOfTerm(b), rankOfTerm(a)));
  return { terms: ordered.slice(0, maxTerms) };
}

/** Names of the classes, from `constant` to `exponential`. */
export type ComplexityClass =
  | 'constant'
  | 'logn'
  | 'log2n'
  | 'sqrt'
  | 'linear'
  | 'nlogn'
  | 'nlog2n'
  | 'nsqrt'
  | 'quadratic'
  | 'n2logn'
  | 'cubic'
  | 'n3logn'
  | 'n4'
  | 'polynomial'
  | 'exponential'
  | 'unknown';

/** The class of a rank: by total degree, then logarithms. */
export function classOf({ exponential: isExponential, degree, logs }: Rank): ComplexityClass {
  if (isExponential) {
    return 'exponential';
  }
  if (degree === 0) {
    return logs === 0 ? 'constant' : logs <= 1 ? 'logn' : 'log2n';
  }
  if (degree < 1) {
    return 'sqrt';
  }
  if (degree === 1) {
    return logs === 0 ? 'linear' : logs <= 1 ? 'nlogn' : 'nlog2n';
  }
  if (degree < 2) {
    return 'nsqrt';
  }
  if (degree === 2) {
    return logs === 0 ? 'quadratic' : 'n2logn';
  }
  if (degree === 3) {
    return logs === 0 ? 'cubic' : 'n3logn';
  }
  return degree === 4 && logs === 0 ? 'n4' : 'polynomial';
}
