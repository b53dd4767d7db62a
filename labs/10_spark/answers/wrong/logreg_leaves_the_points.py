"""Leaves the points in the workers' memory.

caught_by: test_logreg_works_where_the_points_are
hint: still in the workers
"""

from operator import add

import numpy as np


def logreg(lines, parse, steps, rate):
    points = lines.map(parse).cache()
    many = points.count()
    weights = np.zeros(len(points.first()) - 1)
    for _ in range(steps):
        weights = weights - rate * points.map(lambda p: slope(p, weights)).reduce(add) / many
    return weights.tolist()
