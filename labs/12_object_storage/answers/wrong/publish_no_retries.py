"""Asks once, and hands on what the network says.

caught_by: test_publish_asks_again_after_503
hint: Ask again
"""

import hashlib
import json


def publish(url: str, parts: dict[str, bytes], wait: float = 0.1) -> str:
    names = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    told, target = json.dumps(names).encode(), f"{url}/manifest.json"
    found = get(target)
    if found is None:
        for name, data in parts.items():
            put(f"{url}/parts/{names[name]}", data)
        put(target, told, new=True)
        found = told
    if json.loads(found) != names:
        raise FileExistsError(url)
    return target
