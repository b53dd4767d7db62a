"""Grades the corpus as a grader would: `python -m tests.attacks.grading FOLDER`.

In FOLDER there are made: the course, an inbox, and canaries (files, a process, a port) that no
submission may touch. `results.json` says what each submission got, `canaries.json` what became of
the canaries.
"""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import solutions
from autograder.course.collect import collect
from autograder.course.folder import Course, init_course, open_course
from autograder.course.frame import write_feedback
from autograder.course.grade import grade_all
from autograder.course.release import release
from autograder.lab import hidden_tests
from tests.attacks.corpus import FOLDER as HERE
from tests.attacks.corpus import TASKS, Attack, hand_in, read_corpus

LABS = HERE / "arena" / "labs"
SECRET = "CANARY-OF-THE-GRADER"
FILES = ("home/.netrc", "other/gradebook.db", "other/submitted/zoe/01_arena/01_arena.ipynb")


def main(folder: Path, wanted: list[str]) -> None:
    corpus = [a for a in read_corpus() if not wanted or any(word in a.name for word in wanted)]
    solutions.__path__.append(str(HERE / "arena" / "solutions"))
    with canaries(folder) as watched:
        course = make_course(folder)
        told = take(course, folder, corpus, watched["files"])
        before = digests(watched["files"])
        started = time.monotonic()
        results: dict[str, Any] = {}
        for mark in grade_all(course, [(a.lab, a.student) for a in corpus]):
            found = mark.report.plain() if mark.report else None
            at = round(time.monotonic() - started, 2)
            about = {"report": found, "reason": mark.reason, "told": told.get(mark.student, "")}
            results[mark.student] = about | {"at": at}
            write(folder / "results.json", results)
        list(write_feedback(course, "01_arena"))
        now = digests(watched["files"])
        changed = [path for path in now if now[path] != before[path]]
        about = {"changed": changed, "lost": lost(watched), "told": leaks(course, corpus)}
        write(folder / "canaries.json", about)


def make_course(folder: Path) -> Course:
    course = init_course(folder / "course", LABS)
    for lab in TASKS:
        release(course, course.lab(lab))
    return open_course(course.root)


def take(course: Course, folder: Path, corpus: list[Attack], files: list[str]) -> dict[str, str]:
    """Hand in and collect; what was said of each student."""
    told = {}
    for attack in corpus:
        solution = course.notebook("solution", attack.lab)
        inbox = folder / "inbox" / attack.lab / attack.student
        by_hand = attack.head.get("by") == "hand"
        target = course.notebook("submitted", attack.lab, attack.student).parent
        hand_in(attack, solution, target if by_hand else inbox, files)
    for lab in {attack.lab for attack in corpus}:
        inbox = folder / "inbox" / lab
        inbox.mkdir(parents=True, exist_ok=True)
        told |= {c.student: f"{c.result}: {c.line}" for c in collect(course, lab, inbox)}
    for attack in corpus:  # one that was refused has a place in the gradebook all the same
        course.notebook("submitted", attack.lab, attack.student).parent.mkdir(
            parents=True, exist_ok=True
        )
    return told


@contextmanager
def canaries(folder: Path) -> Iterator[dict[str, Any]]:
    """Things of the grader's that must stay as they are, and what to know of them."""
    files = [folder / name for name in FILES]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET, "utf-8")
        path.chmod(0o644)
    outside = Path(f"/tmp/outgrow-canary-{os.getpid()}")
    outside.write_text(SECRET, "utf-8")
    secret = folder / "course" / ".outgrow" / "secret"
    hidden = [path for lab in TASKS for path in hidden_tests(LABS / lab)]
    listening = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
    listening[1].bind(f"\0outgrow-canary-{os.getpid()}")
    listening[1].listen()
    visits: list[str] = []
    for server in listening:
        threading.Thread(target=_count, args=(server, visits), daemon=True).start()
    (folder / "port").write_text(str(listening[0].getsockname()[1]), "utf-8")
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        paths = [str(path) for path in (*files, outside, secret, *hidden)]
        yield {"files": paths, "process": process, "visits": visits}
    finally:
        process.kill()
        process.wait()
        outside.unlink()


def _count(server: socket.socket, visits: list[str]) -> None:
    while True:
        server.accept()[0].close()
        visits.append(str(server.getsockname()))


def lost(watched: dict[str, Any]) -> list[str]:
    ended = ["the process was ended"] if watched["process"].poll() is not None else []
    return [*ended, *(f"somebody connected to {where}" for where in watched["visits"])]


def leaks(course: Course, corpus: list[Attack]) -> list[str]:
    """The submissions in whose results there stands what they may not have read."""
    secrets = (SECRET, "CANARY-HIDDEN-TESTS", course.secret)
    pages = [
        (attack.name, path)
        for attack in corpus
        for stage in ("autograded", "feedback")
        for path in (course.root / stage / attack.student / attack.lab).glob("*")
    ]
    texts = ((name, path.read_text("utf-8", "replace")) for name, path in pages)
    return sorted({name for name, text in texts if any(secret in text for secret in secrets)})


def digests(files: list[str]) -> dict[str, str]:
    return {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in files}


def write(path: Path, found: Any) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(found), "utf-8")
    new.rename(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
