"""So many workers, which take the next question from a queue."""

import asyncio

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    found, waiting = [b""] * len(urls), iter(enumerate(urls))

    async def work() -> None:
        for place, url in waiting:
            found[place] = await files._cat_file(url)

    try:
        await asyncio.gather(*(work() for _ in range(at_once)))
    finally:
        await session.close()
    return found
