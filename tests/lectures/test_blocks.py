"""Finding fences, and reading what their first lines say."""

import pytest

from lectures._site.blocks import PageFile, fences, is_kind, options
from lectures._site.problem import PageProblem

TEXT = """\
Before

```python run hide
one
```

    ~~~text
      two
    ~~~

````markdown
```python run
shown, not run
```
````

```python run
never closed
"""
PAGE = TEXT.split("\n")


def test_a_fence_knows_its_lines_its_source_and_whether_it_is_closed():
    found = list(fences(PAGE))
    assert [(f.first, f.last, f.closed) for f in found[:3]] == [
        (2, 4, True),
        (6, 8, True),
        (10, 14, True),
    ]
    assert [f.source for f in found[:2]] == ["one", "  two"]
    assert not found[3].closed


def test_a_fence_inside_a_longer_fence_is_text():
    assert [is_kind(fence, "python run") for fence in fences(PAGE)] == [True, False, False, True]


def test_options_are_flags_and_quoted_values():
    fence = next(fences(["```python run hide alt=\"Two boxes: a 'b'\" raises=KeyError", "```"]))
    read = options(fence, "python run", "here", {"hide": False, "alt": True, "raises": True})
    assert read == {"hide": "yes", "alt": "Two boxes: a 'b'", "raises": "KeyError"}


@pytest.mark.parametrize("info", ["hidden", "hide=yes", "alt", 'alt=""', 'alt="unclosed'])
def test_an_option_that_cannot_be_meant_is_refused_with_those_that_can(info: str):
    fence = next(fences([f"```python run {info}", "```"]))
    with pytest.raises(PageProblem, match=r'page, line 7.*hide, alt="…"'):
        options(fence, "python run", "page, line 7", {"hide": False, "alt": True})


def test_a_place_counts_the_lines_of_the_file_with_its_front_matter(tmp_path):
    file = tmp_path / "unit.md"
    file.write_text("---\ntitle: T\n---\n\n```python run\n```\n\n```python run\n```\n")
    page = PageFile("unit.md", file)
    assert page.place("python run", 1) == "unit.md, line 8 (`python run` fence 2)"
