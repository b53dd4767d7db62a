"""Adds what is charged for an early deletion, as the bill does."""


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    a_day = gib * price["gib_month"] * 24 / 730
    early = max(0.0, price["least_days"] - days)
    return a_day * days + a_day * early + gib * price["gib_read"] * reads
