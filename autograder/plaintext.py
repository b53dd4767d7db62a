"""Text that others wrote, made harmless wherever it is shown: terminal, page or table.

Escape sequences are gone (a terminal would obey them: colours, titles, links, the clipboard), and
so are the other control characters but newline and tab. Marks that turn the direction of writing
around, or are not seen at all, are written out: code would read other than it runs.
"""

import re

MOST = 20_000
ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)?"  # OSC, DCS, …
    r"|\x1b[ -/]*[0-~]?"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
UNSEEN = re.compile(
    "[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def clean(text: str, most: int = MOST) -> str:
    """Text without terminal escapes and control characters, of bearable length.

    >>> clean("\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07bell\\u202e")
    'red bell⟨U+202E⟩'
    """
    bare = ESCAPES.sub("", text.replace("\r\n", "\n"))
    shown = UNSEEN.sub(lambda mark: f"⟨U+{ord(mark[0]):04X}⟩", CONTROLS.sub("", bare))
    whole = shown.encode("utf-8", "replace").decode()
    return whole if len(whole) <= most else whole[:most] + "\n[cut]"


def line(text: str, most: int = 300) -> str:
    """The same as one line.

    >>> line("two\\nlines", most=8)
    'two lin…'
    """
    whole = " ".join(clean(text[: 20 * most]).split())
    return whole if len(whole) <= most else whole[: most - 1] + "…"
