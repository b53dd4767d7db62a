"""Measuring what Spark does: `begin` and `end`, or `watch` around a block.

`begin` notes where the application stands, `end` reads what came after: the ids of jobs, stages and
SQL executions only grow.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.spark.facts import SparkFacts, Token
from infra.spark.store import opened


def begin() -> Token:
    """Start to measure the Spark application of this process; returns the token `end` wants.

    There need be no application yet: then all counts that the next one does.
    """
    store = opened()
    return store.position() if store else Token()


def end(token: Token) -> SparkFacts:
    """Stop to measure, and return the facts. Wait for your results first.

    Raises LookupError if there is no Spark application in this process, if the one that ran at
    `begin` was stopped and no other was started, or if its JVM has ended.
    """
    store = opened()
    if store is None:
        raise LookupError("No Spark application runs here. Measure before `session.stop()`.")
    return store.since(token)


@contextmanager
def watch() -> Iterator[SparkFacts]:
    """Measure what the block has Spark do; the facts can be read once it is left.

    >>> with watch() as facts:                        # doctest: +SKIP
    ...     session.range(1000).count()
    >>> facts.jobs, facts.shuffle_read_records        # doctest: +SKIP
    (2, 2)
    """
    facts = object.__new__(SparkFacts)
    token = begin()
    yield facts
    vars(facts).update(vars(end(token)))
