"""Pages with fences to run, from Markdown to HTML, through real kernels."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from lectures._site.problem import PageProblem

Convert = Callable[[str], str]
DOT = """display({"text/vnd.graphviz": "digraph { load -> count }"}, raw=True)"""


def fence(source: str, info: str = "") -> str:
    return f"```python run {info}\n{source}\n```\n\n"


def test_a_page_shows_its_code_and_what_it_gives_in_order(convert: Convert):
    page = convert(
        fence("import pandas as pd\nprint('first')\n6 * 7")
        + "Between.\n\n"
        + fence("pd.DataFrame({'fare': [1, 2]})", "hide")
        + fence("raise KeyError('zone')", "raises=KeyError")
        + fence(DOT, 'alt="Two tasks" caption="A chain"')
    )
    shown = [
        "import",
        "first",
        ">42<",
        "Between.",
        '<th scope="col">fare</th>',
        "KeyError: ",
        "<svg",
        "A chain",
    ]
    at = [page.index(text) for text in shown]
    assert at == sorted(at)
    assert "DataFrame" not in page
    assert 'role="img" aria-label="Two tasks"' in page
    assert "<style" not in page


def test_what_is_printed_in_several_goes_is_one_text(convert: Convert):
    page = convert(fence("print('one', flush=True)\nprint('two', flush=True)"))
    assert ">one\ntwo<" in page


def test_a_styled_table_looks_as_the_page_does_and_is_the_same_in_every_build(convert: Convert):
    styled = fence("import pandas as pd\npd.DataFrame({'a': [1]}).style.hide(axis='index')")
    page = convert(styled + fence("pd.DataFrame({'b': [2]})"))
    assert '<table class="styled">' in page
    assert "id=" not in page
    assert '<td></td>\n      <th scope="col">b</th>' in page
    assert '<th scope="row">0</th>' in page


def test_a_page_leaves_no_trace_of_this_machine(convert: Convert):
    source = (
        "import os, sys\nopen('left.txt', 'w').close()\nprint(object(), os.getcwd(), sys.prefix)"
    )
    page = convert(fence(source) + fence("print(os.path.abspath('data/part-0'), hash('a') % 97)"))
    assert "object at 0x…&gt; . …" in page
    assert ">data/part-0 " in page
    assert str(Path.home()) not in page
    assert not Path("left.txt").exists()


def test_a_fence_stays_in_its_admonition_and_shown_fences_do_not_run(convert: Convert):
    inside = "!!! note\n\n    ```python run\n    print(20 + 3)\n    ```\n\n"
    page = convert(inside + "````markdown\n```python run\nprint(20 + 4)\n```\n````\n")
    assert ">23<" in page
    assert ">24<" not in page


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (fence("x = 1") + fence("x / 0"), r"fence 2\): it raises ZeroDivisionError: .* Mend the"),
        (fence("1", "raises=KeyError"), "announces KeyError, and nothing is raised. Drop"),
        (fence("[][0]", "raises=KeyError"), r"raises IndexError.*\n.*IndexError"),
        (
            fence("import warnings\nwarnings.warn('old')"),
            r"writes to stderr .*\n.*UserWarning: old",
        ),
        (fence("import sys\nprint('lost', file=sys.stderr)"), r"writes to stderr .*\n.*lost"),
        (fence("import os\nos._exit(3)"), "the kernel died"),
        (fence(DOT), r"figure .* no alternative text. Say in `alt=\"…\"`"),
        (fence(DOT + "\n" + DOT, 'alt="Two"'), "2 figures come out under one `alt`"),
        (fence("1", 'alt="Nothing"'), "there is an `alt` and no figure"),
        (fence("x = 1", 'caption="Nothing"'), "there is a caption and no output"),
    ],
    ids=[
        "error",
        "no error",
        "other error",
        "warning",
        "stderr",
        "death",
        "alt",
        "two",
        "bare",
        "-",
    ],
)
def test_what_the_author_must_mend_stops_the_build(convert: Convert, text: str, message: str):
    with pytest.raises(PageProblem) as stopped:
        convert(text)
    assert re.search(message, stopped.value.message, re.DOTALL)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```python run\n1\n", "never closed. Add a line `` ``` ``"),
        ("```dot\ndigraph { a }\n```\n", "the drawing has no alternative text"),
        ('```dot alt="A"\ndigraph { a ->\n```\n', "Graphviz cannot draw this"),
    ],
)
def test_a_bad_fence_is_found_before_anything_runs(convert: Convert, text: str, message: str):
    with pytest.raises(PageProblem) as stopped:
        convert(text)
    assert message.replace("`` ``` ``", "````") in stopped.value.message.replace("`````", "````")


def test_a_known_page_starts_no_kernel_and_a_changed_one_does(convert: Convert):
    once = fence("import uuid\nprint(uuid.uuid4())")
    first = convert(once)
    assert convert(once) == first
    assert convert(once + "A word more.\n").startswith(first)
    assert convert(once.replace("print", "display")) != first
    changed = convert(once + fence("2 + 2"))
    assert not changed.startswith(first)


def test_what_a_page_has_started_ends_with_it(convert: Convert):
    source = "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid, 'sleeps')"
    found = re.search(r">(\d+) sleeps<", convert(fence(source)))
    assert found
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(found[1])).wait(timeout=10)


def test_a_failed_page_is_not_remembered(convert: Convert, cache_folder: Path):
    with pytest.raises(PageProblem):
        convert(fence("1 / 0"))
    assert not list(cache_folder.rglob("*.json"))


def test_the_build_says_which_page_and_which_line(tmp_path, build, cache_folder: Path):
    del cache_folder
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("---\ntitle: T\n---\n\n# T\n\n" + fence("1 / 0"))
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: T\ndocs_dir: docs\nmarkdown_extensions: [lectures._site.run_fences]\n"
    )
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert "index.md, line 7 (`python run` fence 1): it raises ZeroDivisionError" in done.stderr
    assert "Traceback (most recent call last)\nCell" in done.stderr
    assert 'File "' not in done.stderr
