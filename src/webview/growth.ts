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

/** Names of classes by the power of n and the power of its logarithm. */
const classesByPowers: Readonly<Record<string, string>> = {
  '0,0': 'constant', '0,1': 'logn', '0,2': 'log2n', '0.5,0': 'sqrt', '1,0': 'linear', '1,1': 'nlogn', '1,2': 'nlog2n', '1.5,0': 'nsqrt', '2,0': 'quadratic',
  '2,1': 'n2logn', '3,0': 'cubic', '3,1': 'n3logn', '4,0': 'n4',
};

/**
 * The growth that a bound in one variable states, such as `O(n log n)`, `Θ(n^2)` or `O(2**n)`; undefined for one in
 * several variables, for sums and for what is no bound.
 */
export function growthOfBound(bound: string): Growth | undefined {
  const inner = /^\s*[OΘΩoθω]\s*\(([^]*)\)\s*$/.exec(bound)?.[1];
  const factors = inner === undefined ? [] : factorsOf(inner);
  let power = 0;
  let logs = 0;
  const variables = new Set<string>();
  for (const factor of factors) {
    const [, log, logVariable = ''] = /^L(\d):(\w+)$/.exec(factor) ?? [];
    const [, variable, exponent = '1'] = /^([A-Za-z_]\w*)(?:\^(\d(?:\.5)?))?$/.exec(factor) ?? [];
    const [, special = ''] = /^(?:2\^([A-Za-z_]\w*)|[A-Za-z_]\w*!)$/.exec(factor) ?? [];
    if (log !== undefined) {
      logs += Number(log);
      variables.add(logVariable);
    } else if (variable !== undefined) {
      power += Number(exponent);
      variables.add(variable);
    } else if (factors.length === 1 && (special !== '' || factor.endsWith('!'))) {
      return growthOfClass(special === '' ? 'factorial' : 'exponential');
    } else if (factor !== '1') {
      return undefined;
    }
  }
  return factors.length === 0 || variables.size > 1 ? undefined : growthOfClass(classesByPowers[`${String(power)},${String(logs)}`]);
}

/** The factors of a product in one spelling: `n^2`, `L1:n` for a logarithm, `2^n`, `n!`, `1`. */
function factorsOf(product: string): readonly string[] {
  return product
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `^${digits.replace(/./g, (digit) => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)))}`)
    .replace(/len\(\s*(\w+)\s*\)|(\w+)\.(?:length|size\(\)|size|len\(\))/g, (_, first: string | undefined, second: string | undefined) => first ?? second ?? '')
    .replace(/\*\*/g, '^')
    .replace(/ⁿ/g, '^n')
    .replace(/[{}\\]/g, '')
    .replace(/(?:sqrt|√)\s*\(?\s*(\w+)\s*\)?/g, ' $1^0.5 ')
    .replace(/(?:log|lg|ln)_?2?(?:\^(\d))?\s*\(?\s*([A-Za-z]\w*)\s*\)?(?:\^(\d))?/g, (_, before: string | undefined, name: string, after: string | undefined) => ` L${before ?? after ?? '1'}:${name} `)
    .split(/[·×*\s]+/)
    .filter((factor) => factor !== '');
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
