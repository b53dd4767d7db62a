"""Aggregates with a start, and keeps the points by `persist`."""

import numpy as np


def logreg(lines, parse, steps, rate):
    points = lines.map(parse).persist()
    weights = np.zeros(len(points.first()) - 1)
    try:
        for _ in range(steps):
            start = (np.zeros(len(weights)), 0)
            total, many = points.aggregate(
                start,
                lambda sums, point: (sums[0] + slope(point, weights), sums[1] + 1),
                lambda a, b: (a[0] + b[0], a[1] + b[1]),
            )
            weights = weights - rate * total / many
        return weights.tolist()
    finally:
        points.unpersist(blocking=True)
