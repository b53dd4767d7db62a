"""Spark without installing it: a lean JVM for a notebook, clusters, and the measuring of both.

A notebook needs two lines, and none of them says where Spark runs:

>>> from infra import spark; spark.prepare()                      # doctest: +SKIP
>>> session = SparkSession.builder.getOrCreate()                  # doctest: +SKIP
>>> with spark.watch() as facts: ...                              # doctest: +SKIP
"""

from infra.spark.facts import SparkFacts, StageFacts
from infra.spark.home import environment, prepare
from infra.spark.measure import begin, end, watch

__all__ = ["SparkFacts", "StageFacts", "begin", "end", "environment", "prepare", "watch"]
