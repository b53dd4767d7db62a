"""Sets lose equal rows.

caught_by: test_join_makes_every_pair
hint: as often as they occur
"""


def join(key, rows):
    sides = {"left": set(), "right": set()}
    for side, row in rows:
        sides[side].add(row)
    for left in sides["left"]:
        for right in sides["right"]:
            yield key, (left, right)
