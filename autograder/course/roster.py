"""A roster: a CSV file that says how another system knows our students.

It has a column `student`, with the names that they have here, and any columns that the other system
wants, under its own names: `SIS Login ID`, `Email address`, `last_name`. Other columns are left
alone.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import OutgrowError

KEY = "student"
Roster = Mapping[str, Mapping[str, str]]


def read_roster(file: Path) -> Roster:
    """The students of a roster, each with the columns it has; raise OutgrowError if it is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OutgrowError(f"it cannot be read: {error}", file, "Save it as CSV (UTF-8).") from None
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        cells = {key: value.strip() for key, value in row.items() if isinstance(value, str)}
        student = cells.pop(KEY, "")
        if KEY not in row:
            raise OutgrowError(f"there is no column `{KEY}`", file, "Add one, with our names.")
        if student in found:
            raise OutgrowError(f"{student} is in it twice", file, "Leave one of the lines.")
        if student:
            found[student] = cells
    return found
