"""What a student wrote, on the pages that students and graders open: text and true images only."""

import base64
import re
import struct
import zlib
from html.parser import HTMLParser
from typing import Any

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.course import outputs, plain
from autograder.course.feedback import render
from autograder.judge.verdict import Report, Verdict
from tests.autograder.notebooks import notebook, task


def image(width: int = 1, height: int = 1, name: bytes = b"IHDR") -> bytes:
    """A PNG that says it is so large."""
    head = name + struct.pack(">II", width, height) + b"\x08\0\0\0\0"
    ends = (head, b"IDAT" + zlib.compress(b"\0\0"), b"IEND")
    chunks = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in ends)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


NASTY = "<script>planted()</script><img src=x onerror=planted()>\x1b]52;c;eA==\x07\x1b[31m\u202e"
SHOWN = "&lt;script&gt;planted()&lt;/script&gt;"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='planted()'><foreignObject/></svg>"
OUTPUTS = [
    new_output("stream", name="stdout", text=f"printed {NASTY}"),
    new_output("stream", name="stderr", text=["in ", "two"]),
    new_output("display_data", {"text/html": NASTY, "text/plain": f"plainly {NASTY}"}),
    new_output("display_data", {"image/svg+xml": SVG}),
    new_output("display_data", {"text/markdown": NASTY, "text/latex": NASTY}),
    new_output("display_data", {"application/javascript": "planted()"}),
    new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}),
    new_output("display_data", {"image/png": encoded(image())}),
    new_output("display_data", {"image/png": encoded(SVG.encode())}),
    new_output("display_data", {"image/png": encoded(image()) + '"><script>planted()</script>'}),
    new_output("display_data", {"image/png": encoded(image(60_000, 60_000))}),
    new_output("display_data", {"image/png": encoded(image() + bytes(3 * 2**20))}),
    new_output("display_data", {"image/jpeg": encoded(b"\xff\xd8\xff\xe0")}),
    new_output("display_data", {"image/gif": encoded(b"GIF89a")}),
    new_output("error", ename=NASTY, evalue=NASTY, traceback=[NASTY]),
]


