"""With fsspec: what it finds below, copied and then removed."""

import fsspec


def move(old: str, new: str) -> int:
    files, source = fsspec.url_to_fs(old)
    target = new.removeprefix("gs://")
    files.invalidate_cache()
    found = [name for name in files.find(source) if name.startswith(f"{source}/")]
    for name in found:
        files.cp_file(name, target + name.removeprefix(source))
    for name in found:
        files.rm_file(name)
    return len(found)
