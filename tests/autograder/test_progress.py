"""What students wrote, in the tables of a terminal: text, and nothing that the terminal obeys."""

import io

from rich.console import Console

from autograder.commands.progress import _line, marks_table
from autograder.course.marks import Mark
from autograder.judge.verdict import Report, Verdict

NASTY = "[red]a[/red][link=https://evil.example]b[/link]\x1b]8;;https://evil.example\x07c\x1b]52;c;eA==\x07"
SHOWN = "[red]a[/red][link=https://evil.example]b[/link]c"


def test_markup_and_escapes_in_a_name_or_a_message_do_nothing():
    verdict = Verdict("t", "f", "Title.", False, 1.0, "error", message=f"{NASTY}\u202e\\")
    mark = Mark(NASTY, "lab", Report((verdict,)))
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=250, highlight=False)
    console.print(_line(mark))
    console.print(marks_table([mark], "lab"))
    text = file.getvalue()
    assert text.count(SHOWN) == 4
    assert "\x1b]" not in text
    assert "\u202e" not in text
