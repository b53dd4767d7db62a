"""Logistic regression by gradient descent: an algorithm that wants the same data again and again.

Every step needs one number a weight from all points: the gradient, a sum over points. So a step is
a map and a reduce. What is sent to the workers are the weights, and what comes back is one array a
partition. The points stay where they are, if somebody keeps them there.
"""

from collections.abc import Callable
from operator import add

import numpy as np
from pyspark import RDD


def parse(line: str) -> np.ndarray:
    """A point of one line: its label (0 or 1), the constant 1, its features.

    >>> parse("1 0.5 -2")
    array([ 1. ,  1. ,  0.5, -2. ])
    """
    label, *features = map(float, line.split())
    return np.array([label, 1.0, *features])


def slope(point: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What one point adds to the gradient of the log loss: (predicted - label) * features.

    >>> slope(np.array([1.0, 1.0, 4.0]), np.zeros(2))
    array([-0.5, -2. ])
    """
    label, features = point[0], point[1:]
    predicted = 1 / (1 + np.exp(-features @ weights))
    return (predicted - label) * features


def logreg(
    lines: RDD[str], parse: Callable[[str], np.ndarray], steps: int, rate: float
) -> list[float]:
    """The weights of a logistic regression after some steps of gradient descent.

    `lines` is an RDD of text, a point a line (at least one); `parse` makes an array (label, 1,
    features...) of each. The weights start at 0. Each of the `steps` subtracts from them `rate`
    times the mean of `slope(point, weights)` over all points. Returns the weights, that of the
    constant first.

    However many steps there are, each line is read and parsed once. Points do not come to the
    driver, only sums of slopes do. When the function returns, nothing of it is kept on the workers.

    >>> logreg(sc.parallelize(["1 2.0", "0 -2.0"]), parse, steps=1, rate=0.5)
    [0.0, 0.5]
    """
    points = lines.map(parse).cache()
    many = points.count()
    weights = np.zeros(len(points.first()) - 1)
    for _ in range(steps):
        gradient = points.map(lambda point, at=weights: slope(point, at)).reduce(add)
        weights = weights - rate * gradient / many
    points.unpersist()
    return weights.tolist()
