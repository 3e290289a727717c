import { type Atom, type Growth, isConstant, type Term } from './terms';
import { compareRanks, dominating, rankOfTerm } from './ranks';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function raised(text: string, exponent: number): string {
  if (exponent === 1) {
    return text;
  }
  if (exponent === 0.5) {
    return `√${text}`;
  }
  if (Number.isInteger(exponent) && exponent >= 0 && exponent < 10) {
    return text + superscripts.charAt(exponent);
  }
  const digits = formatNumber(exponent);
  return /^\d+$/.test(digits) ? text + Array.from(digits, (digit) => superscripts[Number(digit)] ?? digit).join('') : `${text}^${digits}`;
}

/** A number with at most two decimals. */
export function formatNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function printTerm(each: Term): string {
  const ordered = each.factors.length < 2 ? each.factors : [...each.factors].sort((a, b) => order(a.atom) - order(b.atom) || (a.atom.key < b.atom.key ? -1 : 1));
  const parts = ordered.map(({ atom, power: exponent }) => {
    switch (atom.kind) {
      case 'size':
        return raised(atom.name, exponent);
      case 'log': {
        const inner = print(atom.of);
        const text = /^[\p{L}\d_]+$/u.test(inner) ? ` ${inner}` : `(${inner})`;
        return `${raised('log', exponent)}${text}`;
      }
      case 'exponential': {
        const inner = print(atom.exponent);
        return `${atom.base}^${/^[\p{L}\d_]+$/u.test(inner) && exponent === 1 ? inner : `(${exponent === 1 ? '' : `${formatNumber(exponent)}·`}${inner})`}`;
      }
      case 'factorial': {
        const inner = print(atom.of);
        return raised(/^[\p{L}\d_]+$/u.test(inner) ? `${inner}!` : `(${inner})!`, exponent);
      }
    }
  });
  return parts.length === 0 ? '1' : parts.join('·');
}

function order(atom: Atom): number {
  return atom.kind === 'size' ? 0 : atom.kind === 'log' ? 3 : atom.kind === 'exponential' ? 1 : 2;
}

/** The dominating terms without coefficients: `len(xs)·k`, `V + E`, `1`. */
export function print(growth: Growth): string {
  if (isConstant(growth)) {
    return '1';
  }
  const kept = dominating(growth).terms;
  const terms = kept.length < 2 ? kept : [...kept].sort((a, b) => compareRanks(rankOfTerm(b), rankOfTerm(a)));
  const named = terms.filter((each) => each.factors.length > 0);
  return named.length === 0 ? '1' : named.map(printTerm).join(' + ');
}
