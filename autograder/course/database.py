"""The gradebook's database: SQLite in the course directory, or PostgreSQL by URL.

SQLite waits for its turn as long as another process writes. PostgreSQL needs no waiting; its URL
may hold a password, so it can come from an environment variable, and no message repeats it.

nbgrader makes its tables when it opens an empty database, and two that do so at once fall over
each other. So a gradebook is made here, once, behind a lock.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import OutgrowError

if TYPE_CHECKING:
    pass

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
