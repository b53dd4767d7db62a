"""Has every point's slope sent to the driver, and adds them up there.

caught_by: test_logreg_works_where_the_points_are
hint: sent to the driver
"""

import numpy as np


def logreg(lines, parse, steps, rate):
    points = lines.map(parse).cache()
    weights = np.zeros(len(points.first()) - 1)
    for _ in range(steps):
        slopes = points.map(lambda point: slope(point, weights)).collect()
        weights = weights - rate * np.mean(slopes, axis=0)
    points.unpersist()
    return weights.tolist()
