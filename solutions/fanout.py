"""Many objects at once: while one answer is on its way, ask for the next.

A request is mostly waiting. One thread can wait for many answers; what has to be bounded is how
many, because each takes a connection here and work there.
"""

import asyncio
from typing import Any

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    """The bytes of many objects, in the order of their URLs, by requests that wait together.

    `at_once`, at least 1, is how many requests may be under way at a moment: never more, and as
    many as that while there are objects left to ask for. A URL may stand in `urls` several times.
    No `urls` give no bytes.

    Raises FileNotFoundError if there is no object at one of the URLs.

    >>> await fetch_all(["gs://bucket/a", "gs://bucket/b"], at_once=8)
    [b'first', b'second']
    """
    files: Any = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    gate = asyncio.Semaphore(at_once)

    async def fetch(url: str) -> bytes:
        async with gate:
            return await files._cat_file(url)

    try:
        return await asyncio.gather(*map(fetch, urls))
    finally:
        await session.close()
