"""Excerpts: a name of `solutions` as the source that stands in a notebook.

A task is written once, as a function or a class with a docstring. The student's notebook shows what
states it (imports and names that the signature uses, the signature, the docstring) and hides what
answers it (the body, with the imports and private helpers that only the body uses). Hidden pieces
stand between nbgrader's own marks, so nbgrader's own `generate_assignment` takes them out.

Helpers of a hidden body are pasted at the head of that body, so that nothing of them is left
outside it.
"""

import ast
import importlib.util
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.errors import OutgrowError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """A module's source and, for each top-level name, the statement that binds it."""

    path: Path
    text: str
    bound: dict[str, ast.stmt]

    def source(self, node: ast.stmt) -> str:
        """The lines of a statement, with its decorators and the comments right above it."""
        lines = self.text.splitlines()
        decorators = getattr(node, "decorator_list", [])
        start = min([node.lineno, *(d.lineno for d in decorators)]) - 1
        while start and lines[start - 1].startswith("#"):
            start -= 1
        return "\n".join(lines[start : node.end_lineno])


@cache
def read_module(name: str) -> Module:
    """Read a module of `solutions` without running it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise OutgrowError(f"there is no module `{name}`", "lab.py", "Is the checkout installed?")
    path = Path(spec.origin)
    text = path.read_text("utf-8")
    return Module(path, text, {n: s for s in ast.parse(text).body for n in _binds(s)})


def _binds(node: ast.stmt) -> list[str]:
    if isinstance(node, (*FUNCTION, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [name.id for t in targets if t for name in ast.walk(t) if isinstance(name, ast.Name)]


def given(module_name: str, names: Iterable[str], known: set[str]) -> str:
    """The source of `names` with all they need, except names that are `known` already."""
    module = read_module(module_name)
    wanted = list(names)
    _require(module, wanted)
    return _paste(module, _closure(module, wanted, known))


def task(module_name: str, name: str, known: set[str]) -> str:
    """The source of a task with the answer between nbgrader's solution marks.

    `known` are the names that the notebook defines before the cell.
    """
    module = read_module(module_name)
    _require(module, [name])
    node = module.bound[name]
    if not isinstance(node, Definition):
        remedy = "A task is a function, a class or an `async def`."
        raise OutgrowError(f"`{name}` is not something to define", module.path, remedy)
    if not ast.get_docstring(node):
        remedy = "The docstring is what the student reads: write it."
        raise OutgrowError(f"task `{name}` has no docstring", module.path, remedy)
    shown = _closure(module, _shown_names(node), known | {name})
    marked = _mark(module, node, known | {name} | set(shown))
    return "\n\n\n".join(part for part in [_paste(module, shown), marked] if part)


def names_bound(source: str) -> set[str]:
    """The names that a cell's source binds at its top level."""
    return {name for node in ast.parse(source).body for name in _binds(node)}


def _require(module: Module, names: list[str]) -> None:
    for name in names:
        if name not in module.bound:
            raise OutgrowError(f"it does not define `{name}`", module.path, "Mend the import.")


def _closure(module: Module, names: Iterable[str], known: set[str]) -> list[str]:
    """The module's names that `names` need, in the order of the module."""
    needed: set[str] = set()
    queue = [name for name in names if name in module.bound and name not in known]
    while queue:
        name = queue.pop()
        if name not in needed:
            needed.add(name)
            uses = _used(module.bound[name])
            queue += [use for use in uses if use in module.bound and use not in known]
    return [name for name in module.bound if name in needed]


def _used(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _paste(module: Module, names: Iterable[str]) -> str:
    """The statements that bind `names`: imports first, only the imported names that are needed."""
    wanted = list(names)
    imports, others = [], []
    for node in dict.fromkeys(module.bound[name] for name in wanted):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(ast.unparse(_only(node, wanted)))
        else:
            others.append(module.source(node))
    return "\n\n\n".join(part for part in ["\n".join(imports), *others] if part)


def _only(node: ast.Import | ast.ImportFrom, names: list[str]) -> ast.stmt:
    aliases = [a for a in node.names if (a.asname or a.name).split(".")[0] in names]
    if isinstance(node, ast.ImportFrom):
        return ast.ImportFrom(node.module, aliases, node.level)
    return ast.Import(aliases)


def _shown_names(node: Definition) -> set[str]:
    """The names that stand outside every hidden body."""
    return set().union(*(_used(part) for part in _shown_parts(node)))


def _shown_parts(node: ast.stmt) -> Iterator[ast.AST]:
    if isinstance(node, FUNCTION):
        yield from [node.args, *node.decorator_list, *([node.returns] if node.returns else [])]
    elif isinstance(node, ast.ClassDef):
        yield from [*node.bases, *node.keywords, *node.decorator_list]
        for inner in node.body:
            yield from _shown_parts(inner)
    else:
        yield node


def _mark(module: Module, node: Definition, known: set[str]) -> str:
    """The definition's source with every function body between the solution marks."""
    text = module.source(node)
    head = len(text.splitlines()) - len(module.text.splitlines()[node.lineno - 1 : node.end_lineno])
    lines = text.splitlines()
    for function in sorted(_bodies(node), key=lambda f: f.lineno, reverse=True):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        if not body:
            continue
        start = body[0].lineno - node.lineno + head
        while lines[start - 1].lstrip().startswith("#"):
            start -= 1
        stop = (function.end_lineno or 0) - node.lineno + head + 1
        pad = " " * body[0].col_offset
        helpers = _paste(module, _closure(module, _used(function), known))
        hidden = [*textwrap.indent(helpers, pad).splitlines(), *lines[start:stop]]
        lines[start:stop] = [pad + BEGIN, *hidden, pad + END]
    return "\n".join(lines)


def _bodies(node: Definition) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions whose bodies are hidden: the task itself, or a class's methods."""
    if isinstance(node, FUNCTION):
        return [node]
    return [inner for inner in node.body if isinstance(inner, FUNCTION)]
