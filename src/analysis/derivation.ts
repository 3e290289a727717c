import { type Growth, isConstant, one, size, sizesIn, someSize, substitute } from './algebra/bigO';
import { print } from './algebra/growthText';
import { bigO, type EvidenceNode, settled } from './following/engine';
import type { Lines } from './program/ir';

/** One line of the derivation: a loop, a recursion, a call. */
export interface Evidence {
  readonly kind: EvidenceNode['kind'];
  /** 1-based, both included. */
  readonly lines: Lines;
  /** What it is and why, for people. */
  readonly text: string;
  /** How often it runs each time it is reached, such as `n`. */
  readonly runs: string;
  /** What one run costs, such as `O(log n)`. */
  readonly each: string;
  /** Both together. */
  readonly total: string;
  /** How far inside others it stands; the evidence is in order, outermost first. */
  readonly level: number;
}

/** Names of sizes that stand for something open begin with one of these. */
const openMarks = '§¶¤@';

const isOpen = (name: string): boolean => name !== '' && openMarks.includes(name.charAt(0));

/** Sizes that stand for something open inside the engine do not reach a report. */
export function closed(growth: Growth): Growth {
  if (!someSize(growth, isOpen)) {
    return growth;
  }
  let result = growth;
  for (const name of sizesIn(growth)) {
    if (isOpen(name)) {
      result = substitute(result, name, name.startsWith('@') ? one : size('n'));
    }
  }
  return result;
}

const maxEvidence = 60;

/** Sizes that were open when a text was made, by what they turned out to be. */
function withSizes(solved: ReadonlyMap<string, Growth>, text: string): string {
  return !/[§¶¤]/.test(text) ? text : text.replace(/[§¶¤]\d+/g, (sigma) => print(closed(settled(solved, solved.get(sigma) ?? size('n')))));
}

/**
 * The derivation as a list, in the order of the lines. `solved` holds what the sizes that were open when a sentence was
 * made turned out to be.
 */
export function listEvidence(items: readonly EvidenceNode[], solved: ReadonlyMap<string, Growth>): Evidence[] {
  const list: Evidence[] = [];
  const explained = new Set<string>();
  const visit = (nodes: readonly EvidenceNode[], level: number): void => {
    const beside = new Set<string>();
    for (const node of [...nodes].sort((a, b) => a.lines.start - b.lines.start)) {
      const total = closed(node.total);
      if (list.length >= maxEvidence || (isConstant(total) && node.kind !== 'recursion')) {
        continue;
      }
      const line: Evidence = {
        kind: node.kind, lines: node.lines, text: withSizes(solved, typeof node.text === 'string' ? node.text : node.text()),
        runs: print(closed(node.runs)), each: bigO(closed(node.each)), total: bigO(total), level,
      };
      // The same call twice in one place, and a function called again with the same sizes, are told once.
      const key = `${line.kind} ${String(line.lines.start)} ${String(line.lines.end)} ${line.runs} ${line.each} ${line.total} ${line.text}`;
      if (beside.has(key)) {
        continue;
      }
      beside.add(key);
      list.push(line);
      const inside = node.kind === 'call' ? `${line.text} ${line.each}` : undefined;
      if (inside === undefined || !explained.has(inside)) {
        visit(node.children, level + 1);
      }
      if (inside !== undefined) {
        explained.add(inside);
      }
    }
  };
  visit(items, 0);
  return list;
}
