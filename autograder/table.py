"""A task's verdicts as a table: HTML for notebooks and feedback, text for a terminal.

Everything a student wrote is escaped. The style is a handful of inline rules, so that the table looks
the same in JupyterLab and formgrader; colours are mixed with the text's own, so that they can be read
on light and on dark.
"""

from collections.abc import Sequence
from html import escape

from autograder.judge.verdict import Verdict, score

MARKS = {"passed": "✔", "infrastructure": "⚠"}
COLOURS = {"passed": "#2da44e", "infrastructure": "#d29922"}
CELL = "padding:.3em .6em;vertical-align:top"
NARROW, WIDE, RIGHT = (
    f"{CELL};text-align:left;white-space:nowrap",
    f"{CELL};text-align:left;white-space:normal",
    f"{CELL};text-align:right;white-space:nowrap",
)
PLAIN = "margin:0;padding:0;border:0;background:none;color:inherit;white-space:pre-wrap"


def number(points: float) -> str:
    """Points without a needless decimal: 2, 1.5, 0.33.

    >>> number(2.0), number(1.5), number(1 / 3)
    ('2', '1.5', '0.33')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def html(task: str, verdicts: Sequence[Verdict]) -> str:
    """The verdicts of a task as one HTML table with a heading."""
    total = sum(v.points for v in verdicts)
    head = f"<b>{escape(task)}</b>: {number(score(verdicts))} of {number(total)} points"
    rows = "".join(_row(verdict) for verdict in verdicts)
    return (
        f'<div class="outgrow-check" role="region" aria-label="Result of {escape(task)}">'
        f'<p style="margin:.3em 0">{head}</p>'
        f'<table style="border-collapse:collapse;max-width:60em">{rows}</table></div>'
    )


def _row(verdict: Verdict) -> str:
    colour = f"color-mix(in srgb, {COLOURS.get(verdict.outcome, '#e5484d')} 65%, currentColor)"
    mark = MARKS.get(verdict.outcome, "✘")
    result = f'<span style="color:{colour};font-weight:bold">{mark} {verdict.phrase}</span>'
    worth = f"{number(verdict.earned)}/{number(verdict.points)}"
    cells = {NARROW: result, WIDE: _told(verdict), RIGHT: worth}
    return f"<tr>{''.join(f'<td style="{k}">{v}</td>' for k, v in cells.items())}</tr>"


def _told(verdict: Verdict) -> str:
    """The title, and for a test that did not pass: expected, actual, hint, in this order."""
    hidden = " <i>(hidden test)</i>" if verdict.hidden else ""
    parts = [escape(verdict.title) + hidden]
    if verdict.expected or verdict.actual:
        parts += [f"expected {_code(verdict.expected)}", f"got {_code(verdict.actual)}"]
    if verdict.message:
        parts.append(f'<pre style="{PLAIN}">{escape(verdict.message)}</pre>')
    if verdict.hint:
        parts.append(f"<b>Hint:</b> {escape(verdict.hint)}")
    return "".join(f'<div style="margin:.1em 0">{part}</div>' for part in parts)


def _code(text: str) -> str:
    return f'<code style="white-space:pre-wrap">{escape(text)}</code>'


def text(task: str, verdicts: Sequence[Verdict]) -> str:
    """The same for a terminal."""
    total = sum(v.points for v in verdicts)
    lines = [f"{task}: {number(score(verdicts))} of {number(total)} points"]
    for verdict in verdicts:
        lines.append(f"  {MARKS.get(verdict.outcome, '✘')} {verdict.title} ({verdict.phrase})")
        lines += [f"      {line}" for line in _details(verdict)]
    return "\n".join(lines)


def _details(verdict: Verdict) -> list[str]:
    pairs = [("expected", verdict.expected), ("got", verdict.actual), ("", verdict.message)]
    pairs.append(("hint:", verdict.hint))
    found = [f"{name} {value}".strip() for name, value in pairs if value]
    return [line for entry in found for line in entry.splitlines()]
