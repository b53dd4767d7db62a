"""What storing costs: a table with a date, and the arithmetic that does not age.

Prices change, and they differ between places. These are the prices of one region (us-central1) as
Google's page "Cloud Storage pricing" told them on the day of READ. Look there before you decide.
"""

READ = "2026-09-20"
SOURCE = "https://cloud.google.com/storage/pricing"
PRICES = {  # US dollars; the page counts by the hour, and 730 hours are a month
    "STANDARD": {"gib_month": 0.020, "gib_read": 0.0, "least_days": 0},
    "NEARLINE": {"gib_month": 0.010, "gib_read": 0.01, "least_days": 30},
    "COLDLINE": {"gib_month": 0.004, "gib_read": 0.02, "least_days": 90},
    "ARCHIVE": {"gib_month": 0.0012, "gib_read": 0.05, "least_days": 365},
}
REQUESTS = {"write": 0.005, "read": 0.0004}  # for a thousand, STANDARD; the others are dearer
HOURS_A_MONTH = 730


def storage_cost(gib: float, days: float, reads: int, price: dict[str, float]) -> float:
    """What it costs to store `gib` GiB for some days, to read all of it `reads` times, and then to
    delete it, in US dollars.

    `price` is that of a storage class: `gib_month`, dollars for a GiB and a month; `gib_read`,
    dollars for each GiB that is read; `least_days`, the minimum duration. Whoever deletes earlier
    pays for storage as if it had been deleted on that day. Storage is counted by the hour, and a
    month has 730 hours.

    >>> cold = {"gib_month": 0.01, "gib_read": 0.02, "least_days": 30}
    >>> round(storage_cost(100, 10, 1, cold), 4)                 # 30 days are paid, not 10
    2.9863
    """
    hours = max(days, price["least_days"]) * 24
    return gib * (price["gib_month"] * hours / HOURS_A_MONTH + price["gib_read"] * reads)
