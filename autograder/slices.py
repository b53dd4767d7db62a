"""The backward slice of a task's cell: the cells above it that bind the names that it needs.

All others (demonstrations, other tasks) could be left out, if cells were connected by names alone.
They are also connected by files, and by what engines remember; so this is a guess to be tried. The
first cell always stays: it is where a notebook connects to its engines.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy

from nbformat import NotebookNode

from autograder.excerpt import names_bound
from autograder.notebook import grade_id


def backward_slice(notebook: NotebookNode, task: str) -> NotebookNode:
    """A copy of the notebook with the task's cell, its check cell, and what they stand on."""
    part = deepcopy(notebook)
    place = next(i for i, cell in enumerate(part.cells) if grade_id(cell) == f"task-{task}")
    kept = [part.cells[place], *(cell for cell in part.cells if grade_id(cell) == task)]
    needed = _needed(kept[0].source)
    above = [cell for cell in part.cells[:place] if cell.cell_type == "code"]
    for cell in reversed(above):
        bound = _bound(cell.source)
        if bound & needed or cell is above[0]:
            needed = (needed - bound) | _needed(cell.source)
            kept.insert(0, cell)
    part.cells = kept
    return part


def _bound(source: str) -> set[str]:
    """The names that a cell binds, in the blocks of `with`, `for`, `if` and `try`, too."""
    return names_bound(source).union(*map(_stored, ast.parse(source).body))


def _needed(source: str) -> set[str]:
    """The names that a cell uses and does not bind before."""
    needed: set[str] = set()
    bound: set[str] = set()
    for node in ast.parse(source).body:
        needed |= set(_used(node)) - bound
        bound |= _bound(ast.unparse(node))
    return needed


def _used(node: ast.stmt) -> Iterator[str]:
    """The names that a statement takes from outside. What is assigned anew may be used before."""
    inner = {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)}
    if isinstance(node, ast.Assign):
        inner |= _stored(node.value)
    elif isinstance(node, ast.AugAssign):
        yield from _stored(node.target)
    else:
        inner |= _stored(node)
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load) and name.id not in inner:
            yield name.id


def _stored(node: ast.AST) -> set[str]:
    names = (name for name in ast.walk(node) if isinstance(name, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}
