"""The tables that can be generated, by name.

A table is a module with KEY (its number among the random streams), SCHEMA, FORMATS, and
``generate(seed, partition, first, rows)``, which gives one partition with ids from ``first``.
"""

from types import ModuleType

from infra import clicks, text, trips

TABLES: dict[str, ModuleType] = {"trips": trips, "clicks": clicks, "text": text}
