"""Pays for the days that the object was there.

caught_by: test_storage_cost_has_a_minimum_duration
hint: pays as if it had been deleted
"""


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    return gib * (price["gib_month"] * days * 24 / 730 + price["gib_read"] * reads)
