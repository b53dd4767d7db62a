"""Which names a bucket and an object may have: GCS's rules."""

import re
from ipaddress import AddressValueError, IPv4Address

from infra.store.refusal import Refusal

BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
LONGEST_KEY = 1024  # bytes of UTF-8


def check_bucket(name: object) -> str:
    """The name, if a bucket may have it."""
    if not isinstance(name, str) or not BUCKET.fullmatch(name) or _looks_wrong(name):
        raise Refusal(
            400,
            "badBucketName",
            f"{name!r} is no bucket's name. Use 3 to 63 of a-z, 0-9, dash, dot and underscore, "
            "with a letter or digit at both ends, not an IP address, and nothing of Google's.",
        )
    return name


def _looks_wrong(name: str) -> bool:
    parts = name.split(".")
    if any(not part or len(part) > 63 or part[0] == "-" or part[-1] == "-" for part in parts):
        return True
    return name.startswith("goog") or "google" in name or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        return bool(IPv4Address(name))
    except AddressValueError:
        return False


def check_object(name: object) -> str:
    """The name, if an object may have it. A slash, ``..`` within it and Unicode mean nothing."""
    if not isinstance(name, str) or not name or name in (".", "..") or _unprintable(name):
        raise Refusal(
            400,
            "invalid",
            f"{name!r} is no object's name. Use 1 to {LONGEST_KEY} bytes of UTF-8 without carriage "
            "return and line feed, neither '.' nor '..'.",
        )
    return name


def _unprintable(name: str) -> bool:
    try:
        size = len(name.encode())
    except UnicodeEncodeError:  # half of a surrogate pair
        return True
    acme = name.startswith(".well-known/acme-challenge/")
    return size > LONGEST_KEY or "\r" in name or "\n" in name or acme
