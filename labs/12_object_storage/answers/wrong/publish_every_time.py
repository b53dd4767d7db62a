"""Sends everything every time, as the result is the same.

caught_by: test_publish_again_sends_nothing
hint: Bytes were sent again
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
    for name, data in parts.items():
        again(put, f"{url}/parts/{names[name]}", data)
    try:
        again(put, target, told, new=True)
    except FileExistsError:
        if json.loads(again(get, target)) != names:
            raise
    return target
