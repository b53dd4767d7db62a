"""The wire: plain values as bytes and back, between the judge and the student's process.

A message is JSON text and some binary blobs. JSON's own types stand for themselves; every other
value is an object with one key, its tag: `{"tuple": […]}`, `{"set": […]}`, `{"frame": {…}}`. Tables
and columns travel as Arrow streams, arrays as raw bytes. Nothing is ever unpickled; what arrives is
checked before it is built, and what comes out has exactly the built-in type (or the pandas, numpy
or Arrow type) that its tag names.

Layout of a message: a count of parts (4 bytes), the length of each part (8 bytes each), the parts;
all big-endian; the first part is the JSON text, the others are the blobs.

What a small message can make of itself is capped too: an integer's digits, the steps of a range,
and the elements of a set that all have one hash, which would take time that grows as their square.
"""

import datetime as dt
import json
import math
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

MAX_BYTES = 256 * 2**20
MAX_PARTS = 10_000
MAX_DEPTH = 100
MAX_HEX = 3_500  # digits of an integer: as many as Python still writes in decimal
CROWD = 64  # at most so many keys of one set or dictionary may share a hash
COUNT, LENGTH = struct.Struct(">I"), struct.Struct(">Q")


class WireError(ValueError):
    """A value that cannot travel, or bytes that are no message."""


def pack(value: Any) -> bytes:
    """Encode a value as one message; raise WireError, which names the type that cannot travel."""
    blobs: list[bytes | memoryview] = []
    try:
        text = json.dumps(_encode(value, blobs, 0), allow_nan=False).encode()
    except RecursionError:
        raise WireError(f"a value is nested more than {MAX_DEPTH} levels deep") from None
    parts = [text, *blobs]
    if len(parts) > MAX_PARTS:
        raise WireError(
            f"a value holds more than {MAX_PARTS - 1:,} texts in bytes, arrays or columns"
        )
    if sum(map(len, parts)) > MAX_BYTES:
        raise WireError(f"a value is larger than {MAX_BYTES // 2**20} MiB")
    return b"".join([COUNT.pack(len(parts)), *(LENGTH.pack(len(p)) for p in parts), *parts])


def unpack(message: bytes | bytearray, refs: Mapping[str, Any] | None = None) -> Any:
    """Decode a message; raise WireError for anything that `pack` does not make.

    `refs` are the names a `{"ref": name}` may stand for (the student's own objects, on the
    student's side).
    """
    text, *blobs = _parts(message)
    try:
        tree = json.loads(str(text, "utf-8"), object_pairs_hook=_one_key, parse_constant=_refuse)
        return _decode(tree, blobs, refs or {}, 0)
    except WireError:
        raise
    except RecursionError:
        raise WireError("a message is nested too deeply") from None
    except MemoryError:
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {error}"[:300]
        raise WireError(f"a message is malformed: {why}") from None


class Ours(bytes):
    """A message that this very process has packed: there is nothing in it to be wary of."""


class Ref:
    """The name of an object in the student's process: it travels as a name, and arrives as the
    object."""

    def __init__(self, name: str) -> None:
        self.name = name


def _parts(message: bytes | bytearray) -> list[memoryview]:
    if not COUNT.size <= len(message) <= MAX_BYTES + COUNT.size + MAX_PARTS * LENGTH.size:
        raise WireError(f"a message of {len(message)} bytes")
    (count,) = COUNT.unpack_from(message)
    start = COUNT.size + count * LENGTH.size
    if not 1 <= count <= MAX_PARTS or start > len(message):
        raise WireError(f"a message of {count} parts")
    lengths = [LENGTH.unpack_from(message, COUNT.size + i * LENGTH.size)[0] for i in range(count)]
    if start + sum(lengths) != len(message):
        raise WireError("a message's lengths do not add up")
    return list(_cut(memoryview(message).toreadonly(), start, lengths))


def _cut(message: memoryview, start: int, lengths: list[int]) -> Iterator[memoryview]:
    for length in lengths:
        yield message[start : start + length]
        start += length


def _one_key(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) != 1:
        raise WireError("an object in a message has exactly one key")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise WireError(f"{constant} is not JSON")


def _encode(value: Any, blobs: list[bytes | memoryview], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"a value is nested more than {MAX_DEPTH} levels deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else {"int": _hex(value)}
    if isinstance(value, float) and not _is_numpy(value):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, Ref):
        return {"ref": value.name}
    return _encode_other(value, blobs, depth + 1)


