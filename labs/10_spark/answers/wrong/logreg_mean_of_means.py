"""Takes the mean of the partitions' means, and partitions differ in size.

caught_by: test_logreg_finds_the_weights
hint: one share for each point
"""

import numpy as np


def logreg(lines, parse, steps, rate):
    def mean(part):
        slopes = [slope(point, weights) for point in part]
        if slopes:
            yield np.mean(slopes, axis=0)

    points = lines.map(parse).cache()
    weights = np.zeros(len(points.first()) - 1)
    for _ in range(steps):
        means = points.mapPartitions(mean).collect()
        weights = weights - rate * np.mean(means, axis=0)
    points.unpersist()
    return weights.tolist()