class Reader(HTMLParser):
    """The tags of a page, with what they ask for and what they would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers |= {f"{name}={value}" for name, value in attrs if name.startswith("on")}
        self.links |= {str(value) for name, value in attrs if name in ("src", "href")}


def verdict(**fields: Any) -> Verdict:
    about = {"test": "test_f", "task": "f", "title": "Title.", "hidden": False, "points": 1.0}
    return Verdict(**about, outcome="failed", **fields)


def page(nb: NotebookNode, *verdicts: Verdict, notes: tuple[str, ...] = ()) -> str:
    for cell in nb.cells:
        cell.metadata.setdefault("nbgrader", {"solution": False, "grade": False})
        cell.metadata.nbgrader.setdefault("score", 0.0)
    report = Report(verdicts or (verdict(),), notes).plain()
    nb.metadata["outgrow"] = {"title": "Lab", "report": report}
    about = {"assignment": "lab", "student": NASTY, "score": 0, "max_score": 1, "late_penalty": 0}
    return render(nb, about)


def written(text: str) -> NotebookNode:
    cell = new_markdown_cell(text)
    cell.metadata["nbgrader"] = {"grade_id": "why", "solution": True, "grade": True, "points": 1}
    return cell


def test_of_outputs_only_text_errors_and_true_images_are_kept():
    kept = outputs.plain(OUTPUTS)
    assert [(o.output_type, *o.get("data", {})) for o in kept] == [
        ("stream",), ("stream",), ("display_data", "text/plain"),
        ("display_data", "image/png"), ("display_data", "image/png"), ("error",),
    ]  # fmt: skip
    assert {o.data["image/png"] for o in kept if "image/png" in o.get("data", {})} <= {
        encoded(image()),
        encoded(image() + base64.b64decode("scriptplanted()/script")),
    }
    assert "\x1b" not in str(kept)
    assert "\u202e" not in str(kept)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x89PNG", image(name=b"IHDX"), image(0, 5), image(2**31, 2**31), b"GIF89a" * 20,
        b"<svg/>" * 20, b" " + image(),
    ],
)  # fmt: skip
def test_what_is_no_png_or_too_large_a_one_is_no_image(raw: bytes):
    assert outputs.png(encoded(raw)) == ""


@pytest.mark.parametrize("value", [None, 5, {"a": 1}, [1, 2], "no base64!", "é", "A" * 10_000_000])
def test_what_is_no_text_is_no_image(value: Any):
    assert outputs.png(value) == ""


def test_nothing_of_a_student_runs_or_is_fetched_in_feedback():
    (work, check) = task("f", f"def f(): ...  # {NASTY}")
    work["outputs"] = OUTPUTS
    nb = notebook([work, check], written(f"because {NASTY}"))
    told = verdict(message=NASTY, expected=NASTY, actual=NASTY, hint=NASTY)
    html = page(nb, told, notes=(NASTY,))
    read = Reader(html)
    assert not read.tags & {"script", "iframe", "object", "embed", "form", "svg", "base"}
    assert read.handlers == set()
    assert all(link.startswith(("#", "data:,", "data:image/png;base64,")) for link in read.links)
    assert html.count(SHOWN) >= 9
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "default-src 'none'" in html


def test_nothing_of_a_student_runs_or_is_fetched_on_the_grading_page():
    (work, check) = task("f", f"def f(): ...  # {NASTY}")
    work["outputs"] = outputs.plain(OUTPUTS)
    own = [new_code_cell(NASTY), new_markdown_cell(NASTY)]
    nb = notebook([work, check], written(f"because {NASTY}"), *own)
    exporter = HTMLExporter(config=plain.grading_page(), template_name="formgrade")
    about = dict.fromkeys(("notebook_id", "assignment_id", "submission_id", "base_url"), "")
    about |= dict.fromkeys(("student", "first_name", "last_name", "notebook_path"), "")
    html, _ = exporter.from_notebook_node(nb, {**about, "index": 0, "total": 1})
    body = html[html.index('id="notebook"') :]
    read = Reader(body)
    assert not read.tags & {"script", "iframe", "object", "embed", "form", "svg", "base"}
    assert read.handlers == set()
    assert all(link.startswith("data:image/png;base64,") for link in read.links)
    assert "\u202e" not in body
    policy = re.search("""<meta[^>]*content="(default-src 'none'[^"]*)""", html)
    assert policy
    assert "unsafe-inline" not in policy[1].partition("style-src")[0]
    assert policy.start() > html.rindex("<script src=")


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:planted())", "[a](JaVaScRiPt:x)", "[a](java&#9;script:x)", "<javascript:x>",
        "[a](&#1;javascript:x)", "[a][r]\n\n[r]: javascript:x", "[a](vbscript:x)", "[a](blob:x)",
        "[a](data:text/html,<script>planted()</script>)", "[a](//evil.example)", "[a](/logout)",
        "[a](file:///etc/passwd)", "[a](../../logout)", "[a](https:/logout)", "[a](http:logout)",
        "![a](https://evil.example/x.png)", "![a][r]\n\n[r]: https://evil.example/x.png",
        '<img src="https://evil.example/x.png">', "<a href='https://evil.example'>a</a>",
        '<iframe src="x">', "<style>*{}</style>",
        "[a]: https://evil.example 'x'", "`<b>`", "[a](https:&#x2f;logout)",
    ],
)  # fmt: skip
def test_of_markdown_no_link_but_to_another_site_and_no_image_is_left(text: str):
    read = Reader(plain.markdown(text))
    assert not read.tags & {"img", "a", "script", "iframe", "style", "b"}
    assert read.handlers == set()


def test_a_link_to_another_site_tells_it_nothing():
    html = plain.markdown('[a](https://x.example/?q="><script> "title\\" onclick=planted()")')
    read = Reader(html)
    assert read.tags <= {"p", "a"}
    assert read.handlers == set()
    html = plain.markdown("[a](https://x.example/b?c=d&e)")
    link = '<a href="https://x.example/b?c=d&amp;e" rel="noopener noreferrer" target="_blank">a</a>'
    assert html == f"<p>{link}</p>\n"


def test_markdown_of_any_length_is_shown_soon():
    for text in ("[" * 200_000, "*a_" * 100_000, "> " * 100_000, "<" * 200_000):
        assert "[cut]" in plain.markdown(text)
