import { t } from '../core/l10n';
import type { ClaimVerdict } from '../core/verdict';
import { add, constant, constantValue, exponential, factorial, logarithm, maximum, minimum, multiply, one, power, size, type Growth } from './algebra/bigO';
import { print } from './algebra/growthText';
import { classOf, compareRanks, rank, type ComplexityClass, type Rank } from './algebra/ranks';
import type { ComplexityReport } from './complexity';

/** A complexity read from a text. `isTight` for Θ, which claims more than an upper bound. */
export interface ReadClaim {
  /** As it was read, in one notation: `O(n·log n)`. */
  readonly text: string;
  readonly rank: Rank;
  readonly isTight: boolean;
}

const words: readonly (readonly [RegExp, Growth])[] = [
  [/\b(?:quasi-?linear|linearithmic|log-?linear)\b|线性对数/i, multiply(size('n'), logarithm(size('n')))],
  [/\bexponential\b|指数/i, exponential(constant(2), size('n'))],
  [/\bfactorial\b|阶乘/i, factorial(size('n'))],
  [/\bcubic\b|立方|三次方/i, power(size('n'), 3)],
  [/\bquadratic\b|平方(?!根)|二次方?/i, power(size('n'), 2)],
  [/\b(?:square-?root)\b|平方根/i, power(size('n'), 0.5)],
  [/\blogarithmic\b|对数/i, logarithm(size('n'))],
  [/\blinear\b|线性/i, size('n')],
  [/\bconstant(?:[ -]time)?\b|常数/i, one],
];

