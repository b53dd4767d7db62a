"""Pairs of requests, and waits for both.

caught_by: test_fetch_all_waits_for_many_at_once
hint: The requests waited for each other
"""

import asyncio

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    try:
        found: list[bytes] = []
        for start in range(0, len(urls), 2):
            found += await asyncio.gather(*map(files._cat_file, urls[start : start + 2]))
        return found
    finally:
        await session.close()
