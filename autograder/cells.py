"""The cells of a notebook's file, read with suspicion: type, text and nbgrader id of each, no more.

The file is measured before it is parsed: brackets can be counted without building anything, and
what is nested too deeply, or holds too much, goes no further.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.handin import Unreadable
from autograder.notebook import grade_id

MAX_CELLS = 2_000
MAX_CELL = 200_000
MAX_DEPTH = 100
MAX_PARTS = 300_000
SAVE_AGAIN = "open it in JupyterLab, save it, and hand it in again"
CLEAR = "clear all outputs, save it, and hand it in again"
TEXT = rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + TEXT + rb")*+([\[\]{}]|\Z)", re.DOTALL)


def read_cells(content: bytes) -> tuple[list[NotebookNode], list[str]]:
    """A notebook's cells, and notes on what of them was left out; raises Unreadable."""
    tree = read_tree(content)
    cells = tree.get("cells") if isinstance(tree, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("the file is JSON, but no notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"the notebook has {len(cells):,} cells; {MAX_CELLS:,} is the limit")
    notes: list[str] = []
    return [_clean(cell, notes) for cell in cells if isinstance(cell, dict)], notes


def read_tree(content: bytes) -> Any:
    """The file's JSON. Numbers are not even read: nothing of a notebook that counts is one."""
    _measure(content)
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_int=len,
            parse_float=len,
            parse_constant=len,
        )
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8 text (byte {error.start}): {SAVE_AGAIN}") from None
    except json.JSONDecodeError as error:
        fact = f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}"
        raise Unreadable(f"the file is no notebook: {fact}") from None
    except RecursionError:
        raise Unreadable("the file is no notebook: it is nested too deeply") from None


def _measure(content: bytes) -> None:
    """Refuse, before it is parsed, what would take much more memory than its size, or time."""
    depth = count = cells = 0
    for match in BRACKET.finditer(content):
        if match[1] not in (b"[", b"{"):
            depth -= 1
            continue
        depth, count, cells = depth + 1, count + 1, cells + (depth == 2 and match[1] == b"{")
        if depth > MAX_DEPTH:
            raise Unreadable("the file is no notebook: it is nested too deeply")
        if cells > MAX_CELLS:
            raise Unreadable(f"the notebook has more than {MAX_CELLS:,} cells, which is the limit")
        if count > MAX_PARTS:
            remedy = "clear all outputs, save it, and hand it in again"
            raise Unreadable(
                f"the notebook holds more than {MAX_PARTS:,} lists and objects: {remedy}"
            )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise Unreadable(f"the file holds `{name}` twice in one place: {SAVE_AGAIN}")
    return found


def _clean(cell: Mapping[str, Any], notes: list[str]) -> NotebookNode:
    make = new_code_cell if cell.get("cell_type") == "code" else new_markdown_cell
    name = grade_id(cell) if isinstance(cell.get("metadata", {}), dict) else ""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    text = "".join(part for part in lines if isinstance(part, str))
    text = text.encode("utf-8", "replace").decode()
    which = f"the cell `{name}`" if name else "a cell"
    if not all(isinstance(part, str) for part in lines):
        notes.append(f"{which} held what is no text; that was left out")
    if len(text) > MAX_CELL:
        limit = f"{MAX_CELL:,} characters is the limit"
        notes.append(f"{which} is {len(text):,} characters long; {limit}, so it was left out")
        text = ""
    return make(text, metadata={"nbgrader": {"grade_id": name}} if name else {})
