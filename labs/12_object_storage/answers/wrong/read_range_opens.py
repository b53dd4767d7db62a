"""Opens, seeks and reads as in a file: to open it takes requests of its own.

caught_by: test_read_range_serves_these_bytes_only
hint: One request is enough
"""

import fsspec


def read_range(url: str, start: int, stop: int) -> bytes:
    with fsspec.open(url) as file:
        file.seek(start)
        return file.read(stop - start)
