"""The gradebook's database: SQLite in the course directory, or PostgreSQL by URL.

SQLite waits for its turn as long as another process writes. PostgreSQL needs no waiting; its URL
may hold a password, so it can come from an environment variable, and no message repeats it.

nbgrader makes its tables when it opens an empty database, and two that do so at once fall over
each other. So a gradebook is made here, once, behind a lock.
"""

import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from autograder.errors import OutgrowError
from autograder.plaintext import line

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy import Index

    from autograder.course.folder import Course

SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")
WAIT_SECONDS = 60
LOCK = 0x6F757467  # any number that stands for us among PostgreSQL's advisory locks
NBGRADERS_OWN = "default_course"  # what nbgrader's steps open the gradebook for


def url_of(database: str, root: Path) -> str:
    """SQLAlchemy's URL of a gradebook; `database` is what the course file says, or nothing."""
    if not database:
        return f"sqlite:///{root / 'gradebook.db'}"
    place = root / "course.toml"
    url = os.environ.get(database[1:], "") if database.startswith("$") else database
    if not url:
        remedy = f"Set it to PostgreSQL's URL: export {database[1:]}=…"
        raise OutgrowError(f"the gradebook's URL is in {database}, which is not set", place, remedy)
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES or not rest:
        remedy = "Write postgresql+psycopg://USER@HOST/NAME, or leave the line out for SQLite."
        raise OutgrowError("the gradebook's URL is not PostgreSQL's", place, remedy)
    return f"{SCHEMES[0]}://{rest}"


def prepare() -> None:
    """Let nbgrader find `alembic`, which it calls by name, and let SQLite wait for its turn."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    programs = os.path.dirname(sys.executable)  # noqa: PTH120
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", "")
    if not event.contains(Engine, "connect", _patient):
        event.listen(Engine, "connect", _patient)


def _patient(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")


def make(course: "Course") -> None:
    """Make the gradebook if there is none; raise OutgrowError if it cannot be reached."""
    from nbgrader.api import Gradebook

    prepare()
    with _readable(course), _alone(course):
        Gradebook(course.gradebook, NBGRADERS_OWN).close()
        with Gradebook(course.gradebook, course.id) as gradebook:
            for index in _indexes():
                index.create(gradebook.engine, checkfirst=True)


@cache
def _indexes() -> "tuple[Index, ...]":
    """What nbgrader's tables lack: without them each sum over a submission reads everybody's rows,
    and the lists of a class of 1,000 take eight times as long."""
    from nbgrader.api import Comment, Grade, SubmittedNotebook
    from sqlalchemy import Index

    columns = (Grade.notebook_id, Comment.notebook_id, SubmittedNotebook.assignment_id)
    return tuple(Index(f"outgrow_{c.class_.__tablename__}_{c.key}", c) for c in columns)  # type: ignore[attr-defined]


@contextmanager
def opened(course: "Course") -> "Iterator[Gradebook]":
    """The gradebook of a course in which something has been released or graded; raise OutgrowError
    if there is none, or if it cannot be reached."""
    from nbgrader.api import Gradebook

    prepare()
    with _readable(course):
        there = _is_there(course)
    if not there:
        remedy = "Run `outgrow course release LAB`, then `outgrow course grade LAB`."
        raise OutgrowError("nothing has been graded", course.root, remedy)
    with Gradebook(course.gradebook, course.id) as gradebook, warnings.catch_warnings():
        warnings.simplefilter("ignore", _nbgraders_warning())
        yield gradebook


def _nbgraders_warning() -> type[Warning]:
    from sqlalchemy.exc import SAWarning

    return SAWarning


def _is_there(course: "Course") -> bool:
    from sqlalchemy import create_engine, inspect, make_url

    url = make_url(course.gradebook)
    if url.drivername == "sqlite" and not Path(str(url.database)).is_file():
        return False
    engine = create_engine(url)
    try:
        return inspect(engine).has_table("assignment")
    finally:
        engine.dispose()


@contextmanager
def _alone(course: "Course") -> "Iterator[None]":
    """Keep others from making the same gradebook meanwhile."""
    from sqlalchemy import create_engine, text

    if course.gradebook.startswith("sqlite"):
        with (course.private / "gradebook.lock").open("w") as file:
            _lock_file(file)
            yield
        return
    engine = create_engine(course.gradebook, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            yield
    finally:
        engine.dispose()


def _lock_file(file: IO[str]) -> None:
    """Wait for the file's lock, which goes with the file."""
    with suppress(ImportError):  # on Windows, where nothing is graded
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def _readable(course: "Course") -> "Iterator[None]":
    """Make errors of the database readable; no password is in them."""
    from sqlalchemy.exc import ArgumentError, DBAPIError

    place = course.root / "course.toml"
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        remedy = 'Install it: `uv sync --extra postgres`, or `pip install "psycopg[binary]"`.'
        fact = "the gradebook is on PostgreSQL, and psycopg is not installed"
        raise OutgrowError(fact, place, remedy) from None
    except (ArgumentError, ValueError):
        remedy = "Write postgresql+psycopg://USER@HOST/NAME; in a password write @ as %40."
        raise OutgrowError("the gradebook's URL cannot be read", place, remedy) from None
    except DBAPIError as error:
        why = _without_password(course.gradebook, line(str(error.orig)))
        remedy = "Start the server, or mend the line `gradebook`."
        raise OutgrowError(f"the gradebook cannot be used: {why}", place, remedy) from None


def _without_password(url: str, words: str) -> str:
    from sqlalchemy import make_url

    parts = make_url(url)
    for secret in (parts.password, parts.query.get("password")):
        words = words.replace(str(secret), "***") if secret else words
    return words
