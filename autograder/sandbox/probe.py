"""The probe: what the sandbox reaches on this machine, found by trying.

A room is made, and in it the attempts of `attempts` are made against our process, and a file, a
port and a variable of its. The level is `full` if every one is refused; otherwise it says what is
missing, and how to get it.
"""

import json
import os
import platform
import socket
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.errors import OutgrowError
from autograder.judge.faults import Infrastructure
from autograder.sandbox.order import Order

APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
USERNS = Path("/proc/sys/user/max_user_namespaces")
CLONE = Path("/proc/sys/kernel/unprivileged_userns_clone")
PLANTED = "OUTGROW_PROBE"


@dataclass(frozen=True)
class Level:
    """How far a submission is shut in: `full` or `none`; what is the matter, and what to do."""

    name: str
    fact: str
    remedy: str = ""

    @property
    def full(self) -> bool:
        return self.name == "full"


def available() -> bool:
    """Whether submissions can be shut in here."""
    return level().full


def require() -> Level:
    """The level, if it is full; else an error that says what to do."""
    found = level()
    if not found.full:
        fact = f"submissions cannot be shut in: {found.fact}"
        remedy = f"{found.remedy} Or trust them with all that you may do: `--unsafe`."
        raise OutgrowError(fact, platform.node() or "this machine", remedy)
    return found


@cache
def level() -> Level:
    """Try it, once in a process."""
    if platform.system() != "Linux":
        return Level("none", f"there is no sandbox on {platform.system()}", _elsewhere())
    try:
        found = _attempts()
    except Infrastructure as error:
        return Level("none", str(error), _remedy(str(error)))
    achieved = {name: what for name, what in found.items() if what}
    if achieved:
        words = "; ".join(f"{name}: {what}" for name, what in achieved.items())
        remedy = "Report this with the output of `outgrow doctor`; grade on another machine."
        return Level("none", f"the sandbox lets through: {words}", remedy)
    return Level("full", f"{len(found)} attempts to break out were refused")


def _attempts() -> dict[str, str]:
    """Have the attempts made in a room; what each achieved, "" if nothing."""
    from autograder.sandbox.nursery import Nursery

    nursery = Nursery()
    os.environ[PLANTED] = "not for a submission"
    try:
        return _attempt(nursery)
    finally:
        del os.environ[PLANTED]
        nursery.close()


def _attempt(nursery: Any) -> dict[str, str]:
    answer, outcome = os.pipe()
    with (
        tempfile.TemporaryDirectory(prefix="outgrow-") as folder,
        tempfile.NamedTemporaryFile(prefix="outgrow-") as secret,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        Path(secret.name).write_text("a file of the grader's")
        Path(secret.name).chmod(0o644)
        about = {"file": secret.name, "pid": os.getpid(), "port": server.getsockname()[1]}
        about["variable"] = PLANTED
        order = Order("self_test", environment={"PATH": "/usr/bin:/bin"}, about=about)
        try:
            lease = nursery.lease(order, (), [outcome], Path(folder))
        finally:
            os.close(outcome)
        with os.fdopen(answer) as heard:
            said = heard.read()
        lease.close()
    if not said:
        raise Infrastructure("the self-test of the sandbox ended without an answer")
    return json.loads(said)


def _remedy(fault: str) -> str:
    """What to do about it, by what this machine's kernel and distribution forbid."""
    if "not installed" in fault:
        return "Install it, then run `outgrow doctor` again."
    if _reads(APPARMOR, "1"):
        return (
            "AppArmor keeps programs from making namespaces (Ubuntu 23.10 and later): install the "
            "profile for bwrap of the package `apparmor-profiles`, or run "
            "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`."
        )
    if _reads(CLONE, "0") or _reads(USERNS, "0"):
        return (
            "User namespaces are switched off: `sudo sysctl kernel.unprivileged_userns_clone=1 "
            "user.max_user_namespaces=10000`."
        )
    return (
        "In a container, allow it to make namespaces (`docker run --security-opt "
        "seccomp=unconfined --security-opt systempaths=unconfined`), or take a virtual machine. "
        f"All users must be able to read Python's folder, {sys.prefix}."
    )


def _elsewhere() -> str:
    if platform.system() == "Windows":
        return "Grade in WSL 2 (`wsl --install`), or in a Linux virtual machine."
    return "Grade in a Linux virtual machine, for example with Lima or Multipass."


def _reads(path: Path, text: str) -> bool:
    try:
        return path.read_text().strip() == text
    except OSError:
        return False
