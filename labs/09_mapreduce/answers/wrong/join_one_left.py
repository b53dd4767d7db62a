"""Keeps one left row, as if keys were unique there.

caught_by: test_join_makes_every_pair
hint: meets every right row
"""


def join(key, rows):
    left, right = None, []
    for side, row in rows:
        if side == "left":
            left = row
        else:
            right.append(row)
    for row in right:
        if left is not None:
            yield key, (left, row)
