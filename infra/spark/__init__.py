"""Spark without installing it: a lean JVM for a notebook, clusters, and the measuring of both.

A notebook needs two lines, and none of them says where Spark runs:

>>> from infra import spark; spark.prepare()                      # doctest: +SKIP
>>> session = SparkSession.builder.getOrCreate()                  # doctest: +SKIP
>>> with spark.watch() as facts: ...                              # doctest: +SKIP

A public name is loaded when it is first used: the Python workers of Spark's come here too.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.spark.facts import SparkFacts, StageFacts
    from infra.spark.home import environment, prepare
    from infra.spark.measure import begin, end, watch

__all__ = ["SparkFacts", "StageFacts", "begin", "end", "environment", "prepare", "watch"]

_HOMES = {
    "facts": ("SparkFacts", "StageFacts"),
    "home": ("environment", "prepare"),
    "measure": ("begin", "end", "watch"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"infra.spark.{home}"), name)
    raise AttributeError(f"module 'infra.spark' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
