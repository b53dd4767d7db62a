"""A PostgreSQL server for tests: its own data, reached through a socket in a folder, gone after."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

PASSWORD = "p@ss:w/rd%41"  # each of these has a meaning in a URL
PROGRAMS = "/usr/lib/postgresql/*/bin/initdb"  # Debian keeps them off PATH
QUIET = "-c listen_addresses='' -c fsync=off -c max_connections=40"


@dataclass(frozen=True)
class Server:
    """A running server."""

    programs: Path
    socket: Path

    def url(self, database: str, password: str = PASSWORD) -> str:
        place = f"{database}?host={quote(str(self.socket), safe='')}"
        return f"postgresql+psycopg://grader:{quote(password, safe='')}@/{place}"

    def create(self, database: str) -> str:
        """A new, empty database; returns its URL."""
        command = [self.programs / "createdb", "-h", self.socket, "-U", "grader", database]
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        subprocess.run(command, env=environment, check=True, capture_output=True)
        return self.url(database)


@contextmanager
def postgres() -> Iterator[Server]:
    """A server. Where there is none to start, a check in CI fails, one at a desk is skipped."""
    found = sorted(Path("/").glob(PROGRAMS[1:]))
    if not found:
        reason = "there is no PostgreSQL: `apt install postgresql`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="outgrow-pg-", dir="/tmp"))  # a socket's path is short
    try:
        yield from _run(found[-1].parent, folder)
    finally:
        shutil.rmtree(folder)


def _run(programs: Path, folder: Path) -> Iterator[Server]:
    """The server refuses to run as root, so it runs as `postgres` there."""
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data = folder / "data"
    (folder / "password").write_text(PASSWORD)
    for path in (folder, folder / "password"):
        shutil.chown(path, user)

    def run(*command: object) -> None:
        """Run a program as that user."""
        words = list(map(str, command))
        done = subprocess.run(
            words, user=user, cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"

    run(programs / "initdb", "-D", data, "-U", "grader", "-A", "scram-sha-256", "--no-sync",
        "--pwfile", folder / "password", "-E", "UTF8", "--locale=C")  # fmt: skip
    control = (programs / "pg_ctl", "-D", data, "-w")
    run(*control, "-l", folder / "log", "-o", f"{QUIET} -k {folder}", "start")
    try:
        yield Server(programs, folder)
    finally:
        run(*control, "-m", "immediate", "stop")
