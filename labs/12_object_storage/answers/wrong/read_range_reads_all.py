"""Downloads the object and cuts the range out of it.

caught_by: test_read_range_serves_these_bytes_only
hint: The store sent more
"""


def read_range(url: str, start: int, stop: int) -> bytes:
    return blob_of(url).download_as_bytes()[start:stop]
