"""When two orders count as the same one, entered twice."""

import unicodedata


def normalized(text):
    """Lower case, without accents and without space around it."""
    decomposed = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def same_order(first, second):
    return (
        first.quantity == second.quantity
        and normalized(first.customer) == normalized(second.customer)
        and normalized(first.item) == normalized(second.item)
    )
