import type { Product } from './products';

/** Index of the product with this number in a list sorted by number, or -1. */
export function findProduct(products: readonly Product[], number: number): number {
  let low = 0;
  let high = products.length - 1;
  while (low <= high) {
    const middle = low + Math.floor((high - low) / 2);
    const candidate = products[middle]!;
    if (candidate.number === number) {
      return middle;
    }
    if (candidate.number < number) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return -1;
}

/** Fewest letters to insert, delete or replace to make `from` into `to`. */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}

/** Names that are at most two letters away from what was typed, nearest first. */
export function suggest(products: readonly Product[], typed: string): string[] {
  return products
    .map(({ name }) => ({ name, distance: editDistance(name.toLowerCase(), typed.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
}
