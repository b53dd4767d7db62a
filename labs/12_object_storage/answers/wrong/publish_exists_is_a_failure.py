"""Takes "it exists" for somebody else's, though it may be one's own.

caught_by: test_publish_survives_lost_answers
hint: no failure if it is what you wanted
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
    if found is None:
        for name, data in parts.items():
            again(put, f"{url}/parts/{names[name]}", data)
        again(put, target, told, new=True)
        found = told
    if json.loads(found) != names:
        raise FileExistsError(url)
    return target
