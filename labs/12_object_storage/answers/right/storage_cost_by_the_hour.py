"""Counts GiB hours, as the price list does."""


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    paid = days if days > price["least_days"] else price["least_days"]
    gib_hour = price["gib_month"] / 730
    return sum([paid * 24 * gib * gib_hour, *[gib * price["gib_read"]] * reads])
