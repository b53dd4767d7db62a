"""Trips: who drove from where, how far, and what was paid.

Zones are Zipf-like, pickups follow the hours of the week, only card and app leave a tip, and one
trip in two hundred was called off: distance 0 and a flat fee.
"""

import numpy as np
import pyarrow as pa

from infra.world import DAYS, PAYMENTS, START, ZONE, ZONES, draw, moments, quantile, shares

KEY = 1
SCHEMA = pa.schema(
    {
        "trip_id": pa.int64(),
        "pickup": pa.timestamp("us"),
        "zone": pa.string(),
        "distance_m": pa.int32(),
        "passengers": pa.int8(),
        "payment": pa.string(),
        "fare_cents": pa.int64(),
        "tip_cents": pa.int64(),
    }
)

# Metres, at every 32nd part of the trips.
METRES = (300, 620, 800, 950, 1080, 1200, 1320, 1440, 1560, 1680, 1810, 1940, 2080, 2220, 2370)
METRES += (2530, 2700, 2880, 3080, 3300, 3540, 3810, 4110, 4450, 4840, 5300, 5850, 6530, 7400)
METRES += (8600, 10500, 14500, 42000)
REACH = np.array([70 + 37 * zone % 120 for zone in range(len(ZONES))], dtype=np.int64)  # percent
REACH[[42, 117]] = 400  # the airports
PAYMENT = shares([46, 18, 33, 3], 16, np.int8)
PASSENGERS = shares([0, 179, 41, 16, 10, 5, 5], 8, np.int8)
TIP = shares([76, 26, 77, 38, 31, 8], 8, np.int8) * np.int64(5)  # percent of the fare
FLAT = 400  # cents for a trip that was called off


def generate(seed: int, partition: int, first: int, rows: int) -> pa.Table:
    """One partition: ``rows`` trips with ids from ``first``, strings dictionary-encoded."""
    bits = draw(seed, KEY, partition, 2 * rows).astype("<u8")
    low, high = bits[:rows].view("<u2").reshape(-1, 4), bits[rows:]
    seconds = moments(low[:, 0], low[:, 1])
    zone, payment = ZONE[low[:, 2]], PAYMENT[low[:, 3]]
    rest = high.view("<u2").reshape(-1, 4)
    off = rest[:, 2] < 328
    metres = quantile(high.view("<u4").reshape(-1, 2)[:, 0], METRES) * REACH[zone] // 100
    metres[off] = 0
    fare = 250 + metres * 18 // 100 + ((rest[:, 2].astype(np.int64) * 200) >> 16)
    night = seconds // 3600 % 24 < 6
    fare[night] += fare[night] // 5
    fare[off] = FLAT
    tip = fare * TIP[rest[:, 3] >> 8] // 100
    tip[off | (payment % 2 == 1)] = 0
    pickup = np.datetime64(START, "us") + (seconds + partition * DAYS * 86400) * np.timedelta64(
        1, "s"
    )
    return pa.table(
        {
            "trip_id": np.arange(first, first + rows),
            "pickup": pickup,
            "zone": pa.DictionaryArray.from_arrays(zone, ZONES),
            "distance_m": metres.astype(np.int32),
            "passengers": PASSENGERS[rest[:, 3] & 255],
            "payment": pa.DictionaryArray.from_arrays(payment, PAYMENTS),
            "fare_cents": fare,
            "tip_cents": tip,
        }
    )
