"""What a repository says of itself, found by git and by `dvc.repo.Repo`, in a room.

The remote's objects become DVC's cache, so that its checkout is a pull from this remote; an object
whose bytes do not have its name is left out, as a pull that verifies would.
"""

import hashlib
import logging
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.repository import history
from autograder.repository.numbers import flat, numbers, numbers_of, only, parsed
from autograder.repository.worker import Unfit

OBJECT = re.compile(r"(?:.*/)?files/md5/([0-9a-f]{2})/([0-9a-f]{30}(?:\.dir)?)")
MOST_STAGES, MOST_EXPERIMENTS = 20, 50


def read(
    place: Path, bundle: bytes, objects: dict[str, bytes], at: str, models: list[str]
) -> dict[str, Any]:
    """Plain data: the parts of RepositoryFacts, and what running the stages takes: `tree`, the
    working copy's files; `numbers`, those of metrics and `models`; and in each stage `given`, its
    parameter files with what it declares.

    `at` is an experiment, a branch or a commit; HEAD if it is empty. Raises Unfit.
    """
    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    folder = place / "repository"
    history.clone(bundle, folder)
    experiments = history.experiments(folder)
    if at:
        history.git(folder, "checkout", "-q", "-f", "--detach", experiments.get(at, at), "--")
    if not (folder / ".dvc" / "config").is_file():
        raise Unfit("there is no DVC in it: `dvc init` makes files that git has to know")
    corrupt = _fill(folder / ".dvc" / "cache", objects)
    os.chdir(folder)  # DVC names stages and parameters as seen from there
    try:
        found = _described(folder, experiments, corrupt)
    except Unfit:
        raise
    except Exception as error:
        raise Unfit(_complaint(error)) from None
    metrics = [path for stage in found["stages"].values() for path in stage["numeric"]]
    return found | {"numbers": numbers_of(found["tree"], [*metrics, *models])}


def _complaint(error: Exception) -> str:
    kind = type(error).__name__
    if kind == "CyclicGraphError":
        return "the stages of dvc.yaml form a cycle, so none of them can run first"
    return f"DVC cannot read it: {kind}: {str(error)[:300]}"


def _fill(cache: Path, objects: dict[str, bytes]) -> set[str]:
    """Lay the good objects into the cache; the hashes of those that are not what they say."""
    corrupt = set()
    for name, data in objects.items():
        if found := OBJECT.fullmatch(name):
            digest = found[1] + found[2]
            if hashlib.md5(data).hexdigest() != digest.removesuffix(".dir"):
                corrupt.add(digest)
                continue
            path = cache / "files" / "md5" / found[1] / found[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return corrupt


def _described(folder: Path, experiments: dict[str, str], corrupt: set[str]) -> dict[str, Any]:
    from dvc.repo import Repo, lock_repo

    cache = {"dir": str(folder / ".dvc" / "cache"), "type": ["copy"]}
    core = {"analytics": False, "check_update": False, "site_cache_dir": str(folder.parent / "s")}
    with Repo(str(folder), config={"core": core, "cache": cache}) as repo, lock_repo(repo):
        # as long as it holds the lock, DVC reads its files once
        assert repo.index.graph is not None  # made, it has no cycle, and no path is made twice
        outs: list[Any] = [out for out in repo.index.outs if out.use_cache]
        metrics = [_path(out) for out in repo.index.outs if out.metric]
        tracked = {_path(out): out.hash_info.value or "" for out in outs}
        _check_out(repo)
        lost = _lost(outs, corrupt)
        status = repo.status()
        if len(repo.index.stages) > MOST_STAGES or len(experiments) > MOST_EXPERIMENTS:
            raise Unfit(f"there are over {MOST_STAGES} stages or {MOST_EXPERIMENTS} experiments")
        values = _values(folder, metrics, {"": "HEAD", **experiments})
        own = values.pop("")
        return {
            "commits": history.commits(folder),
            "data_in_git": history.data_among(
                folder, tracked, {out.meta.size or 0 for out in outs}
            ),
            "tracked": tracked,
            "lost": lost,
            "stages": {s.addressing: _stage(repo, s, status) for s in _pipeline(repo)},
            "experiments": values,
            **own,
            "tree": history.files(folder),
        }


def _check_out(repo: Any) -> None:
    from dvc.exceptions import CheckoutError

    with suppress(CheckoutError):  # `_lost` finds what is missing
        repo.checkout(force=True, allow_missing=True)


def _lost(outs: list[Any], corrupt: set[str]) -> dict[str, str]:
    """The tracked paths without all of their objects."""
    found = {}
    for out in outs:
        digest = out.hash_info.value
        if not digest:
            found[_path(out)] = "missing"
            continue
        held = [digest, *_members(out)]
        bad = [d for d in held if not _is_cached(out, d)]
        if bad:
            found[_path(out)] = "corrupt" if corrupt & set(bad) else "missing"
    return found


def _members(out: Any) -> list[str]:
    """The hashes of the files of a folder that DVC tracks, as far as its list is there."""
    if not out.hash_info.isdir or not _is_cached(out, out.hash_info.value):
        return []
    return [entry[1].value for _, *entry in out.get_obj()]


def _is_cached(out: Any, digest: str) -> bool:
    return Path(out.cache.oid_to_path(digest)).is_file()


def _path(out: Any) -> str:
    """A dependency's or output's path in the repository; what lies outside has another name."""
    path, root = Path(out.fs_path), Path(out.repo.root_dir)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else f"outside: {path}"


def _pipeline(repo: Any) -> list[Any]:
    """The stages that have a command, each after those that it needs."""
    import networkx as nx

    ordered = nx.dfs_postorder_nodes(repo.index.graph)
    return [stage for stage in ordered if stage.cmd]


def _stage(repo: Any, stage: Any, status: dict[str, Any]) -> dict[str, Any]:
    from dvc.dependency import ParamsDependency

    root = Path(repo.root_dir)
    params = [dep for dep in stage.deps if isinstance(dep, ParamsDependency)]
    deps = [dep for dep in stage.deps if not isinstance(dep, ParamsDependency)]
    commands = stage.cmd if isinstance(stage.cmd, list) else [stage.cmd]
    changed = status.get(stage.addressing, [])
    return {
        "command": "\n".join(commands),
        "place": Path(stage.wdir).relative_to(root).as_posix(),
        "deps": tuple(_path(dep) for dep in deps),
        "params": tuple(f"{_path(p)}:{name}" for p in params for name in p.params or ["*"]),
        "outs": tuple(_path(out) for out in stage.outs),
        "recorded": {_path(out): out.hash_info.value or "" for out in stage.outs},
        "numeric": tuple(_path(out) for out in stage.outs if out.metric),
        "after": tuple(s.addressing for s in repo.index.graph.successors(stage) if s.cmd),
        "stale": tuple(str(change)[:300] for change in changed),
        "frozen": bool(stage.frozen),
        "given": {_path(p): only(root / _path(p), p.params) for p in params},
    }


def _values(folder: Path, metrics: list[str], commits: dict[str, str]) -> dict[str, Any]:
    """Parameters and metrics by dotted names, as git knows them in each of the named commits."""
    names = [f"{commit}:{p}" for commit in commits.values() for p in (*metrics, "params.yaml")]
    held = history.contents(folder, names)
    found = {}
    for name, commit in commits.items():
        params = parsed(held.get(f"{commit}:params.yaml", b""))
        found[name] = {"params": dict(flat(params or {})), "metrics": {}}
        for path in metrics:
            found[name]["metrics"] |= numbers(held.get(f"{commit}:{path}", b"")) or {}
    return found
