"""Pairs the first with the first, the second with the second.

caught_by: test_join_makes_every_pair
hint: every left row
"""


def join(key, rows):
    rows = list(rows)
    left = [row for side, row in rows if side == "left"]
    right = [row for side, row in rows if side == "right"]
    for pair in zip(left, right, strict=False):
        yield key, pair
