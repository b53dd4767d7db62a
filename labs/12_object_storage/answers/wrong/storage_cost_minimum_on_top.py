"""Pays the whole minimum as a fine, besides the days.

caught_by: test_storage_cost_has_a_minimum_duration
hint: not the days before on top
"""


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    paid = days + (price["least_days"] if days < price["least_days"] else 0)
    return gib * (price["gib_month"] * paid * 24 / 730 + price["gib_read"] * reads)
