"""Asks for an empty range, too. In HTTP that is from 5 to 4, which means nothing: all is sent.

caught_by: test_read_range_may_be_empty
hint: there is nothing
"""


def read_range(url: str, start: int, stop: int) -> bytes:
    return blob_of(url).download_as_bytes(start=start, end=stop - 1)
