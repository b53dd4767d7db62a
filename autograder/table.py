"""A task's verdicts as a table: HTML for notebooks and formgrader, text for a terminal.

Everything a student wrote is escaped. The style is a handful of inline rules, so that the table
looks the same everywhere; colours are mixed with the text's own, so that they can be read on light
and on dark.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from autograder.judge.verdict import Verdict, score

MARKS = {"passed": "✔", "infrastructure": "⚠"}
COLOURS = {"passed": "#2da44e", "infrastructure": "#d29922"}
CELL = "padding:.3em .6em;vertical-align:top"
NARROW = f"{CELL};text-align:left;white-space:nowrap"
WIDE = f"{CELL};text-align:left;white-space:normal"
RIGHT = f"{CELL};text-align:right;white-space:nowrap"
PLAIN = "margin:0;padding:0;border:0;background:none;color:inherit;white-space:pre-wrap"
NOT_TRIED = ("not answered yet", "not run")


def number(points: float) -> str:
    """Points without a needless decimal: 2, 1.5, 0.33.

    >>> number(2.0), number(1.5), number(1 / 3)
    ('2', '1.5', '0.33')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def merged(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts, with a test's cases that came out alike as one; its title says how many."""
    cases = Counter(_name(v) for v in verdicts)
    alike: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        alike.setdefault((_name(verdict), verdict.outcome, verdict.hint), []).append(verdict)
    return [_one(group, cases[name]) for (name, _, _), group in alike.items()]


def _name(verdict: Verdict) -> str:
    return f"{verdict.hidden} {verdict.test.partition('[')[0]}"


def _one(group: list[Verdict], cases: int) -> Verdict:
    some = f"{len(group)} of {cases}" if len(group) < cases else f"{cases}"
    title = f"{group[0].title} ({some} cases)" if cases > 1 else group[0].title
    return replace(group[0], title=title, points=sum(v.points for v in group))


def phrase(verdict: Verdict) -> str:
    """The outcome in words; what was not even tried is not called an error."""
    return next((p for p in NOT_TRIED if verdict.message.startswith(p)), verdict.phrase)


def message(verdict: Verdict) -> str:
    """What there is to say beyond the phrase."""
    return "" if verdict.message in NOT_TRIED else verdict.message


def earned(verdicts: Sequence[Verdict]) -> str:
    """The points earned, and whether there are more to earn in tests that are not shown here."""
    points = f"{number(score(verdicts))} of {number(sum(v.points for v in verdicts))} points"
    return points if any(v.hidden for v in verdicts) else f"{points} in the tests that you see"


def prose(text: str) -> str:
    """A title or a hint as HTML: escaped, with `names` as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def html(task: str, verdicts: Sequence[Verdict]) -> str:
    """The verdicts of a task as one HTML table with a heading."""
    head = f"<b>{escape(task)}</b>: {earned(verdicts)}"
    rows = "".join(_row(verdict) for verdict in merged(verdicts))
    return (
        f'<div class="outgrow-check" role="region" aria-label="Result of {escape(task)}">'
        f'<p style="margin:.3em 0">{head}</p>'
        f'<table style="border-collapse:collapse;max-width:60em">{rows}</table></div>'
    )


def _row(verdict: Verdict) -> str:
    colour = f"color-mix(in srgb, {COLOURS.get(verdict.outcome, '#e5484d')} 65%, currentColor)"
    mark = MARKS.get(verdict.outcome, "✘")
    result = f'<span style="color:{colour};font-weight:bold">{mark} {phrase(verdict)}</span>'
    worth = f"{number(verdict.earned)}/{number(verdict.points)}"
    parts = ((NARROW, result), (WIDE, _told(verdict)), (RIGHT, worth))
    cells = "".join(f'<td style="{style}">{text}</td>' for style, text in parts)
    return f"<tr>{cells}</tr>"


def _told(verdict: Verdict) -> str:
    """The title, and for a test that did not pass: expected, actual, hint, in this order."""
    hidden = " <i>(hidden test)</i>" if verdict.hidden else ""
    parts = [prose(verdict.title) + hidden]
    if verdict.expected or verdict.actual:
        parts += [f"expected {_code(verdict.expected)}", f"got {_code(verdict.actual)}"]
    if message(verdict):
        parts.append(f'<pre style="{PLAIN}">{escape(message(verdict))}</pre>')
    if verdict.hint:
        parts.append(f"<b>Hint:</b> {prose(verdict.hint)}")
    return "".join(f'<div style="margin:.1em 0">{part}</div>' for part in parts)


def _code(text: str) -> str:
    return f'<code style="white-space:pre-wrap">{escape(text)}</code>'


def text(task: str, verdicts: Sequence[Verdict]) -> str:
    """The same for a terminal."""
    lines = [f"{task}: {earned(verdicts)}"]
    for verdict in merged(verdicts):
        mark = MARKS.get(verdict.outcome, "✘")
        lines.append(f"  {mark} {verdict.title} ({phrase(verdict)})")
        lines += [f"      {line}" for line in _details(verdict)]
    return "\n".join(lines)


def _details(verdict: Verdict) -> list[str]:
    pairs = [("expected", verdict.expected), ("got", verdict.actual), ("", message(verdict))]
    pairs.append(("hint:", verdict.hint))
    found = [f"{name} {value}".strip() for name, value in pairs if value]
    return [line for entry in found for line in entry.splitlines()]
