"""Awaits each answer before the next question: async in name only.

caught_by: test_fetch_all_waits_for_many_at_once
hint: The requests waited for each other
"""

import gcsfs


async def fetch_all(urls: list[str], at_once: int) -> list[bytes]:
    files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)
    session = await files._set_session()
    try:
        return [await files._cat_file(url) for url in urls]
    finally:
        await session.close()
