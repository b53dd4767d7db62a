"""When submissions came in, in the system's words that took them: a CSV file, `student` and `time`.

A time is written as 2026-12-01T23:40:00+01:00; without an offset it is in the course's time zone.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.course.folder import Course
from autograder.course.roster import read_roster
from autograder.errors import OutgrowError

EXAMPLE = "Write it as 2026-12-01T23:40:00+01:00"


def read_times(course: Course, file: Path) -> Mapping[str, datetime]:
    """The time of each student in the file, with its zone."""
    return {
        student: _time(course, file, student, row.get("time", ""))
        for student, row in read_roster(file).items()
    }


def _time(course: Course, file: Path, student: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        fact = f"the `time` of {student} is none: {text!r}"
        raise OutgrowError(fact, file, f"{EXAMPLE}.") from None
    if time.tzinfo is None and not course.timezone:
        remedy = f'{EXAMPLE}, or add a line such as timezone = "Europe/Berlin" to course.toml.'
        raise OutgrowError(f"the `time` of {student} does not say its time zone", file, remedy)
    return time if time.tzinfo else time.replace(tzinfo=ZoneInfo(course.timezone))
