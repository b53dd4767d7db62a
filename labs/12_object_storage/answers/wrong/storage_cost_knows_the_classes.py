"""Takes the minimum from the name of the class that has this price.

caught_by: test_storage_cost_of_random_classes
hint: Take all prices from
"""


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    least = {0.02: 0, 0.01: 30, 0.004: 90, 0.0012: 365}.get(price["gib_month"], 0)
    return gib * (price["gib_month"] * max(days, least) * 24 / 730 + price["gib_read"] * reads)
