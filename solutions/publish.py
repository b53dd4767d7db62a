"""Publishing: whoever looks sees all of a dataset or nothing, whatever fails on the way.

A bucket has no transaction over several objects. It has one promise, and that is enough: an object
comes to be at one moment, whole, and "only if there is none" has one winner. So the parts go first,
under names that nobody reads yet, and one small object at the end says that they are there.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from solutions.objects import get, put

TRIES = 5


def publish(url: str, parts: dict[str, bytes], wait: float = 0.1) -> str:
    """Publish a dataset at a place in a bucket, once and for all.

    `parts` holds bytes by name. Each part becomes the object `{url}/parts/HASH`, named by the
    SHA-256 of its bytes in hexadecimal digits. After all of them comes `{url}/manifest.json`: a
    JSON object that maps each part's name to its HASH. Whoever finds the manifest may rely on it.

    Any request may be answered 429 or 503, or not at all, though it may have been done. It is then
    asked again, five times in all, with growing waits between: `wait` seconds at most before the
    second, twice as long before each following. After the fifth, ConnectionError is raised.

    Returns the manifest's URL, also if the same parts have been published there before; then
    nothing is sent. Raises FileExistsError if other parts have, and leaves them as they are.

    >>> publish("gs://bucket/report/v1", {"a.csv": b"1,2", "b.csv": b"3,4"})
    'gs://bucket/report/v1/manifest.json'
    """
    names = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    told, target = json.dumps(names, sort_keys=True).encode(), f"{url}/manifest.json"
    found = _again(wait, get, target)
    if found is None:
        for name, data in parts.items():
            _again(wait, put, f"{url}/parts/{names[name]}", data)
        with suppress(FileExistsError):  # somebody's, or our own, whose answer was lost
            _again(wait, put, target, told, new=True)
        found = _again(wait, get, target)
    if found is None or json.loads(found) != names:
        raise FileExistsError(f"{url}: other parts have been published there.")
    return target


def _again(wait: float, ask: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Ask, and ask again while it is worth it; the wait is random, so that clients spread."""
    for turn in range(1, TRIES):
        try:
            return ask(*args, **options)
        except ConnectionError:
            time.sleep(random.uniform(0, wait * 2 ** (turn - 1)))
    return ask(*args, **options)