/** Where a notation begins: `O(`, `Θ(`, `\mathcal{O}(`, `\Theta\left(`, `O of`. */
const notation = /(?:\\(?:mathcal|mathrm|operatorname|text)\s*\{?\s*O\s*\}?|\\[Oo]|\\(?:Theta|Omega)|[OΘΩ𝒪])\s*(?:\\left|\\[bB]ig+[lr]?)?\s*(?=[({])/gu;

/** The claim about time in a text, in any usual notation or in words; undefined where there is none. */
export function readClaim(text: string): ReadClaim | undefined {
  const found: { at: number; end: number; claim: ReadClaim }[] = [];
  for (const match of text.matchAll(notation)) {
    const open = match.index + match[0].length;
    const close = matching(text, open);
    if (close > open) {
      const growth = parseGrowth(text.slice(open + 1, close));
      if (growth !== undefined) {
        found.push({ at: match.index, end: close, claim: { text: `${/Theta|Θ/.test(match[0]) ? 'Θ' : 'O'}(${print(growth)})`, rank: rank(growth), isTight: /Theta|Θ/.test(match[0]) } });
      }
    }
  }
  const best = chosen(text, found);
  if (best !== undefined) {
    return best.claim;
  }
  const spoken = words.flatMap(([pattern, growth]) => {
    const match = pattern.exec(text);
    return match === null ? [] : [{ at: match.index, end: match.index + match[0].length, claim: { text: `O(${print(growth)})`, rank: rank(growth), isTight: false } }];
  });
  return chosen(text, spoken.sort((a, b) => a.at - b.at))?.claim;
}

/** The one that is about time: after the word, and not after `space`. */
function chosen<T extends { at: number }>(text: string, found: readonly T[]): T | undefined {
  const subject = (at: number): 'time' | 'space' | 'none' => {
    const before = text.slice(Math.max(0, at - 160), at);
    const time = Math.max(...[...before.matchAll(/\b(?:time|runs?|running|runtime)\b|时间/gi)].map((match) => match.index), -1);
    const space = Math.max(...[...before.matchAll(/\b(?:space|memory|storage)\b|空间|内存/gi)].map((match) => match.index), -1);
    if (time < 0 && space < 0) {
      const after = text.slice(at, at + 60);
      return /^[^.\n]*?\b(?:space|memory)\b|^[^。\n]*?空间/i.test(after) && !/^[^.\n]*?\btime\b/i.test(after) ? 'space' : 'none';
    }
    return time > space ? 'time' : 'space';
  };
  const rated = found.map((each) => ({ each, about: subject(each.at) }));
  return (rated.find((item) => item.about === 'time') ?? rated.find((item) => item.about === 'none'))?.each;
}

/** The place of the parenthesis that closes the one at `open`, or -1. */
function matching(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length && at < open + 400; at++) {
    const char = text[at];
    if (char === '(' || char === '{') {
      depth += 1;
    } else if (char === ')' || char === '}') {
      depth -= 1;
      if (depth === 0) {
        return at;
      }
    }
  }
  return -1;
}

const superscripts: Readonly<Record<string, string>> = { '⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9', 'ⁿ': 'n', 'ᵏ': 'k', 'ᵐ': 'm' };

/** The growth that the inside of `O(…)` spells; undefined where it cannot be read. */
export function parseGrowth(source: string): Growth | undefined {
  const text = source
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵏᵐ]+/gu, (run) => `^(${Array.from(run, (char) => superscripts[char] ?? '').join('')})`)
    .replace(/\\(?:left|right|,|;|!|:|quad|displaystyle|big|Big)(?![a-zA-Z])/g, ' ')
    .replace(/\\(?:times|cdot|ast)|[·×⋅∙∗]/g, '*')
    .replace(/\\(?:operatorname|text|mathrm|mathit|mathbf)\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/\\(?:log|lg|ln)/g, ' log ')
    .replace(/\\sqrt\s*/g, ' sqrt ')
    .replace(/√/g, ' sqrt ')
    .replace(/\\(?:max|min)/g, (name) => ` ${name.slice(1)} `)
    .replace(/\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '(($1)/($2))')
    .replace(/\*\*/g, '^')
    // The place that a name with a bracket spells is one size: orders[0].customer.
    .replace(/[\p{L}_][\p{L}\p{N}_'.]*(?:\[[\p{L}\p{N}_'.:-]*\][\p{L}\p{N}_'.]*)+/gu, (place) => (/^(?:log|lg|ln|sqrt|max|min)/i.test(place) ? place : place.replace(/\[/g, '⟦').replace(/\]/g, '⟧')))
    .replace(/[{[]/g, '(')
    .replace(/[}\]]/g, ')')
    .replace(/\|([^|]*)\|/g, '($1)')
    .replace(/[$\\`]/g, ' ');
  const tokens = text.match(/\d+(?:\.\d+)?|[\p{L}][\p{L}\p{N}_'.]*(?:⟦[^⟧]*⟧[\p{L}\p{N}_'.]*)*|[()+\-*/^!,]/gu)?.map((token) => token.replace(/⟦/g, '[').replace(/⟧/g, ']')) ?? [];
  const parser = new GrowthParser(tokens);
  const growth = parser.sum();
  return growth === undefined || !parser.atEnd() || tokens.length === 0 ? undefined : growth;
}

class GrowthParser {
  private at = 0;
  private readonly tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  private peek(): string | undefined {
    return this.tokens[this.at];
  }

  private take(token: string): boolean {
    if (this.peek() === token) {
      this.at += 1;
      return true;
    }
    return false;
  }

  sum(): Growth | undefined {
    let result = this.product();
    while (result !== undefined && (this.peek() === '+' || this.peek() === '-')) {
      const sign = this.peek();
      this.at += 1;
      const next = this.product();
      if (next === undefined) {
        return undefined;
      }
      // What is taken away does not make a bound grow.
      result = sign === '+' ? add(result, next) : result;
    }
    return result;
  }

  private product(): Growth | undefined {
    let result = this.raised();
    for (;;) {
      const token = this.peek();
      if (result === undefined || token === undefined || token === ')' || token === '+' || token === '-' || token === ',') {
        return result;
      }
      if (token === '/') {
        this.at += 1;
        const by = this.raised();
        if (by === undefined) {
          return undefined;
        }
        // 1/2 is a number; a division by a size is left as an upper bound.
        const [above, below] = [constantValue(result), constantValue(by)];
        result = above !== undefined && below !== undefined ? constant(above / below) : result;
        continue;
      }
      this.take('*');
      const next = this.raised();
      result = next === undefined ? undefined : multiply(result, next);
    }
  }

  private raised(): Growth | undefined {
    const base = this.primary();
    if (base === undefined) {
      return undefined;
    }
    let result = base;
    while (this.take('!')) {
      result = factorial(result);
    }
    if (!this.take('^')) {
      return result;
    }
    const exponent = this.raised();
    if (exponent === undefined) {
      return undefined;
    }
    const value = constantValue(exponent);
    return value === undefined ? exponential(result, exponent) : power(result, value);
  }

  private primary(): Growth | undefined {
    const token = this.peek();
    if (token === undefined) {
      return undefined;
    }
    this.at += 1;
    if (token === '(') {
      const inside = this.sum();
      return this.take(')') ? inside : undefined;
    }
    if (/^\d/.test(token)) {
      return constant(Math.max(1, Number(token)));
    }
    if (/^(?:log|lg|ln|log2|log10)$/i.test(token)) {
      // log_2 n, log² n
      let times = 1;
      if (this.take('^')) {
        times = constantValue(this.primary() ?? one) ?? 1;
      }
      const of = this.raised();
      return of === undefined ? undefined : power(logarithm(of), Math.max(1, Math.round(times)));
    }
    if (/^log[_\d]/i.test(token)) {
      const of = this.raised();
      return of === undefined ? undefined : logarithm(of);
    }
    if (/^sqrt$/i.test(token)) {
      const of = this.raised();
      return of === undefined ? undefined : power(of, 0.5);
    }
    if (/^(?:max|min)$/i.test(token) && this.take('(')) {
      let result = this.sum();
      while (result !== undefined && this.take(',')) {
        const next = this.sum();
        result = next === undefined ? undefined : token.toLowerCase() === 'max' ? maximum(result, next) : minimum(result, next);
      }
      return this.take(')') ? result : undefined;
    }
    if (!/^\p{L}/u.test(token)) {
      return undefined;
    }
    // nlogn, mlog
    const glued = /^(\p{L})log(\p{L}*)$/u.exec(token);
    if (glued?.[1] !== undefined) {
      const of = glued[2] === undefined || glued[2] === '' ? this.raised() : size(glued[2]);
      return of === undefined ? undefined : multiply(size(glued[1]), logarithm(of));
    }
    if (/^α|^alpha$/i.test(token) && this.peek() === '(') {
      // The inverse of Ackermann's function is at most 4 for any input that fits a computer.
      this.primary();
      return one;
    }
    if (/^(?:length|len|size|count|nodes|sum|number)$/i.test(token) && this.take('(')) {
      const from = this.at;
      const inside = this.sum();
      return inside !== undefined && this.take(')') ? size(`${token}(${this.tokens.slice(from, this.at - 1).join('')})`) : undefined;
    }
    // mn and VE are products of two sizes.
    return /^(?:[a-z]{2}|[A-Z]{2})$/.test(token) ? Array.from(token, (letter) => size(letter)).reduce(multiply) : size(token);
  }
}

/** `O(n^3)`, where the claim is higher than needed, is true but weaker than what was derived. */
export function checkClaim(report: ComplexityReport, claim: string): ClaimVerdict {
  const derived = report.whole.time;
  const isKnown = derived.class !== 'unknown';
  const read = readClaim(claim);
  const derivedPart = isKnown ? { derivedClass: derived.class } : {};
  const derivedText = isKnown ? derived.expression : '';
  if (read === undefined) {
    return { agreement: 'cannot-tell', claim: '', derived: derivedText, ...derivedPart, explanation: t('No complexity could be read from the answer.') };
  }
  const claimClass: ComplexityClass = classOf(read.rank);
  const common = { claim: read.text, derived: derivedText, claimClass, ...derivedPart };
  if (!isKnown) {
    const [reason] = report.whole.undecided;
    return { agreement: 'cannot-tell', ...common, explanation: reason === undefined ? t('The analysis could not derive a bound.') : t('The analysis could not derive a bound: {0}.', reason) };
  }
  const order = compareRanks(read.rank, report.whole.timeRank);
  const isSame = claimClass === derived.class || order === 0;
  if (isSame) {
    return { agreement: 'agrees', ...common, explanation: t('The derivation gives {0}, as claimed.', derived.expression) };
  }
  if (derived.confidence === 'guess') {
    return { agreement: 'cannot-tell', ...common, explanation: t('The derivation gives {0}, but rests on a guess, so it does not settle the claim {1}.', derived.expression, read.text) };
  }
  if (order > 0 && report.whole.unknownCalls.length > 0) {
    const [first = ''] = report.whole.unknownCalls;
    return {
      agreement: 'cannot-tell',
      ...common,
      explanation: t('The derivation gives {0} without what {1} costs, which is not part of this code. It does not settle the claim {2}.', derived.expression, first, read.text),
    };
  }
  if (order > 0 && !read.isTight) {
    return { agreement: 'weaker', ...common, explanation: t('{0} is an upper bound, but the derivation gives the tighter {1}.', read.text, derived.expression) };
  }
  return { agreement: 'disagrees', ...common, explanation: t('The derivation gives {0}, not {1}.', derived.expression, read.text) };
}
