"""With the retries of Google's client, which are told how many and how long."""

import contextlib
import hashlib
import json
from functools import partial

from google.api_core.retry import Retry, if_exception_type


def publish(url: str, parts: dict[str, bytes], wait: float = 0.1) -> str:
    tries = {}

    def again(ask, *args, **options):
        key = args[0], ask
        tries[key] = 0

        def once():
            tries[key] += 1
            try:
                return ask(*args, **options)
            except ConnectionError as error:
                raise (error if tries[key] < 5 else RuntimeError(str(error))) from None

        try:
            return Retry(if_exception_type(ConnectionError), initial=wait, timeout=60)(once)()
        except RuntimeError as error:
            raise ConnectionError(str(error)) from None

    names = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    target = f"{url}/manifest.json"
    look = partial(again, get, target)
    if (found := look()) is None:
        for name, data in parts.items():
            again(put, f"{url}/parts/{names[name]}", data)
        with contextlib.suppress(FileExistsError):
            again(put, target, json.dumps(names, indent=1).encode(), new=True)
        found = look()
    if json.loads(found or b"null") != names:
        raise FileExistsError(url)
    return target
