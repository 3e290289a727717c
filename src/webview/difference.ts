/** Which items of two lists stand in both, in the same order: their indexes in each. */
export interface CommonItems {
  readonly first: ReadonlySet<number>;
  readonly second: ReadonlySet<number>;
}

/** Most pairs that are compared; beyond it, order does not count any more. */
const mostPairs = 1_000_000;

/** The longest run of items that two lists have in common in the same order. Takes time and space n·m. */
export function commonItems(first: readonly string[], second: readonly string[]): CommonItems {
  if (first.length * second.length > mostPairs) {
    return { first: indexesIn(first, new Set(second)), second: indexesIn(second, new Set(first)) };
  }
  const width = second.length + 1;
  const lengths = new Uint32Array((first.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = first.length - 1; row >= 0; row -= 1) {
    for (let column = second.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] = first[row] === second[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const common = { first: new Set<number>(), second: new Set<number>() };
  let row = 0;
  let column = 0;
  while (row < first.length && column < second.length) {
    if (first[row] === second[column]) {
      common.first.add(row);
      common.second.add(column);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      row += 1;
    } else {
      column += 1;
    }
  }
  return common;
}

function indexesIn(items: readonly string[], others: ReadonlySet<string>): ReadonlySet<number> {
  return new Set(items.flatMap((item, index) => (others.has(item) ? [index] : [])));
}
