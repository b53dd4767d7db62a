"""Probes: they run in the notebook's process, beside the function that they ask."""


def handed_over(function, history, args):
    """Probe: call a function on a repository, and hand over what it left there.

    The repository is made of a history: `commits`, `loose` and `objects`, as `histories.py` says.
    Gives the result, the bundle, the remote's and the cache's objects, the stages that ran, and the
    files of the folder.
    """
    import os
    import subprocess
    from pathlib import Path
    from shutil import rmtree
    from tempfile import mkdtemp

    from autograder.repository.parcel import pack

    place = Path(mkdtemp())
    folder, remote, runs = place / "project", place / "remote", place / "runs"

    def git(*words):
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)

    def write(root, files):
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text.encode())

    folder.mkdir()
    git("init", "-q", "-b", "main")
    for files in history["commits"]:
        write(folder, files)
        git("add", ".")
        git("commit", "-q", "-m", "a step")
    write(folder, history["loose"])
    named = {f"files/md5/{d[:2]}/{d[2:]}": text for d, text in history["objects"].items()}
    for store in (folder / ".dvc" / "cache", remote):
        write(store, named)
        for name in named:
            (store / name).chmod(0o444)
    os.environ["RUNS"] = str(runs)
    try:
        result = function(folder, *args)
        ran = runs.read_text().split() if runs.exists() else []
        there = [p for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts]
        left = {p.relative_to(folder).as_posix(): p.read_bytes() for p in there}
        own = {name: data for name, data in left.items() if not name.startswith(".dvc/")}
        cached = pack(folder, folder / ".dvc" / "cache")["objects"]
        return {"result": result, "ran": ran, "left": own, "cached": cached} | pack(folder, remote)
    finally:
        del os.environ["RUNS"]
        rmtree(place, ignore_errors=True)


def kept(put, contents):
    """Probe: put files with these contents, one after the other, and look after each.

    For each: the digest; whether the file is as it was; and what the store holds, as
    path -> (bytes, mode, inode).
    """
    from pathlib import Path
    from tempfile import TemporaryDirectory

    found = []
    with TemporaryDirectory() as place:
        store = Path(place, "store")
        store.mkdir()
        for number, data in enumerate(contents):
            file = Path(place, f"file-{number}.txt")
            file.write_bytes(data)
            digest = put(store, file)
            there = {}
            for path in store.rglob("*"):
                if path.is_file():
                    about = path.stat()
                    name = path.relative_to(store).as_posix()
                    there[name] = (path.read_bytes(), about.st_mode & 0o777, about.st_ino)
            found.append((digest, file.exists() and file.read_bytes() == data, there))
    return found


def interrupted(put, data):
    """Probe: put a file while the disk takes only half of it, then again while it takes all.

    What lies under objects' names after the first time, and after the second.
    """
    from contextlib import suppress
    from pathlib import Path
    from tempfile import TemporaryDirectory

    try:
        import resource
    except ImportError:  # Windows has no such limit
        return [], [data]

    def under_names():
        return [path.read_bytes() for path in store.glob("??/*") if path.is_file()]

    with TemporaryDirectory() as place:
        store, file = Path(place, "store"), Path(place, "file")
        store.mkdir()
        file.write_bytes(data)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(data) // 2, before[1]))
        try:
            with suppress(OSError):
                put(store, file)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        first = under_names()
        put(store, file)
        return first, under_names()


def fetched(get, data, link="copy", spoil=""):
    """Probe: get an object of a store that was made by hand, over an older file.

    Gives the error's name ("" if none), and the target's bytes, kind and mode.
    """
    from hashlib import md5
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        store, target = Path(place, "store"), Path(place, "work", "deep", "file")
        digest = md5(data).hexdigest()
        thing = store / digest[:2] / digest[2:]
        thing.parent.mkdir(parents=True)
        target.parent.mkdir(parents=True)
        target.write_bytes(b"older")
        if spoil != "missing":
            thing.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if spoil == "corrupt" else data)
            thing.chmod(0o444)
        name = ""
        try:
            get(store, digest, target, link)
        except Exception as error:
            name = type(error).__name__
        kind = "symlink" if target.is_symlink() else "file"
        if kind == "file" and thing.exists() and target.exists() and target.samefile(thing):
            kind = "hardlink"
        mode = target.stat().st_mode & 0o777 if target.exists() else 0
        found = target.read_bytes() if target.exists() else None
        return {"error": name, "bytes": found, "kind": kind, "mode": mode}


def collected(gc, contents, manifests):
    """Probe: the bytes freed by `gc` in a store with these contents, and the digests left."""
    from hashlib import md5
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        store = Path(place, "store")
        for data in contents:
            digest = md5(data).hexdigest()
            thing = store / digest[:2] / digest[2:]
            thing.parent.mkdir(parents=True, exist_ok=True)
            thing.write_bytes(data)
            thing.chmod(0o444)
        freed = gc(store, (manifest for manifest in manifests))
        left = [path for path in sorted(store.rglob("*")) if path.is_file()]
        return freed, [path.parent.name + path.name for path in left]
