"""Prints what happened on a day: python3 -m orders.report FILE"""

import sys
from collections import Counter

from .duplicates import find_duplicates
from .model import read_orders, total


def best_sellers(orders, count):
    """The `count` items that sold most pieces, best first."""
    pieces = Counter()
    for order in orders:
        pieces[order.item.lower()] += order.quantity
    return sorted(pieces.items(), key=lambda entry: (-entry[1], entry[0]))[:count]


def main(path):
    orders = read_orders(path)
    print(f"{len(orders)} orders, {sum(map(total, orders)) / 100:.2f} in all")
    for item, pieces in best_sellers(orders, 3):
        print(f"  {pieces:4} {item}")
    for first, second in find_duplicates(orders):
        print(f"Entered twice? {first.number} and {second.number}")


if __name__ == "__main__":
    main(sys.argv[1])
