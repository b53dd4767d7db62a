"""Writes the manifest first, as a table of contents.

caught_by: test_publish_lays_down_parts_and_manifest
hint: they have to be there before it
"""

import contextlib
import hashlib
import json
import random
import time


def publish(url: str, parts: dict[str, bytes], wait: float = 0.1) -> str:

    def again(ask, *args, **options):
        for turn in range(4):
            try:
                return ask(*args, **options)
            except ConnectionError:
                time.sleep(random.uniform(0, wait * 2**turn))
        return ask(*args, **options)

    names = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    told, target = json.dumps(names).encode(), f"{url}/manifest.json"
    found = again(get, target)
    if found is None:
        with contextlib.suppress(FileExistsError):
            again(put, target, told, new=True)
        for name, data in parts.items():
            again(put, f"{url}/parts/{names[name]}", data)
        found = again(get, target)
    if json.loads(found) != names:
        raise FileExistsError(url)
    return target
