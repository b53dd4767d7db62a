"""Asks for the size first, in order not to read behind the end.

caught_by: test_read_range_serves_these_bytes_only
hint: One request is enough
"""


def read_range(url: str, start: int, stop: int) -> bytes:
    blob = blob_of(url)
    blob.reload()
    stop = min(stop, blob.size or 0)
    return b"" if start >= stop else blob.download_as_bytes(start=start, end=stop - 1)
