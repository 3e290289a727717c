"""What an order is, and how to read orders from a file."""

import csv
from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    number: int
    customer: str
    item: str
    quantity: int
    price: int  # of one piece, in cents


def read_orders(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [
            Order(int(row["number"]), row["customer"], row["item"], int(row["quantity"]), int(row["price"]))
            for row in csv.DictReader(file)
        ]


def total(order):
    return order.quantity * order.price
