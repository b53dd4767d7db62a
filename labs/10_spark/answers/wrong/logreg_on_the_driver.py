"""Fetches the points, and does the rest at home.

caught_by: test_logreg_works_where_the_points_are
hint: on the driver
"""

import numpy as np


def logreg(lines, parse, steps, rate):
    rows = np.array(lines.map(parse).collect())
    labels, features = rows[:, 0], rows[:, 1:]
    weights = np.zeros(features.shape[1])
    for _ in range(steps):
        predicted = 1 / (1 + np.exp(-features @ weights))
        weights = weights - rate * (predicted - labels) @ features / len(rows)
    return weights.tolist()
