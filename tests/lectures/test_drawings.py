"""Drawings that read on a light and on a dark page."""

import xml.etree.ElementTree as ET

import pytest

from lectures._site import drawings
from lectures._site.outputs import html
from lectures._site.problem import PageProblem

pytestmark = pytest.mark.usefixtures("cache_folder")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="45">{}</svg>'


def texts(svg: str) -> dict[str | None, str | None]:
    root = ET.fromstring(svg)
    return {text.text: text.get("fill") for text in root.iter("{http://www.w3.org/2000/svg}text")}


def test_labels_stand_out_on_the_page_and_on_what_the_author_filled():
    dot = """digraph { node [style=filled] plain [style=""]
        pale [fillcolor="#ffeecc"] deep [fillcolor="#113355"] plain -> deep [label="needs"] }"""
    svg = drawings.from_dot(dot, "here")
    assert texts(svg) == {
        "plain": "currentColor",
        "pale": "#000",
        "deep": "#fff",
        "needs": "currentColor",
    }
    assert 'stroke="black"' not in svg
    assert 'fill="white"' not in svg


def test_two_drawings_on_a_page_share_no_ids():
    drawn = drawings.from_dot("digraph { a }", "here")
    ids = [
        {element.get("id") for element in ET.fromstring(one).iter()} - {None}
        for one in (drawings.inline(drawn, "A", prefix, "here") for prefix in ("f1-", "f2-"))
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_references_inside_a_drawing_follow_its_ids():
    inside = '<path id="p" d="M0 0" fill="url(#g)"/><use href="#p"/>'
    made = drawings.inline(SVG.format(inside), "A path", "f3-", "here")
    assert 'id="f3-p"' in made
    assert 'href="#f3-p"' in made
    assert "url(#f3-g)" in made


def test_a_drawing_yields_to_a_narrow_page_and_has_a_name():
    made = ET.fromstring(drawings.inline(SVG.format(""), 'Bars & "lines"', "f1-", "here"))
    assert made.get("viewBox") == "0 0 90 45"
    assert made.get("width") is None
    assert "max-width:100%" in made.get("style", "")
    assert (made.get("role"), made.get("aria-label")) == ("img", 'Bars & "lines"')


def test_scripts_do_not_come_along():
    assert "alert" not in drawings.inline(SVG.format("<script>alert()</script>"), "A", "f-", "here")


def test_svg_that_is_broken_is_refused():
    with pytest.raises(PageProblem, match=r"line 3: the SVG is not well-formed"):
        drawings.inline("<svg><g></svg>", "A", "f-", "line 3")


@pytest.mark.parametrize(("colour", "card"), [("currentColor", False), ("navy", True)])
def test_a_figure_in_colours_of_its_own_keeps_a_light_ground(colour: str, card: bool):
    svg = SVG.format(f'<path stroke="{colour}"/>')
    output = {"output_type": "display_data", "data": {"image/svg+xml": svg}}
    page = html([output], alt="A line", caption=None, prefix="f-", place="here")
    assert ("card" in page) is card
