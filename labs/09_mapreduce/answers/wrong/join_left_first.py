"""Believes that the left rows come first.

caught_by: test_join_pairs_both_sides
hint: may come before its left row
"""


def join(key, rows):
    left = []
    for side, row in rows:
        if side == "left":
            left.append(row)
        else:
            for other in left:
                yield key, (other, row)
