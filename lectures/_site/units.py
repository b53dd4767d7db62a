"""The units that exist, read from the lectures' front matter and the labs' headers."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lectures._site.problem import PageProblem

_ROOT = Path(__file__).parents[2]
LECTURES = _ROOT / "lectures"
_UNIT = re.compile(r"\d\d_\w+")
_FRONT = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True)
class Unit:
    """One unit of the course. `lecture` and `lab` are minutes, None where that part is missing;
    `before` are the names of the units that come first."""

    name: str
    title: str
    goal: str
    lecture: int | None
    lab: int | None
    before: tuple[str, ...] = ()


def units(root: Path = _ROOT) -> list[Unit]:
    """List the units that have a lecture or a lab below `root`, in their order.

    Raises PageProblem if a lecture or a lab does not say how long it takes.
    """
    lectures = {file.stem: file for file in (root / "lectures").glob("*.md")}
    labs = {file.parent.name: file for file in (root / "labs").glob("*/lab.py")}
    names = sorted(name for name in {*lectures, *labs} if _UNIT.fullmatch(name))
    return [_unit(name, lectures.get(name), labs.get(name)) for name in names]


def _unit(name: str, lecture: Path | None, lab: Path | None) -> Unit:
    text = lecture.read_text("utf-8") if lecture else ""
    page = _front_matter(text)
    header = _front_matter(_uncommented(lab.read_text("utf-8"))) if lab else {}
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    title = header.get("title") or page.get("title") or (heading[1] if heading else name)
    return Unit(
        name=name,
        title=str(title),
        goal=str(page.get("goal", "")),
        lecture=_minutes(page, lecture),
        lab=_minutes(header, lab),
        before=tuple(header.get("prerequisites", ())),
    )


def _minutes(header: dict[str, Any], file: Path | None) -> int | None:
    if file is None:
        return None
    if not isinstance(header.get("minutes"), int):
        place = f"{file.parent.name}/{file.name}"
        remedy = "Add `minutes: 20` to the block between the `---` lines at its top."
        raise PageProblem(place, "it does not say how many minutes it takes.", remedy)
    return header["minutes"]


def _front_matter(text: str) -> dict[str, Any]:
    block = _FRONT.match(text)
    found = yaml.safe_load(block[1]) if block else None
    return found if isinstance(found, dict) else {}


def _uncommented(source: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.split("\n"))


def table(found: list[Unit], to_lectures: str) -> str:
    """A Markdown table of units; `to_lectures` leads from the page to the lectures' folder."""
    rows = ["| Unit | What you will be able to do | Read | Do |", "|---|---|--:|--:|"]
    return "\n".join(rows + [_row(unit, to_lectures) for unit in found])


def _row(unit: Unit, to_lectures: str) -> str:
    title = f"[{unit.title}]({to_lectures}{unit.name}.md)" if unit.lecture else unit.title
    number = unit.name.partition("_")[0]
    read = f"{unit.lecture}&nbsp;min" if unit.lecture else "–"
    do = f"{unit.lab}&nbsp;min" if unit.lab else "–"
    return f"| {number} {title} | {unit.goal} | {read} | {do} |"
