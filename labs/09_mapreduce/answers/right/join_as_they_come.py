"""Pairs each row, when it comes, with the rows of the other side that came before."""


def join(key, rows):
    left, right = [], []
    for side, row in rows:
        if side == "left":
            left.append(row)
            for other in right:
                yield key, (row, other)
        else:
            right.append(row)
            for other in left:
                yield key, (other, row)
