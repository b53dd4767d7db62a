"""Plain forms of what a submission's cells put out, for pages that staff open.

A grader's browser is logged in to the gradebook, so nothing of a submission may run in it, nor
fetch anything: of outputs we keep text and true PNG images.
"""

import base64
import binascii
import struct
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.plaintext import clean

PNG = struct.Struct(">8s4x4sII")  # its head: signature, name of the first chunk, width, height
SIGNATURE = (b"\x89PNG\r\n\x1a\n", b"IHDR")
MAX_IMAGE = 2 * 2**20
MAX_PIXELS = 32 * 2**20


def plain(found: Iterable[Mapping[str, Any]]) -> list[NotebookNode]:
    """The outputs of a cell as text, errors and PNG images; all else of them is dropped."""
    return [plain for output in found for plain in _plain(output)]


def _plain(output: Mapping[str, Any]) -> list[NotebookNode]:
    kind, data = output.get("output_type"), output.get("data", {})
    if kind == "stream":
        return [new_output("stream", name="stdout", text=_text(output.get("text")))]
    if kind == "error":
        told = {key: _text(output.get(key)) for key in ("ename", "evalue")}
        lines = [_text(line) for line in output.get("traceback", [])]
        return [new_output("error", **told, traceback=lines)]
    kept = {"text/plain": _text(data.get("text/plain")), "image/png": png(data.get("image/png"))}
    kept = {mime: text for mime, text in kept.items() if text}
    return [new_output("display_data", kept)] if kept else []


def _text(value: Any) -> str:
    return clean("".join(map(str, value)) if isinstance(value, list) else str(value or ""))


def png(encoded: Any) -> str:
    """A PNG image in base64 without any other character, or nothing if it is none, or one that is
    too large for a page."""
    text = "".join(map(str, encoded)) if isinstance(encoded, list) else encoded
    if not isinstance(text, str):
        return ""
    try:
        raw = base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return ""
    return base64.b64encode(raw).decode() if len(raw) <= MAX_IMAGE and _is_png(raw) else ""


def _is_png(raw: bytes) -> bool:
    if len(raw) < PNG.size:
        return False
    *signature, width, height = PNG.unpack_from(raw)
    return (*signature,) == SIGNATURE and 0 < width * height <= MAX_PIXELS
