"""Keeps the lines, and parses them in every step.

caught_by: test_logreg_reads_each_line_once
hint: were parsed again
"""

from operator import add

import numpy as np


def logreg(lines, parse, steps, rate):
    lines = lines.cache()
    many = lines.count()
    weights = np.zeros(len(parse(lines.first())) - 1)
    for _ in range(steps):
        points = lines.map(parse)
        weights = weights - rate * points.map(lambda p: slope(p, weights)).reduce(add) / many
    lines.unpersist()
    return weights.tolist()