def _encode_other(value: Any, blobs: list[bytes | memoryview], depth: int) -> Any:
    if _is_data(value):
        return _encode_data(value, blobs, depth)
    if isinstance(value, list | tuple | set | frozenset):
        items = [_encode(item, blobs, depth) for item in value]
        kinds = ((tuple, "tuple"), (frozenset, "frozenset"), (set, "set"))
        tag = next((name for kind, name in kinds if isinstance(value, kind)), None)
        return {tag: items} if tag else items
    if isinstance(value, Mapping):
        return {
            "dict": [[_encode(k, blobs, depth), _encode(v, blobs, depth)] for k, v in value.items()]
        }
    if isinstance(value, bytes | bytearray):
        return {"bytes": _blob(bytes(value), blobs)}
    for kind, tag in ((dt.datetime, "datetime"), (dt.date, "date")):
        if isinstance(value, kind):
            return {tag: value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"timedelta": [value.days, value.seconds, value.microseconds]}
    raise WireError(
        f"{_article(type(value).__name__)} cannot leave the notebook: return plain values"
    )


def _article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _hex(value: int) -> str:
    text = hex(value)
    if len(text) > MAX_HEX:
        raise WireError(f"an integer of more than {MAX_HEX:,} hexadecimal digits cannot travel")
    return text


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WireError("a text with a lone surrogate cannot travel") from None
    return value


def _blob(data: bytes | memoryview, blobs: list[bytes | memoryview]) -> int:
    blobs.append(data)
    return len(blobs)


def _is_numpy(value: Any) -> bool:
    return type(value).__module__ == "numpy"


def _is_data(value: Any) -> bool:
    """Whether a value is numpy's, pandas' or Arrow's, asked without importing any of them."""
    roots = {kind.__module__.split(".")[0] for kind in type(value).__mro__}
    return not roots.isdisjoint({"numpy", "pandas", "pyarrow"})


def _encode_data(value: Any, blobs: list[bytes | memoryview], depth: int) -> Any:
    from autograder import wire_data

    tag, content = wire_data.encode(value, lambda data: _blob(data, blobs))
    if tag == "plain":
        return _encode(content, blobs, depth)
    return {tag: _encode(content, blobs, depth)}


def _decode(tree: Any, blobs: list[memoryview], refs: Mapping[str, Any], depth: int) -> Any:
    if depth > 3 * MAX_DEPTH + 3:  # a dictionary in a dictionary is three levels further down
        raise WireError("a message is nested too deeply")
    if isinstance(tree, str):
        return _text(tree)
    if isinstance(tree, list):
        return [_decode(item, blobs, refs, depth + 1) for item in tree]
    if not isinstance(tree, dict):
        return tree
    ((tag, content),) = tree.items()
    if tag == "bytes":
        return bytes(blobs[_index(content, blobs)])
    if tag == "ref":
        return _resolve(content, refs)
    if tag not in BUILD:
        return _decode_data(tag, _decode(content, blobs, refs, depth + 1), blobs)
    kind, build = BUILD[tag]
    if type(content) is not kind:
        raise WireError(f"the content of `{tag}` is no {kind.__name__}")
    return build(_decode(content, blobs, refs, depth + 1))


def _index(content: Any, blobs: list[memoryview]) -> int:
    if type(content) is not int or not 1 <= content <= len(blobs):
        raise WireError("a message names a blob that it does not hold")
    return content - 1


def _resolve(name: Any, refs: Mapping[str, Any]) -> Any:
    if name not in refs:
        raise WireError(f"the notebook does not define `{str(name)[:100]}`")
    return refs[name]


def _decode_data(tag: str, content: Any, blobs: list[memoryview]) -> Any:
    from autograder import wire_data

    return wire_data.decode(tag, content, lambda number: blobs[_index(number, blobs)])


def _int(text: str) -> int:
    if len(text) > MAX_HEX:
        raise WireError(f"an integer of more than {MAX_HEX:,} hexadecimal digits")
    return int(text, 16)


def _float(text: str) -> float:
    if text not in ("nan", "inf", "-inf"):
        raise WireError(f"{text[:20]!r} is no special number")
    return float(text)


def _dict(pairs: list[list[Any]]) -> dict[Any, Any]:
    if any(type(pair) is not list for pair in pairs):
        raise WireError("the content of `dict` is no list of pairs")
    _spread([key for key, _ in pairs])
    return dict(pairs)


def _spread(items: list[Any]) -> list[Any]:
    """Items to be hashed, unless they were chosen to have the same hash."""
    if len(items) > CROWD and max(Counter(map(hash, items)).values()) > CROWD:
        raise WireError("keys that all have the same hash")
    return items


BUILD: dict[str, tuple[type, Callable[[Any], Any]]] = {
    "int": (str, _int),
    "float": (str, _float),
    "tuple": (list, tuple),
    "set": (list, lambda items: set(_spread(items))),
    "frozenset": (list, lambda items: frozenset(_spread(items))),
    "dict": (list, _dict),
    "datetime": (str, dt.datetime.fromisoformat),
    "date": (str, dt.date.fromisoformat),
    "timedelta": (list, lambda parts: dt.timedelta(*parts)),
}
