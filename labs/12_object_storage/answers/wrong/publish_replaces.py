"""Writes the manifest without a condition: the last one wins.

caught_by: test_publish_does_not_replace_another
hint: was replaced under its readers
"""

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
    if found is None or json.loads(found) != names:
        for name, data in parts.items():
            again(put, f"{url}/parts/{names[name]}", data)
        again(put, target, told)
    if found is not None and json.loads(found) != names:
        raise FileExistsError(url)
    return target
