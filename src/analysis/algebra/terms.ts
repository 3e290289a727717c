/** What growths are made of: terms, their factors, named sizes. */

/** What a product is made of. `size` is a named size of the code, such as `len(xs)`. */
export type Atom =
  | { readonly kind: 'size'; readonly name: string; readonly key: string }
  | { readonly kind: 'log'; readonly of: Growth; readonly key: string }
  | { readonly kind: 'exponential'; readonly base: string; readonly exponent: Growth; readonly key: string }
  | { readonly kind: 'factorial'; readonly of: Growth; readonly key: string };

export interface Factor {
  readonly atom: Atom;
  readonly power: number;
}

export interface Term {
  readonly coefficient: number;
  /** Ordered by key; no two with one key. */
  readonly factors: readonly Factor[];
  readonly key: string;
}

/** A sum of terms with distinct keys. No term: zero. */
export interface Growth {
  readonly terms: readonly Term[];
}

/** Sums longer than this are cut to their dominating terms. */
export const maxTerms = 8;

export const zero: Growth = { terms: [] };
/** Made once, as most constants are the lengths and numbers that programs are written with. Not the 1: `one` says that one item is put in. */
const smallConstants: Growth[] = [];

export function constant(value: number): Growth {
  if (value <= 0 || Number.isNaN(value)) {
    return zero;
  }
  return Number.isInteger(value) && value > 1 && value <= 64 ? (smallConstants[value] ??= ofNumber(value)) : ofNumber(value);
}

function ofNumber(value: number): Growth {
  return { terms: [{ coefficient: Math.min(value, Number.MAX_SAFE_INTEGER), factors: [], key: '' }] };
}

export const one: Growth = constant(1);

const namedSizes = new Map<string, Growth>();
const mostNamedSizes = 2000;

export function size(name: string): Growth {
  let known = namedSizes.get(name);
  if (known === undefined) {
    if (namedSizes.size >= mostNamedSizes) {
      namedSizes.clear();
    }
    known = ofAtom({ kind: 'size', name, key: name });
    namedSizes.set(name, known);
  }
  return known;
}

/** A power of one atom. */
export function ofAtom(atom: Atom, power = 1): Growth {
  return { terms: [term(1, [{ atom, power }])] };
}

/** A product, with its key. `factors` are ordered by key. */
export function term(coefficient: number, factors: readonly Factor[]): Term {
  const only = factors[0];
  if (only === undefined || (factors.length === 1 && only.power === 1)) {
    return { coefficient, factors, key: only?.atom.key ?? '' };
  }
  return { coefficient, factors, key: factors.map((factor) => (factor.power === 1 ? factor.atom.key : `${factor.atom.key}^${factor.power}`)).join('*') };
}

/** The number that `growth` is, or undefined where it depends on a size. */
export function constantValue(growth: Growth): number | undefined {
  if (growth.terms.length === 0) {
    return 0;
  }
  const only = growth.terms[0];
  return growth.terms.length === 1 && only?.factors.length === 0 ? only.coefficient : undefined;
}

export function isConstant(growth: Growth): boolean {
  for (const each of growth.terms) {
    if (each.factors.length > 0) {
      return false;
    }
  }
  return true;
}

/** Whether the size `name` occurs in `growth`. */
export function mentions(growth: Growth, name: string): boolean {
  for (const each of growth.terms) {
    if (mentionedIn(each, name)) {
      return true;
    }
  }
  return false;
}

/** Whether the size `name` occurs in a term. */
export function mentionedIn(each: Term, name: string): boolean {
  for (const { atom } of each.factors) {
    if (mentionedBy(atom, name)) {
      return true;
    }
  }
  return false;
}

/** Whether the size `name` is a factor, or occurs in it. */
export function mentionedBy(atom: Atom, name: string): boolean {
  return atom.kind === 'size' ? atom.name === name : mentions(atom.kind === 'exponential' ? atom.exponent : atom.of, name);
}

/** Whether the name of some size in `growth` passes `test`. */
export function someSize(growth: Growth, test: (name: string) => boolean): boolean {
  for (const each of growth.terms) {
    for (const { atom } of each.factors) {
      if (atom.kind === 'size' ? test(atom.name) : someSize(atom.kind === 'exponential' ? atom.exponent : atom.of, test)) {
        return true;
      }
    }
  }
  return false;
}

/** Names of all sizes in `growth`. */
export function sizesIn(growth: Growth, into = new Set<string>()): Set<string> {
  for (const each of growth.terms) {
    for (const { atom } of each.factors) {
      switch (atom.kind) {
        case 'size':
          into.add(atom.name);
          break;
        case 'exponential':
          sizesIn(atom.exponent, into);
          break;
        case 'log':
        case 'factorial':
          sizesIn(atom.of, into);
          break;
      }
    }
  }
  return into;
}
