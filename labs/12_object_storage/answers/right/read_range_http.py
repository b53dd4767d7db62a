"""By HTTP itself: a GET with a Range."""

import os
from urllib.parse import quote

import requests


def read_range(url: str, start: int, stop: int) -> bytes:
    if start >= stop:
        return b""
    bucket, _, name = url.removeprefix("gs://").partition("/")
    where = f"{os.environ['STORAGE_EMULATOR_HOST']}/storage/v1/b/{bucket}/o/{quote(name, safe='')}"
    headers = {"Range": f"bytes={start}-{stop - 1}"}
    answer = requests.get(where, params={"alt": "media"}, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer.content
