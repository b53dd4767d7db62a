"""With Google's client, which includes the end, as HTTP does."""


def read_range(url: str, start: int, stop: int) -> bytes:
    if start == stop:
        return b""
    return blob_of(url).download_as_bytes(start=start, end=stop - 1, raw_download=True)
