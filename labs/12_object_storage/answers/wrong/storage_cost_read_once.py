"""Pays for reading once, however often it is read.

caught_by: test_storage_cost_of_a_month_and_of_reading
hint: for each time
"""


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    paid = max(days, price["least_days"]) * 24 / 730
    return gib * (price["gib_month"] * paid + price["gib_read"] * (reads > 0))
