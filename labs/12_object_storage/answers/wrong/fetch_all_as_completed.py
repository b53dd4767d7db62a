"""Collects the answers as they come.

caught_by: test_fetch_all_keeps_the_order
hint: The first bytes belong to the first URL
"""

import asyncio

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    gate = asyncio.Semaphore(at_once)

    async def fetch(url: str) -> bytes:
        async with gate:
            return await files._cat_file(url)

    try:
        waiting = {asyncio.ensure_future(fetch(url)) for url in urls}
        return [await answer for answer in asyncio.as_completed(waiting)]
    finally:
        await session.close()
