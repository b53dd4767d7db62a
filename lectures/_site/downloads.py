"""Files that a page hands out. They are written into the link itself.

So a download needs no second build step and nothing from the generator, and it works in a folder
that is opened without a server. A few tens of kilobytes a file is what this is for.
"""

import io
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from html import escape

KINDS = {
    ".ipynb": "application/x-ipynb+json",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
# The same files give the same bytes on every day.
_DATE = (2026, 1, 1, 0, 0, 0)


def link(name: str, content: bytes, text: str) -> str:
    """A link, as HTML, that saves `content` under `name`; the ending says what kind it is."""
    kind = KINDS["." + name.rpartition(".")[2]]
    data = b64encode(content).decode()
    size = f"{max(1, round(len(content) / 1000))} kB"
    return (
        f'<a class="download" download="{escape(name)}" href="data:{kind};base64,{data}">'
        f"{escape(text)}</a> ({size})"
    )


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of files, by their paths in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, _DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(about, content)
    return buffer.getvalue()
