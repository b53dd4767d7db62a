"""Trips: who drove from where, how far, and what was paid.

Zones are Zipf-like, pickups follow the hours of the week, only card and app leave a tip, and one
trip in two hundred was called off: distance 0 and a flat fee.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from infra.world import PAYMENTS, SECONDS, ZONE, ZONES, draw, moment, quantile, seconds, shares

KEY = 1
FORMATS = ("parquet", "csv")
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

# Metres at every 32nd part of the trips, before the zone's reach.
METRES = (300, 620, 800, 950, 1080, 1200, 1320, 1440, 1560, 1680, 1810, 1940, 2080, 2220, 2370)
METRES += (2530, 2700, 2880, 3080, 3300, 3540, 3810, 4110, 4450, 4840, 5300, 5850, 6530, 7400)
METRES += (8600, 10500, 14500, 42000)
REACH = np.array([70 + 37 * zone % 120 for zone in range(len(ZONES))], dtype=np.int64)  # percent
REACH[[42, 117]] = 400  # the airports
PAYMENT = shares([46, 18, 33, 3], 16, np.int8)
LEAVES_TIP = np.array([1, 0, 1, 0], dtype=np.int64)  # by payment
PASSENGERS = shares([0, 179, 41, 16, 10, 5, 5], 8, np.int8)
TIP = 5 * shares([76, 26, 77, 38, 31, 8], 8, np.int64)  # percent of the fare
OFF = 328  # of 65,536 trips were called off
FLAT = 400  # cents for such a trip


def generate(seed: int, partition: int, first: int, rows: int) -> pa.Table:
    """One partition: ``rows`` trips with ids from ``first``, strings dictionary-encoded."""
    bits = draw(seed, KEY, partition, 2 * rows)
    who, how = bits[:rows].view("<u2").reshape(-1, 4), bits[rows:].view("<u2").reshape(-1, 4)
    pickup = _ascending(seconds(who[:, 0], who[:, 1]))
    zone, payment = ZONE[who[:, 2]], PAYMENT[who[:, 3]]
    metres = quantile(bits[rows:].view("<u4").reshape(-1, 2)[:, 0], METRES) * REACH[zone] // 100
    metres[how[:, 2] < OFF] = 0
    fare = _fare(metres, pickup, how[:, 2])
    return pa.table(
        {
            "trip_id": np.arange(first, first + rows),
            "pickup": moment(partition, pickup, "s"),
            "zone": pa.DictionaryArray.from_arrays(zone, ZONES),
            "distance_m": metres.astype(np.int32),
            "passengers": PASSENGERS[how[:, 3] & 255],
            "payment": pa.DictionaryArray.from_arrays(payment, PAYMENTS),
            "fare_cents": fare,
            "tip_cents": fare * TIP[how[:, 3] >> 8] * LEAVES_TIP[payment] * (metres > 0) // 100,
        }
    )


def _fare(
    metres: NDArray[np.int64], pickup: NDArray[np.int64], wait: NDArray[np.uint16]
) -> NDArray[np.int64]:
    """Cents: 2.50, 1.80 a kilometre, up to 2.00 for waiting, a fifth more from 0 to 6 o'clock."""
    fare = 250 + metres * 18 // 100 + ((wait.astype(np.int64) * 200) >> 16)
    night = pickup // 3600 % 24 < 6
    fare[night] += fare[night] // 5
    fare[metres == 0] = FLAT
    return fare


def _ascending(values: NDArray[np.int32]) -> NDArray[np.int64]:
    """Sort seconds of a partition: counting them is faster than comparing."""
    return np.repeat(np.arange(SECONDS), np.bincount(values, minlength=SECONDS))
