"""Notebook outputs as HTML: text, tables, figures, and the last line of an expected exception."""

import re
from collections.abc import Sequence
from html import escape

from lectures._site import drawings
from lectures._site.kernel import Output
from lectures._site.problem import PageProblem

_FIGURES = ("text/vnd.graphviz", "image/svg+xml", "image/png")
_KINDS = (*_FIGURES, "text/html", "text/plain")
_LIGHT = 'data-md-color-scheme="default"'
# Numbers, tables and the words in a drawing are nothing to search for; every page loads the index.
_UNSEARCHED = "data-search-exclude"


def html(
    outputs: Sequence[Output], *, alt: str | None, caption: str | None, prefix: str, place: str
) -> str:
    """Render what one fence gave, in order; an empty string for a fence that says nothing.

    `prefix` makes ids unique on the page. Raises PageProblem for a figure without `alt`, more than
    one figure for one `alt`, and an `alt` or `caption` for nothing.
    """
    _check_figures(outputs, alt, place)
    parts = [_one(output, alt or "", prefix, place) for output in outputs]
    body = "\n".join(part for part in parts if part)
    if caption:
        if not body:
            remedy = "Show something, or drop the caption."
            raise PageProblem(place, "there is a caption and no output.", remedy)
        body += f"\n<figcaption>{escape(caption)}</figcaption>"
        return f'<figure class="output">\n{body}\n</figure>'
    return f'<div class="output">\n{body}\n</div>' if body else ""


def figure(svg: str, *, alt: str, caption: str | None, prefix: str, place: str) -> str:
    """Render one drawing that no kernel made."""
    body = _drawing(svg, alt, prefix, place)
    legend = f"\n<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure class="output">\n{body}{legend}\n</figure>'


def _check_figures(outputs: Sequence[Output], alt: str | None, place: str) -> None:
    figures = sum(_is_figure(output) for output in outputs)
    if figures and not alt:
        remedy = 'Say in `alt="…"` what a reader should take from it.'
        raise PageProblem(place, "a figure comes out that has no alternative text.", remedy)
    if figures > 1:
        remedy = "Split the fence: one figure, one text."
        raise PageProblem(place, f"{figures} figures come out under one `alt`.", remedy)
    if alt and not figures:
        raise PageProblem(place, "there is an `alt` and no figure.", "Show one, or drop the `alt`.")


def _is_figure(output: Output) -> bool:
    kind = _kind(output)
    return kind in _FIGURES or (kind == "text/html" and _draws(output["data"][kind]))


def _draws(markup: str) -> bool:
    return re.search(r"<(svg|img|canvas)\b", markup) is not None


def _kind(output: Output) -> str | None:
    return next((kind for kind in _KINDS if kind in output.get("data", {})), None)


def _one(output: Output, alt: str, prefix: str, place: str) -> str:
    if output["output_type"] == "stream":
        return _text(output["text"])
    if output["output_type"] == "error":
        return _text(f"{output['ename']}: {output['evalue']}", "error")
    kind = _kind(output)
    value = output["data"].get(kind, "")
    if kind == "text/vnd.graphviz":
        return _drawing(drawings.from_dot(value, place), alt, prefix, place)
    if kind == "image/svg+xml":
        return _drawing(value, alt, prefix, place)
    if kind == "image/png":
        data = "".join(value.split())
        image = f'<img src="data:image/png;base64,{data}" alt="{escape(alt)}">'
        return f'<div class="drawing card" {_LIGHT} {_UNSEARCHED}>{image}</div>'
    if kind == "text/html":
        return _markup(value, alt)
    return _text(value)


def _drawing(svg: str, alt: str, prefix: str, place: str) -> str:
    look = 'class="drawing"' if drawings.themed(svg) else f'class="drawing card" {_LIGHT}'
    return f"<div {look} {_UNSEARCHED}>{drawings.inline(svg, alt, prefix, place)}</div>"


def _markup(markup: str, alt: str) -> str:
    """Place the HTML that a library gives for its objects; wide tables scroll on their own.

    Tables look as the page does: style sheets go, and so do the random ids that carry them.
    """
    markup = re.sub(r"<style\b.*?</style>", "", markup, flags=re.DOTALL)
    markup = re.sub(r' (border="\d+"|id="T_[^"]*")', "", markup)
    markup = re.sub(r"<(thead|tbody)\b.*?</\1>", _scoped, markup, flags=re.DOTALL)
    markup = re.sub(r"<table(?![^>]*\bclass=)", '<table class="styled"', markup)
    if _draws(markup):
        markup = markup.replace("<svg", '<svg aria-hidden="true"')
        look = f'class="markup card" {_LIGHT} role="group" aria-label="{escape(alt)}"'
        return f"<div {look} {_UNSEARCHED}>{markup}</div>"
    look = 'class="markup" role="group" aria-label="Table" tabindex="0"'
    return f"<div {look} {_UNSEARCHED}>{markup}</div>"


def _scoped(part: re.Match[str]) -> str:
    """The head of a table, or its body, whose heads say what they are the head of; an empty corner
    is no head."""
    scope = {"thead": "col", "tbody": "row"}[part[1]]
    said = re.sub(r"<th\b[^>]*>\s*</th>", "<td></td>", part[0])
    return re.sub(r"<th\b(?![^>]*\bscope=)", f'<th scope="{scope}"', said)


def _text(text: str, look: str = "text") -> str:
    lines = text.rstrip("\n")
    if not lines:
        return ""
    return f'<pre class="{look} no-copy" {_UNSEARCHED}><code>{escape(lines)}</code></pre>'
