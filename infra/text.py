"""Text: what passengers wrote, as lines of words with one space between them.

Words are Zipf-like: ordinary ones first, then the payments, then the zones of the town.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infra.world import PAYMENTS, ZONES, draw, shares

KEY = 3
FORMATS = ("parquet", "txt")
SCHEMA = pa.schema({"line": pa.string()})

ORDINARY = """
the a to and of in it was i for on is we my at with you that but not this from had very driver
taxi ride trip time late car street so they me have again no all by good then when our were station
airport home night morning rain traffic city street corner bridge river park market hotel office
door bag phone map price fare tip change receipt minutes hour long short fast slow safe clean warm
cold quiet loud friendly kind polite rude lost found waited called asked paid drove stopped turned
took came went left right before after near far past over under through between around because
while until never always often sometimes maybe thanks please sorry hello today tomorrow yesterday
monday friday sunday week month year first second last next same other another every many few two
three four five ten red blue green light dark old new big small open closed early busy empty full
front back window seat belt music radio road lane highway tunnel square church school hospital
theatre museum stadium harbour ferry train bus bicycle passenger child mother father friend family
"""
WORDS = list(dict.fromkeys([*ORDINARY.split(), *PAYMENTS, *ZONES]))
WORD = shares([10**9 // (rank + 2) for rank in range(len(WORDS))], 16)
LENGTH = 3 + shares([1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 2, 1], 16, np.int32)


def generate(seed: int, partition: int, first: int, rows: int) -> pa.Table:  # noqa: ARG001
    """One partition: ``rows`` lines of 3 to 15 words."""
    most = int(LENGTH.max()) + 1
    bits = draw(seed, KEY, partition, rows * most // 4).view("<u2").reshape(rows, most)
    lengths = LENGTH[bits[:, 0]]
    chosen = bits[:, 1:][np.arange(most - 1) < lengths[:, None]]
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    words = pa.array(WORDS).take(pa.array(WORD[chosen]))
    lines = pa.ListArray.from_arrays(ends, words)
    return pa.table({"line": pc.call_function("binary_join", [lines, pa.scalar(" ")])})
