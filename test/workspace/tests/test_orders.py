import unittest

from orders.duplicates import find_duplicates, find_duplicates_by_key
from orders.forecast import cheapest_refill, moving_average, ways_to_pack
from orders.model import Order


class OrdersTest(unittest.TestCase):
    orders = [
        Order(1, "Ada Byron", "tea", 2, 450),
        Order(2, "Zoë", "coffee", 1, 780),
        Order(3, " ada byron", "Tea", 2, 450),
    ]

    def test_duplicates(self):
        self.assertEqual(find_duplicates(self.orders), [(self.orders[0], self.orders[2])])
        self.assertEqual(list(find_duplicates_by_key(self.orders)), [("ada byron", "tea", 2)])

    def test_forecast(self):
        self.assertEqual(cheapest_refill(7, ((5, 40), (1, 10))), 60)
        self.assertEqual(ways_to_pack(2, 3), 4)
        self.assertEqual(moving_average([1, 2, 3, 4], 2), [1.5, 2.5, 3.5])


if __name__ == "__main__":
    unittest.main()
