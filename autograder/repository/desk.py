"""The judge's side: have a repository read, have each stage run alone, and compare.

The judge parses nothing of it. It hands bytes from one room to another, hashes outputs, and
compares numbers that were read in the rooms.
"""

import hashlib
import json
import math
import time
from collections.abc import Mapping
from typing import Any

from autograder import wire
from autograder.judge import washing
from autograder.judge.faults import Infrastructure
from autograder.repository.errand import Lost, errand
from autograder.repository.facts import Experiment, RepositoryFacts, StageFacts
from autograder.testing import hint

READING, STAGE = 60.0, 20.0  # seconds
NEAR = 1e-6  # relative tolerance of a metric
ENDLESS = "It took too much time or memory."
MOST = 64 * 2**20  # bytes, of a bundle and its objects


class Unexaminable(AssertionError):
    """The repository cannot be examined: that is a failure of the test that asked, with the reason
    as its hint."""

    def __init__(self, why: str) -> None:
        super().__init__(hint(f"Your repository could not be examined: {why}."))


class Repository:
    """The fixture `repo`: examines what a student's function has left."""

    def __init__(self, whose: washing.Whose) -> None:
        self._whose = whose

    def examine(
        self,
        bundle: bytes,
        objects: Mapping[str, bytes],
        *,
        at: str = "",
        alone: bool = True,
        tolerance: Mapping[str, float] | None = None,
    ) -> RepositoryFacts:
        """The facts of a repository, each of its stages run alone.

        `bundle` is a git bundle of all refs with HEAD, `objects` the remote's, by name, as
        `autograder.repository.parcel.pack` makes them. `at` is the experiment, branch or commit to
        look at (HEAD). Without `alone` no stage is run, which is quicker. `tolerance` gives, for
        the path of a model, how far its numbers may be off, relatively; metrics may be off by NEAR.
        Raises Unexaminable.
        """
        began = time.monotonic()
        if not isinstance(bundle, bytes) or not isinstance(objects, Mapping):
            raise Unexaminable("what was handed in is no git bundle")
        if len(bundle) + sum(map(len, objects.values())) > MOST:
            raise Unexaminable(f"with its remote it is larger than {MOST // 2**20} MiB")
        near = dict(tolerance or {})
        request = {"bundle": bundle, "objects": dict(objects), "at": at, "models": list(near)}
        try:
            read = self._ask({"do": "read", **request}, READING)
            run = self._stage if alone else _as_declared
            stages = {n: run(about, read, near) for n, about in read["stages"].items()}
            found = {n: Experiment(**about) for n, about in read["experiments"].items()}
            fields = {name: read[name] for name in PLAIN}
            spent = time.monotonic() - began
            return RepositoryFacts(**fields, stages=stages, experiments=found, seconds=spent)
        except Lost:
            raise Unexaminable("it takes too much time or memory") from None

    def _ask(self, request: dict[str, object], seconds: float) -> Any:
        message = errand(request, seconds, self._whose.sandbox)
        if not self._whose.sandbox:
            message = wire.Ours(message)
        try:
            answer: Any = wire.unpack(washing.wash(message, self._whose))
        except wire.WireError:
            raise Lost from None
        except Exception as error:
            raise Infrastructure(f"{type(error).__name__}: {error}") from error
        if "value" not in answer:
            raise Unexaminable(str(answer.get("unfit", "no reason given")))
        return answer["value"]

    def _stage(self, about: dict[str, Any], read: dict[str, Any], near: dict[str, float]) -> Any:
        facts = _as_declared(about, read, near)
        declared = _declared(about, read["tree"])
        if declared is None:
            return facts
        first = self._run(about, declared, list(near))
        wrong = _differing(about, read, first, near)
        if not wrong:
            return StageFacts(**vars(facts) | {"outcome": "same", "said": first["said"]})
        more = {"outcome": "failed", "differing": tuple(wrong), "said": first["said"]}
        if first["code"] is None:  # with more files it would not end either
            return StageFacts(**vars(facts) | more | {"said": ENDLESS})
        if first["code"] == 0:
            again = self._run(about, declared, list(near))
            more["outcome"] = "different" if first["outs"] == again["outs"] else "unsteady"
        more["undeclared"] = self._undeclared(about, read, near, declared)
        return StageFacts(**vars(facts) | more)

    def _undeclared(
        self, about: dict[str, Any], read: dict[str, Any], near: dict[str, float], given: Any
    ) -> str:
        """What else the stage has to be given, so that it makes what is recorded."""
        tree = {p: data for p, data in read["tree"].items() if not _within(p, about["outs"])}
        whole = {path: tree[path] for path in PARAMETERS if path in tree}
        for name, files in (("parameters", given | whole), ("files", tree)):
            if not _differing(about, read, self._run(about, files, list(near)), near):
                return name
        return ""

    def _run(self, about: dict[str, Any], files: dict[str, bytes], models: list[str]) -> Any:
        request = {
            "do": "run",
            "files": files,
            "command": about["command"],
            "folder": about["place"],
            "outs": list(about["outs"]),
            "numeric": [*about["numeric"], *models],
            "seconds": STAGE / 2,
        }
        try:
            return self._ask(request, STAGE)
        except Lost:
            return {"code": None, "said": ENDLESS, "outs": {}, "numbers": {}}


PLAIN = ("commits", "data_in_git", "tracked", "lost", "params", "metrics")
DECLARED = ("command", "deps", "params", "outs", "after", "stale", "frozen")
PARAMETERS = ("params.yaml", "params.json", "params.toml")


def _as_declared(about: dict[str, Any], _read: dict[str, Any], _near: dict[str, float]) -> Any:
    """The facts of a stage that was not run."""
    return StageFacts(**{name: about[name] for name in DECLARED}, outcome="not run")


def _within(path: str, places: tuple[str, ...]) -> bool:
    return any(path == p or p == "." or path.startswith(f"{p}/") for p in places)


def _declared(about: dict[str, Any], tree: dict[str, bytes]) -> dict[str, bytes] | None:
    """The files that a stage says it needs; None if one of them is not there."""
    deps = about["deps"]
    found = {path: data for path, data in tree.items() if _within(path, deps)}
    if any(not any(_within(path, (dep,)) for path in found) for dep in deps):
        return None
    return {**about["given"], **found}


def _differing(
    about: dict[str, Any], read: dict[str, Any], ran: dict[str, Any], near: dict[str, float]
) -> list[str]:
    """The outputs that are not as recorded; all of them if the command failed."""
    if ran["code"] != 0:
        return list(about["outs"])
    kept, made = read["numbers"], ran["numbers"]
    return [
        path
        for path, digest in about["recorded"].items()
        if not _is_near(kept.get(path), made.get(path), near.get(path, NEAR))
        and (path not in ran["outs"] or digest_of(ran["outs"][path]) != digest)
    ]


def _is_near(one: dict[str, float] | None, other: dict[str, float] | None, near: float) -> bool:
    if one is None or other is None or one.keys() != other.keys():
        return False
    return all(math.isclose(one[name], other[name], rel_tol=near, abs_tol=1e-12) for name in one)


def digest_of(made: bytes | dict[str, bytes]) -> str:
    """The MD5 under which DVC knows a file, or a folder: then it is that of the list of files."""
    if isinstance(made, bytes):
        return hashlib.md5(made).hexdigest()
    listed = [{"md5": digest_of(made[path]), "relpath": path} for path in sorted(made)]
    return f"{hashlib.md5(json.dumps(listed, sort_keys=True).encode()).hexdigest()}.dir"
