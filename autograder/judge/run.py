"""What a cell did, as far as its kernel tells; nothing that a kernel says is taken on trust."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg

from autograder.plaintext import line
from autograder.testing import is_builtin_error

MAX_OUTPUT = 2**20
MAX_FLOOD = 64 * 2**20
SHOWN = ("stream", "error", "display_data", "execute_result")
CUT = "\n[the rest of the output is cut]\n"


class Flood(Exception):
    """A cell printed more than MAX_FLOOD bytes."""


@dataclass
class Run:
    """A cell's outputs, and how it ended: `ok`, `error`, `timeout`, `memory`, `flood` or
    `crashed`."""

    outputs: list[NotebookNode] = field(default_factory=list)
    ended: str = "ok"
    error: str = ""
    size: int = 0
    room: int = MAX_OUTPUT

    def take(self, message: dict[str, Any]) -> bool:
        """Book one message of the cell; True when the cell is done. Raises Flood, or whatever a
        message that is none leads to."""
        content = message["content"]
        if message["msg_type"] == "status":
            return content["execution_state"] == "idle"
        if message["msg_type"] == "error":
            self.ended = "error"
            self.error = line(f"{content['ename']}: {content['evalue']}", 500)
        self._add(message)
        return False

    def seal(self) -> None:
        """Keep nothing in which the notebook could tell what it knows, but a built-in error's
        name."""
        kind = self.error.partition(":")[0]
        self.outputs, self.error = [], kind if is_builtin_error(kind) else "an error"

    def _add(self, message: dict[str, Any]) -> None:
        """Keep an output while there is room; say once that the rest is cut."""
        full = self.size > self.room
        self.size += _size(message["content"])
        if self.size > MAX_FLOOD:
            raise Flood
        if full or message["msg_type"] not in SHOWN:
            return
        if self.size > self.room:
            self.outputs.append(new_output("stream", text=CUT))
            return
        with suppress(ValueError, KeyError):
            self.outputs.append(output_from_msg(message))


def _size(content: Any) -> int:
    """About the bytes that a message's content takes up here: text, and what holds it."""
    if isinstance(content, str):
        return 8 + len(content)
    if isinstance(content, dict):
        return 64 + sum(_size(key) + _size(value) for key, value in content.items())
    if isinstance(content, list):
        return 64 + sum(map(_size, content))
    return 8
