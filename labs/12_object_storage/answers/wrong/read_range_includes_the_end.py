"""Hands `stop` to Google's client, which includes it.

caught_by: test_read_range_is_a_slice
hint: `stop` is not included
"""


def read_range(url: str, start: int, stop: int) -> bytes:
    return b"" if start == stop else blob_of(url).download_as_bytes(start=start, end=stop)
