"""The pages as they are written, held against HTML's own rules and those in `html/rules.mjs`."""

import json
import subprocess
from pathlib import Path

import pytest

from lectures._site import vendor
from lectures._site.node import node
from tests.lectures.survey import names

TOOL = Path(__file__).with_name("html")


def complaints(folder: Path, said: Path) -> list[str]:
    """What html-validate says of the pages in a folder, as `page:line: rule: words`.

    It writes to the file `said`: in a pipe, the end of a long report is lost.
    """
    program = vendor.packages(TOOL) / "node_modules/html-validate/bin/html-validate.mjs"
    options = ["--config", str(TOOL / "rules.mjs"), "--formatter", f"json={said}"]
    command = [*node(), str(program), *options, *names(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    pages = {
        Path(page["filePath"]): page["messages"] for page in json.loads(said.read_text("utf-8"))
    }
    return [
        f"{path.relative_to(folder)}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for path, messages in pages.items()
        for fault in messages
    ]


@pytest.mark.slow
def test_every_page_is_valid_html(site: Path, tmp_path: Path):
    assert complaints(site, tmp_path / "said.json") == []


def test_a_page_that_is_not_is_told_of(tmp_path: Path):
    page = """<!doctype html>
<html lang="en"><head><title>A page with faults</title></head><body>
<p id="twice">One<div id="twice">Two</div></p>
<img src="a.png">
<div role="region" aria-label="Parts">Three</div>
<table><thead><tr><td></td><th>rows</th></tr></thead>
<tbody><tr><th>all</th><td>1</td></tr></tbody></table>
<a href="b.html">Four<button>five</button></a>
</body></html>
"""
    (tmp_path / "page.html").write_text(page, "utf-8")
    told = complaints(tmp_path, tmp_path / "said.json")
    found = {line.split(": ")[1] for line in told}
    assert {"no-dup-id", "close-order", "prefer-native-element", "wcag/h63"} <= found
    assert {"wcag/h37", "element-permitted-content"} <= found
