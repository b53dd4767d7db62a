"""The course file, `course.toml`: what an instructor may set, checked as it is read.

    id = "data-2026"
    title = "Data that outgrow one machine"
    labs = "/srv/outgrow/labs"
    gradebook = "$GRADEBOOK"              # PostgreSQL's URL, or the variable that holds it
    timezone = "Europe/Berlin"            # of dates that do not say their own

    [due]
    02_task_graphs = 2026-12-01T23:59:00Z

    [late]
    grace = 30                            # minutes
    penalty = 0.1                         # of the lab's points, for each started day
    at_most = 0.5

    [extensions.ada]
    02_task_graphs = 2026-12-04T23:59:00Z

The first three are required.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from autograder.course.late import Policy
from autograder.errors import OutgrowError
from autograder.lab import find_labs

KEYS = ("id", "title", "labs", "gradebook", "timezone", "due", "late", "extensions")
EXAMPLES = {"grace": "30", "penalty": "0.1", "at_most": "0.5"}
DATE = "Write it as 2026-12-01T23:59:00Z"
Dates = Mapping[str, datetime]


@dataclass(frozen=True)
class Settings:
    """The course file; dates have a zone, and `database` is as the line
    `gradebook` has it."""

    id: str
    title: str
    labs: Path
    database: str
    due: Dates
    late: Policy
    extensions: Mapping[str, Dates]
    timezone: str


def read_settings(file: Path) -> Settings:
    """Read a course file; raise OutgrowError for what it must not say."""
    try:
        found = tomllib.loads(file.read_text("utf-8"))
        texts = [_text(found[key]) for key in ("id", "title", "labs")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        remedy = "It needs three lines: id, title and labs, each a text in quotes."
        raise OutgrowError(f"the course file cannot be read: {error}", file, remedy) from None
    return _Reader(file, found).settings(texts)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


class _Reader:
    """Reads the parts of one course file, and says which part is wrong."""

    def __init__(self, file: Path, found: dict[str, Any]) -> None:
        self.file, self.found = file, found
        self.labs = Path(found["labs"])

    def settings(self, texts: list[str]) -> Settings:
        if strange := sorted(set(self.found) - set(KEYS)):
            self.wrong(f"nothing is called `{strange[0]}`", f"There are: {', '.join(KEYS)}.")
        timezone, database = (self.optional(key) for key in ("timezone", "gradebook"))
        zone = self.zone(timezone)
        due = self.dates("due", self.table("due"), zone)
        given = self.table("extensions")
        extensions = {name: self.extension(name, given[name], due, zone) for name in given}
        name, title, _ = texts
        late = self.policy(self.table("late"))
        return Settings(name, title, self.labs, database, due, late, extensions, timezone)

    def wrong(self, fact: str, remedy: str) -> NoReturn:
        raise OutgrowError(fact, self.file, remedy)

    def optional(self, key: str) -> str:
        value = self.found.get(key, "")
        if not isinstance(value, str):
            self.wrong(f"`{key}` is no text", "Write it in quotes.")
        return value

    def table(self, key: str) -> dict[str, Any]:
        value = self.found.get(key, {})
        if not isinstance(value, dict):
            self.wrong(f"`{key}` is no table", f"Begin it with a line [{key}].")
        return value

    def zone(self, name: str) -> tzinfo | None:
        try:
            return ZoneInfo(name) if name else None
        except (ValueError, OSError, KeyError):
            self.wrong(f"there is no time zone `{name}`", "Name one such as Europe/Berlin.")

    def dates(self, where: str, table: dict[str, Any], zone: tzinfo | None) -> dict[str, datetime]:
        known = [path.name for path in find_labs(self.labs)] if table else []
        for lab in table:
            if lab not in known:
                remedy = f"The labs there: {', '.join(known) or 'none'}."
                self.wrong(f"[{where}]: there is no lab `{lab}` in {self.labs}", remedy)
        return {lab: self.date(f"[{where}] {lab}", table[lab], zone) for lab in table}

    def date(self, where: str, value: Any, zone: tzinfo | None) -> datetime:
        if not isinstance(value, datetime):
            self.wrong(f"{where} is no date with a time", f"{DATE}, without quotes.")
        if value.tzinfo is None and zone is None:
            remedy = f'{DATE}, or add a line such as timezone = "Europe/Berlin".'
            self.wrong(f"{where} does not say in which time zone it is", remedy)
        return value if value.tzinfo else value.replace(tzinfo=zone)

    def extension(
        self, student: str, table: Any, due: Dates, zone: tzinfo | None
    ) -> dict[str, datetime]:
        """A student's own due dates."""
        where = f"extensions.{student}"
        if not isinstance(table, dict) or any(isinstance(v, dict) for v in table.values()):
            remedy = 'Write [extensions."NAME"], with the quotes if the name has a dot in it.'
            self.wrong(f"[{where}] is no table of dates", remedy)
        dates = self.dates(where, table, zone)
        for lab, date in dates.items():
            if lab not in due:
                self.wrong(f"[{where}]: {lab} has no due date", f"Add {lab} to [due].")
            if date < due[lab]:
                remedy = "An extension is the student's own, later date."
                self.wrong(f"[{where}]: {lab} is due earlier than for the others", remedy)
        return dates

    def policy(self, table: dict[str, Any]) -> Policy:
        names = [field.name for field in fields(Policy)]
        if strange := sorted(set(table) - set(names)):
            self.wrong(
                f"[late]: nothing is called `{strange[0]}`", f"There are: {', '.join(names)}."
            )
        for name, value in table.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value <= (1 if name != "grace" else 10**6):
                kind = "a number of minutes" if name == "grace" else "a fraction from 0 to 1"
                self.wrong(f"[late] {name} is not {kind}", f"Write {name} = {EXAMPLES[name]}.")
        return Policy(**{name: float(value) for name, value in table.items()})
