"""Reads and parses the lines in every step.

caught_by: test_logreg_reads_each_line_once
hint: were read again
"""

from operator import add

import numpy as np


def logreg(lines, parse, steps, rate):
    points = lines.map(parse)
    many = points.count()
    weights = np.zeros(len(points.first()) - 1)
    for _ in range(steps):
        weights = weights - rate * points.map(lambda p: slope(p, weights)).reduce(add) / many
    return weights.tolist()
