import type { Changes, Update } from '../program/changes';
import type { Expression, Statement } from '../program/ir';
import { rootOf } from '../program/visit';

/**
 * Whether `update` sets a pointer back to a node that the inner loop `statement` put aside on its way, or past the end:
 * `while (p) { trail.push(p); p = p.left; } p = trail.pop(); …; p = p.right`. Each node of a tree is put aside once, so
 * all ways down together are as long as the tree has nodes.
 */
export function goesBackOnTrail(changes: Changes, name: string, update: Update, statement: Statement): boolean {
  const names = new Set([name]);
  for (const [other, updates] of changes.updates) {
    if (updates.some((each) => each.loops.includes(statement) && each.amount?.kind === 'name' && each.amount.name === name)) {
      names.add(other);
    }
  }
  const trails = new Set(changes.mutations.filter((mutation) => mutation.effect === 'push' && mutation.loops.includes(statement) && mutation.item?.kind === 'name' && names.has(mutation.item.name)).map((mutation) => mutation.root));
  const isEmptied = changes.mutations.some((mutation) => mutation.effect === 'pop' && trails.has(mutation.root) && !mutation.loops.includes(statement));
  if (!isEmptied) {
    return false;
  }
  const isTaken = (value: Expression | undefined): boolean => {
    switch (value?.kind) {
      case 'call':
        return value.callee.kind === 'member' && trails.has(rootOf(value.callee.object) ?? '');
      case 'index':
        return trails.has(rootOf(value.object) ?? '');
      default:
        return false;
    }
  };
  const isNode = (value: Expression): boolean => isTaken(value) || (value.kind === 'name' && (changes.updates.get(value.name) ?? []).some((each) => isTaken(each.amount)));
  const goesOn = (changes.updates.get(name) ?? []).some((each) => !each.loops.includes(statement) && each.amount?.kind === 'member' && rootOf(each.amount) !== undefined);
  const { amount } = update;
  return goesOn && amount !== undefined && (isNode(amount) || (amount.kind === 'member' && isNode(amount.object)) || (amount.kind === 'literal' && amount.value === null));
}
