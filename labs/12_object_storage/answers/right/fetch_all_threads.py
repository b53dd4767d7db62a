"""A thread for each request that may be under way."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import fsspec


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files, loop = fsspec.filesystem("gs"), asyncio.get_running_loop()
    with ThreadPoolExecutor(at_once) as pool:
        asked = [loop.run_in_executor(pool, files.cat_file, url) for url in urls]
        return await asyncio.gather(*asked)
