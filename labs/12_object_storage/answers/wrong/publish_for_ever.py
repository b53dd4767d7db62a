"""Asks until it works: twenty times before it gives up.

caught_by: test_publish_gives_up_after_five_tries
hint: who asks for ever
"""

import contextlib
import hashlib
import json
import random
import time


def publish(url: str, parts: dict[str, bytes], wait: float = 0.1) -> str:

    def again(ask, *args, **options):
        for _turn in range(19):
            try:
                return ask(*args, **options)
            except ConnectionError:
                time.sleep(random.uniform(0, wait))
        return ask(*args, **options)

    names = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    told, target = json.dumps(names).encode(), f"{url}/manifest.json"
    found = again(get, target)
    if found is None:
        for name, data in parts.items():
            again(put, f"{url}/parts/{names[name]}", data)
        with contextlib.suppress(FileExistsError):
            again(put, target, told, new=True)
        found = again(get, target)
    if json.loads(found) != names:
        raise FileExistsError(url)
    return target
