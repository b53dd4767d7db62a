"""Pays for whole months, as a subscription does.

caught_by: test_storage_cost_of_random_classes
hint: not by whole months
"""

import math


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    months = math.ceil(max(days, price["least_days"]) * 24 / 730)
    if price["least_days"] == 30 and days <= 30:
        months = 30 * 24 / 730
    return gib * (price["gib_month"] * months + price["gib_read"] * reads)
