"""One page of a bucket's names: in order, below a prefix, folded at a delimiter.

There are no folders. A bucket is a sorted list of names; "the folder trips/" is the run of names
that begin so. A delimiter folds each run that goes on behind it into one entry, a prefix, and a
single look into the list skips the run.
"""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from infra.store.refusal import bad_request


@dataclass(frozen=True)
class Wanted:
    """What a listing asks for. ``start`` belongs to it, ``end`` does not; "" is no bound."""

    prefix: str = ""
    delimiter: str = ""
    start: str = ""
    end: str = ""
    most: int = 1000
    token: str = ""


@dataclass(frozen=True)
class Page:
    """Names and prefixes, each in order, and the token of the next page ("" after the last)."""

    names: Sequence[str]
    prefixes: Sequence[str]
    token: str


def page(ordered: Sequence[str], wanted: Wanted) -> Page:
    """The page that ``wanted`` asks for, of names in order.

    >>> page(["a", "b/1", "b/2", "c"], Wanted(delimiter="/"))
    Page(names=['a', 'c'], prefixes=['b/'], token='')
    """
    names: list[str] = []
    prefixes: list[str] = []
    at = bisect_left(ordered, max(wanted.prefix, wanted.start))
    token = wanted.token and _decode(wanted.token)
    if token:
        at = max(at, _behind(ordered, token))
    while at < len(ordered) and _inside(ordered[at], wanted):
        if len(names) + len(prefixes) == wanted.most:
            return Page(names, prefixes, _encode(token))
        token = _entry(ordered[at], wanted)
        (prefixes if token[0] == "p" else names).append(token[1:])
        at = _behind(ordered, token)
    return Page(names, prefixes, "")


def _inside(name: str, wanted: Wanted) -> bool:
    return name.startswith(wanted.prefix) and (not wanted.end or name < wanted.end)


def _entry(name: str, wanted: Wanted) -> str:
    """How a name is listed: "n" and the name, or "p" and the prefix in which it disappears."""
    begin = len(wanted.prefix)
    end = name.find(wanted.delimiter, begin) if wanted.delimiter else -1
    return f"n{name}" if end < 0 else f"p{name[: end + len(wanted.delimiter)]}"


def _behind(ordered: Sequence[str], entry: str) -> int:
    """Where the list goes on behind an entry: behind the name, or behind the prefix's whole run."""
    kind, text = entry[0], entry[1:]
    if kind == "n":
        return bisect_right(ordered, text)
    return bisect_right(ordered, text, key=lambda name: name[: len(text)])


def _encode(entry: str) -> str:
    return base64.urlsafe_b64encode(entry.encode()).decode()


def _decode(token: str) -> str:
    try:
        entry = base64.urlsafe_b64decode(token).decode()
    except (binascii.Error, ValueError):
        entry = ""
    if entry[:1] not in ("n", "p"):
        raise bad_request(f"pageToken={token!r}: it is not from a page of this store.")
    return entry
