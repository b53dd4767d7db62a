"""Notebook outputs as HTML, without a kernel."""

from typing import Any

import pytest

from lectures._site import outputs
from lectures._site.problem import PageProblem

HERE = {"caption": None, "prefix": "f0-", "place": "here"}


def shown(**data: str) -> dict[str, Any]:
    kinds = {"png": "image/png", "html": "text/html", "plain": "text/plain"}
    return {"output_type": "display_data", "data": {kinds[k]: text for k, text in data.items()}}


def test_a_picture_is_part_of_the_page_and_has_its_text():
    page = outputs.html([shown(png="iVBO\nRw0=", plain="<Figure>")], alt='A "line"', **HERE)
    assert '<img src="data:image/png;base64,iVBORw0=" alt="A &quot;line&quot;">' in page
    assert "Figure" not in page


def test_html_is_preferred_to_text_and_text_is_escaped():
    table = outputs.html(
        [shown(html="<table><tr><td>1</td></tr></table>", plain="1")], alt=None, **HERE
    )
    assert "<td>1</td>" in table
    assert "<pre" not in table
    assert "&lt;b&gt;" in outputs.html([shown(plain="<b>")], alt=None, **HERE)


def test_a_drawing_inside_html_is_a_figure_too():
    array = shown(html="<table></table><svg width='10'></svg>")
    with pytest.raises(PageProblem, match="no alternative text"):
        outputs.html([array], alt=None, **HERE)
    page = outputs.html([array], alt="Chunks", **HERE)
    assert 'role="group" aria-label="Chunks"' in page
    assert '<svg aria-hidden="true"' in page


def test_a_fence_that_says_nothing_leaves_nothing():
    silent = {"output_type": "stream", "name": "stdout", "text": "\n"}
    assert outputs.html([], alt=None, **HERE) == outputs.html([silent], alt=None, **HERE) == ""
