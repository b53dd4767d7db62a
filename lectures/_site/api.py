"""The reference of a module's public names, as Markdown, read from signatures and docstrings.

Our docstrings are prose. A line `name: text`, its continuation indented, is an item; `>>>` begins
an example. That is all of the format that this module knows.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from lectures._site.problem import PageProblem

_ITEM = re.compile(r"(?P<names>[a-z_]\w*(, [a-z_]\w*)*): (?P<text>.+)")


def reference(name: str) -> str:
    """Describe what `__all__` of module `name` lists, in that order. Raises PageProblem."""
    try:
        module = import_module(name)
        public = list(module.__all__)
    except (ImportError, AttributeError) as error:
        remedy = "Name an importable module that has `__all__`."
        raise PageProblem(f"api {name}", f"it cannot be described ({error}).", remedy) from None
    parts = [_prose(inspect.getdoc(module) or "")]
    for each in public:
        parts += _describe(f"{name}.{each}", getattr(module, each), 3)
    return "\n\n".join(part for part in parts if part)


def _describe(path: str, thing: Any, level: int) -> Iterator[str]:
    short = ".".join(path.split(".")[-1 if level == 3 else -2 :])
    yield f"{'#' * level} `{short}`"
    # The search finds its name in the heading, and its fields in the text.
    yield f'``` {{ .python data-search-exclude="" }}\n{_signature(short, thing)}\n```'
    yield _prose(inspect.getdoc(thing) or "")
    if inspect.isclass(thing) and not issubclass(thing, BaseException):
        for name, member in vars(thing).items():
            if not name.startswith("_") and callable(member):
                yield from _describe(f"{path}.{name}", member, level + 1)


def _signature(name: str, thing: Any) -> str:
    """One line if it is short, else a line a parameter."""
    shown = inspect.signature(thing)
    shown = shown.replace(parameters=[p for n, p in shown.parameters.items() if _public(n)])
    parameters = [_bare(str(parameter)) for parameter in shown.parameters.values()]
    if any(p.kind is p.KEYWORD_ONLY for p in shown.parameters.values()):
        first = next(i for i, p in enumerate(shown.parameters.values()) if p.kind is p.KEYWORD_ONLY)
        parameters.insert(first, "*")
    given = shown.return_annotation
    returns = "" if inspect.isclass(thing) or given is shown.empty else f" -> {_type(given)}"
    line = f"{name}({', '.join(parameters)}){returns}"
    if len(line) <= 76:
        return line
    return f"{name}(\n" + "".join(f"    {p},\n" for p in parameters) + f"){returns}"


def _public(name: str) -> bool:
    return name != "self" and not name.startswith("_")


def _type(annotation: Any) -> str:
    return _bare(inspect.formatannotation(annotation))


def _bare(text: str) -> str:
    """Annotations as one writes them: without modules, quotes and factories."""
    text = re.sub(
        r"(?:typing|collections\.abc|contextlib|os)\.|(?:infra|autograder)\.[\w.]*\.", "", text
    )
    text = re.sub(r"<factory>", "…", text).replace("~", "")
    return re.sub(r"'([^']*)'", _unquoted, text)


def _unquoted(match: re.Match[str]) -> str:
    """A type that is written as text loses its quotes; a value that is text keeps them."""
    return match[1] if re.match(r"[A-Z]|pa\.|pd\.", match[1]) else match[0]


def _prose(docstring: str) -> str:
    blocks = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    if block.startswith(">>>"):
        return f"```pycon\n{block}\n```"
    lines = block.split("\n")
    if not _ITEM.fullmatch(lines[0]):
        return _escape(block)
    # Continuations stand below their item; an item is one line of Markdown.
    joined = re.sub(r"\n\s+", " ", block)
    return "\n".join(_item(line) for line in joined.split("\n"))


def _item(line: str) -> str:
    found = _ITEM.fullmatch(line)
    if not found:
        return _escape(line)
    names = ", ".join(f"`{name}`" for name in found["names"].split(", "))
    return f"- {names}: {_escape(found['text'])}"


def _escape(text: str) -> str:
    """Keep `code` as it is; elsewhere nothing is markup."""
    pieces = re.split(r"(``.+?``|`[^`]+`)", text)
    return "".join(
        p if p.startswith("`") else p.replace("<", "&lt;").replace("*", r"\*") for p in pieces
    )
