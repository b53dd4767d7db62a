"""Starts all requests at once.

caught_by: test_fetch_all_waits_for_many_at_once
hint: More requests were under way
"""

import asyncio

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    try:
        return await asyncio.gather(*map(files._cat_file, urls))
    finally:
        await session.close()
