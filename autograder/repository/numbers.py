"""Files of parameters, metrics and models as values by dotted names ("train.rate")."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Plain = str | int | float | bool | None


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Plain]]:
    """The leaves of nested mappings and lists, with their dotted names.

    >>> dict(flat({"train": {"rate": 0.1}, "sizes": [3, 4]}))
    {'train.rate': 0.1, 'sizes.0': 3, 'sizes.1': 4}
    """
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from flat(inner, f"{name}.{key}" if name else str(key))
    else:
        yield name, value if isinstance(value, str | int | float | None) else str(value)


def parsed(data: bytes) -> Any:
    """What a JSON or YAML file holds, None if it is neither."""
    try:
        return yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None


def numbers(data: bytes) -> dict[str, float] | None:
    """The numbers of a JSON or YAML file; None if it is neither, or holds anything else."""
    values = dict(flat(parsed(data)))
    good = all(isinstance(value, int | float) for value in values.values())
    return {name: float(value) for name, value in values.items()} if good else None  # type: ignore[arg-type]


def numbers_of(files: Mapping[str, object], paths: Iterable[str]) -> dict[str, dict[str, float]]:
    """The numbers of those of `paths` that are files of numbers, by path."""
    data = ((path, files.get(path)) for path in paths)
    read = ((path, numbers(found)) for path, found in data if isinstance(found, bytes))
    return {path: values for path, values in read if values is not None}


def only(path: Path, names: list[str]) -> bytes:
    """A file of parameters with those alone that are declared; all of it if none is named, or if it
    is neither YAML nor JSON."""
    if not path.is_file():
        return b""
    data = path.read_bytes()
    if not names or path.suffix not in (".yaml", ".yml", ".json"):
        return data
    kept: dict[str, Any] = {}
    whole = yaml.safe_load(data)
    for name in names:
        _copy(whole, kept, name.split("."))
    return (json.dumps(kept) if path.suffix == ".json" else yaml.safe_dump(kept)).encode()


def _copy(source: Any, target: dict[str, Any], keys: list[str]) -> None:
    """Copy one value along its keys, if there is one."""
    first, *rest = keys
    if not isinstance(source, dict) or first not in source:
        return
    if rest:
        _copy(source[first], target.setdefault(first, {}), rest)
    else:
        target[first] = source[first]
