"""How much to keep in stock."""

from functools import lru_cache


def cheapest_refill(needed, packs):
    """Least cost in cents to buy at least `needed` pieces from `packs` of (pieces, price)."""

    @lru_cache(maxsize=None)
    def cost(missing):
        if missing <= 0:
            return 0
        return min(price + cost(missing - pieces) for pieces, price in packs)

    return cost(needed)


def ways_to_pack(boxes, items):
    """In how many ways `items` equal items fit into `boxes` different boxes, in plain recursion."""
    if items == 0:
        return 1
    if boxes == 0:
        return 0
    return ways_to_pack(boxes - 1, items) + ways_to_pack(boxes, items - 1)


def moving_average(sales, window):
    """Mean of each `window` days in a row."""
    if window <= 0 or window > len(sales):
        return []
    running = sum(sales[:window])
    means = [running / window]
    for day in range(window, len(sales)):
        running += sales[day] - sales[day - window]
        means.append(running / window)
    return means
