"""Collects the answers in a dict, where a URL that comes twice has one place.

caught_by: test_fetch_all_with_repetitions
hint: There is an answer for each URL
"""

import asyncio

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    gate, found = asyncio.Semaphore(at_once), dict.fromkeys(urls, b"")

    async def fetch(url: str) -> None:
        async with gate:
            found[url] = await files._cat_file(url)

    try:
        await asyncio.gather(*map(fetch, found))
    finally:
        await session.close()
    return list(found.values())
