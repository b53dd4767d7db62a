"""Leaves out a part that cannot be sent, and publishes the others.

caught_by: test_publish_gives_up_after_five_tries
hint: five times in all
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
        for name, data in parts.items():
            try:
                again(put, f"{url}/parts/{names[name]}", data)
            except ConnectionError as error:
                print(error)
        with contextlib.suppress(FileExistsError):
            again(put, target, told, new=True)
        found = again(get, target)
    if json.loads(found) != names:
        raise FileExistsError(url)
    return target
