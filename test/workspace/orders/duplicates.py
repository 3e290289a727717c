"""Orders that were probably entered twice."""

from .matching import normalized, same_order


def find_duplicates(orders):
    """Pairs of orders that look the same, in the order in which they came in."""
    pairs = []
    for i, first in enumerate(orders):
        for second in orders[i + 1 :]:
            if same_order(first, second):
                pairs.append((first, second))
    return pairs


def find_duplicates_by_key(orders):
    """The same pairs as a dictionary from what identifies an order to the orders that share it."""
    groups = {}
    for order in orders:
        key = (normalized(order.customer), normalized(order.item), order.quantity)
        groups.setdefault(key, []).append(order)
    return {key: group for key, group in groups.items() if len(group) > 1}
