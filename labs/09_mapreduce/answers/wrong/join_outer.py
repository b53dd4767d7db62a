"""An outer join: rows without a partner meet None.

caught_by: test_join_of_one_side_is_empty
hint: without a row on the other side
"""


def join(key, rows):
    sides = {"left": [], "right": []}
    for side, row in rows:
        sides[side].append(row)
    for left in sides["left"] or [None]:
        for right in sides["right"] or [None]:
            yield key, (left, right)
