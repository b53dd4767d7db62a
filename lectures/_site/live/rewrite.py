"""The test modules of a lab, loaded so that a failed `actual == expected` can be shown.

pytest rewrites assertions for that. Here only `assert a == b, …` is rewritten, in the tests and in
the helpers beside them: into a call that compares and remembers what it compared.
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

COMPARE = "__outgrow_equal__"


class Comparison:
    """The two sides of the last comparison that an assertion made and that did not hold."""

    last: ClassVar[tuple[Any, Any] | None] = None

    @staticmethod
    def equal(left: Any, right: Any) -> Any:
        """Whether two values are equal; both are kept if they are not."""
        result = left == right
        Comparison.last = None if result else (left, right)
        return result


setattr(builtins, COMPARE, Comparison.equal)


class Rewrite(ast.NodeTransformer):
    """Replaces `assert a == b` by `assert __outgrow_equal__(a, b)`."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        """Called by ast for each assertion."""
        test = node.test
        if isinstance(test, ast.Compare) and [type(op) for op in test.ops] == [ast.Eq]:
            sides = [test.left, test.comparators[0]]
            call = ast.Call(ast.Name(COMPARE, ast.Load()), sides, [])
            node.test = ast.copy_location(call, test)
        return ast.fix_missing_locations(node)


class Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with its assertions rewritten."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        """Called by importlib to compile a module."""
        tree = Rewrite().visit(ast.parse(data, path))
        return compile(tree, path, "exec", optimize=_optimize)


class Helpers(importlib.abc.MetaPathFinder):
    """Finds the helper modules that lie beside a lab's tests."""

    folder = Path()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Called by importlib for each module that is not loaded yet."""
        del path, target
        return _spec(name, self.folder / f"{name}.py")


_helpers = Helpers()
_loaded: dict[Path, ModuleType] = {}


def load(path: Path) -> ModuleType:
    """The module of visible tests at `path`; read once. The helpers beside it come with it."""
    if path not in _loaded:
        if _helpers not in sys.meta_path:
            sys.meta_path.insert(0, _helpers)
        _helpers.folder = path.parent
        spec = _spec(path.stem, path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        _forget(path.parent)
        _loaded[path] = module
    return _loaded[path]


def _forget(folder: Path) -> None:
    """Let the next lab have helpers of the same names."""
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "").parent == folder:
            del sys.modules[name]


def _spec(name: str, path: Path) -> importlib.machinery.ModuleSpec | None:
    if not path.is_file():
        return None
    return importlib.util.spec_from_file_location(name, path, loader=Loader(name, str(path)))
