"""Goes through the rows twice; the second time there are none.

caught_by: test_join_pairs_both_sides
hint: Each pair is
"""


def join(key, rows):
    left = [row for side, row in rows if side == "left"]
    right = [row for side, row in rows if side == "right"]
    for one in left:
        for other in right:
            yield key, (one, other)
