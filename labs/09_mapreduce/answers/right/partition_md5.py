"""A cryptographic hash."""

from hashlib import md5


def partition(key, reducers):
    return int.from_bytes(md5(key.encode()).digest(), "big") % reducers
