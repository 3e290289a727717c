/** How a cost grows with the size of the input. */
export interface Growth {
  /** The class as people write it, such as `n log n`. */
  readonly label: string;
  /** Operations for an input of size `n`, 1 or more; a pure number without constants. */
  operations(n: number): number;
}

const log2 = (n: number): number => Math.log2(Math.max(2, n));

/** Growth by the names that the analysis gives to classes. */
const classes: Readonly<Record<string, Growth>> = {
  constant: { label: '1', operations: () => 1 },
  logn: { label: 'log n', operations: log2 },
  log2n: { label: 'log² n', operations: (n) => log2(n) ** 2 },
  sqrt: { label: '√n', operations: Math.sqrt },
  linear: { label: 'n', operations: (n) => n },
  nlogn: { label: 'n log n', operations: (n) => n * log2(n) },
  nlog2n: { label: 'n log² n', operations: (n) => n * log2(n) ** 2 },
  nsqrt: { label: 'n√n', operations: (n) => n * Math.sqrt(n) },
  quadratic: { label: 'n²', operations: (n) => n ** 2 },
  n2logn: { label: 'n² log n', operations: (n) => n ** 2 * log2(n) },
  cubic: { label: 'n³', operations: (n) => n ** 3 },
  n3logn: { label: 'n³ log n', operations: (n) => n ** 3 * log2(n) },
  n4: { label: 'n⁴', operations: (n) => n ** 4 },
  exponential: { label: '2ⁿ', operations: (n) => 2 ** n },
  factorial: { label: 'n!', operations: factorial },
};

/** The growth of a class by its name; undefined for an unknown one and for those that are no single curve. */
export function growthOfClass(name: string | undefined): Growth | undefined {
  return name !== undefined && Object.hasOwn(classes, name) ? classes[name] : undefined;
}

/**
 * The growth that a bound in one variable states, such as `O(n log n)`, `Θ(n^2)` or `O(2**n)`; undefined for one in
 * several variables and for what is no bound.
 */
export function growthOfBound(bound: string): Growth | undefined {
  const inner = /^\s*[OΘΩoθω]\s*\(([\s\S]*)\)\s*$/.exec(bound)?.[1] ?? bound;
  const text = inner
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `^${digits.replace(/./g, (digit) => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)))}`)
    .replace(/len\(\s*(\w+)\s*\)|(\w+)\.(?:length|size\(\)|size|len\(\))/g, (_, first: string | undefined, second: string | undefined) => first ?? second ?? 'n')
    .replace(/\*\*/g, '^')
    .replace(/ⁿ/g, '^n')
    .replace(/[·×*\s{}\\]/g, '')
    .replace(/sqrt\(?(\w+)\)?|√\(?(\w+)\)?/g, '$1$2^0.5')
    .replace(/(?:log|lg|ln)_?2?\^?(\d?)\(?([A-Za-z]\w*)\)?(?:\^(\d))?/g, (_, before: string, _name: string, after: string | undefined) => `L${before !== '' ? before : (after ?? '1')}`);
  const variables = new Set(text.replace(/L\d/g, '').match(/[A-Za-z]\w*/g) ?? []);
  if (variables.size > 1 || /[+/,-]/.test(text)) {
    return undefined;
  }
  const [variable = 'n'] = variables;
  const plain = text.replaceAll(variable, 'n');
  const name = new Map([
    ['1', 'constant'], ['L1', 'logn'], ['L2', 'log2n'], ['n^0.5', 'sqrt'], ['n', 'linear'], ['nL1', 'nlogn'], ['nL2', 'nlog2n'], ['nn^0.5', 'nsqrt'],
    ['n^1.5', 'nsqrt'], ['n^2', 'quadratic'], ['nn', 'quadratic'], ['n^2L1', 'n2logn'], ['n^3', 'cubic'], ['n^3L1', 'n3logn'], ['n^4', 'n4'],
    ['2^n', 'exponential'], ['n!', 'factorial'],
  ]).get(plain);
  return growthOfClass(name);
}

/** Sizes at which a curve is drawn: `count` of them from 1 to `largest`, even in size or, for `isLog`, in its logarithm. */
export function sampleSizes(largest: number, count: number, isLog: boolean): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const part = index / (count - 1);
    return isLog ? largest ** part : 1 + (largest - 1) * part;
  });
}

/** A round number of operations for people: `1`, `340`, `1.2 thousand` as `1.2 k`, up to powers of ten. */
export function shortNumber(value: number): string {
  if (value < 1000) {
    return String(Math.round(value * 10) / 10);
  }
  const units = ['k', 'M', 'G', 'T'];
  const power = Math.min(units.length, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return scaled >= 1000 ? `10^${String(Math.floor(Math.log10(value)))}` : `${String(Math.round(scaled * 10) / 10)} ${units[power - 1] ?? ''}`;
}

/** n! for whole and, by Stirling's formula, all other sizes. */
function factorial(n: number): number {
  if (n < 2) {
    return 1;
  }
  return Math.sqrt(2 * Math.PI * n) * (n / Math.E) ** n * (1 + 1 / (12 * n));
}
