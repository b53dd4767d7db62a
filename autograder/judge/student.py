"""The judge's end of the wire: `student` and `dask_cluster` as the tests see them.

A *line* takes a packed request and returns the packed answer. There are two: `playback.Playback` to
another process (grading), and `checking.Local` within the student's own notebook, over the same
bytes.
"""

import dis
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Protocol

from autograder import wire
from autograder.judge import washing
from autograder.judge.faults import Infrastructure
from autograder.plaintext import clean
from autograder.testing import StudentError, is_builtin_error


class Line(Protocol):
    """Carries one request to the student's process, shut in the sandbox or not, and brings the
    answer back."""

    sandbox: bool

    def ask(self, request: bytes, what: str) -> bytes: ...


class Student:
    """The student's functions, by name: plain values in, plain values out.

    >>> # student.toposort({"a": []})          call a function of the notebook
    >>> # student.run(probe, student.ref("f")) run a function of the test file over there
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            request = {"do": "call", "name": name, "args": args, "kwargs": kwargs}
            return self._ask(request, f"{name}()")

        return call

    def run(self, probe: Callable[..., Any], *args: Any) -> Any:
        """Run `probe` in the student's process and return its plain result.

        The probe's source travels, so it imports what it needs inside and uses no other name of the
        test file.
        """
        loose = _loose_names(probe)
        if loose:
            raise Infrastructure(
                f"the probe {probe.__name__} uses {', '.join(loose)} of its test file"
            )
        source = textwrap.dedent(inspect.getsource(probe))
        return self._ask(
            {"do": "run", "source": source, "name": probe.__name__, "args": args}, "the notebook"
        )

    def ref(self, name: str) -> wire.Ref:
        """An object of the notebook, to hand to a probe."""
        return wire.Ref(name)

    @contextmanager
    def raises(self, kind: str) -> Iterator[None]:
        """Expect the built-in exception `kind` (or a subclass) from the student's code."""
        try:
            yield
        except StudentError as error:
            if kind not in (error.kind, error.builtin):
                raise
        else:
            raise AssertionError(f"{kind} was expected, and nothing was raised")

    def _ask(self, request: dict[str, Any], what: str) -> Any:
        answer = self._answer(self._pack(request), what)
        if not isinstance(answer, dict) or set(answer) not in ({"value"}, {"error"}):
            raise StudentError("WireError", "the notebook sent something that is no answer")
        if "value" in answer:
            return answer["value"]
        raise _student_error(answer["error"])

    def _answer(self, request: bytes, what: str) -> Any:
        """What came back; bytes that are no message are the student's fault, all else is ours."""
        try:
            return wire.unpack(washing.wash(self._line.ask(request, what), self._line))
        except wire.WireError as error:
            raise StudentError("WireError", str(error)) from None
        except Exception as error:
            raise Infrastructure(f"{type(error).__name__}: {error}") from error

    def _pack(self, request: dict[str, Any]) -> bytes:
        try:
            return wire.pack(request)
        except wire.WireError as error:
            raise Infrastructure(f"the test sends what cannot travel: {error}") from None


def _loose_names(probe: Callable[..., Any]) -> list[str]:
    """The names of its surroundings that a probe uses, at any depth; they do not travel with it."""
    names = set(probe.__code__.co_freevars)
    codes = [probe.__code__]
    while codes:
        code = codes.pop()
        loads = (i for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
        loaded = {load.argval for load in loads} - {"__name__"}  # which every class body loads
        names |= loaded & set(probe.__globals__)
        codes += [constant for constant in code.co_consts if inspect.iscode(constant)]
    return sorted(names)


def _student_error(error: Any) -> StudentError:
    """The error as the notebook tells it, where each part can be what it says it is.

    The built-in type is all that a student reads of an error in a hidden test, so no other text may
    pass for one.
    """
    fields = error if isinstance(error, dict) else {}
    said = {key: value for key, value in fields.items() if isinstance(value, str)}
    kind, message, trace = (clean(said.get(key, ""), 4000) for key in ("kind", "message", "trace"))
    name = kind if kind.isidentifier() and len(kind) <= 100 else "Error"
    builtin = said.get("builtin", "")
    return StudentError(name, message, trace, builtin if is_builtin_error(builtin) else "")


class DaskCluster:
    """The submission's own Dask cluster, as far as a test may look at it: facts, not objects."""

    def __init__(self, student: Student) -> None:
        self._student = student

    @contextmanager
    def watch(self) -> Iterator[SimpleNamespace]:
        """Facts of what runs inside the `with` (`infra.DaskFacts`), filled in when it ends."""
        facts = SimpleNamespace()
        self._engine("begin")
        try:
            yield facts
        except Exception:
            self._engine("end")
            raise
        facts.__dict__.update(self._engine("end"))

    def _engine(self, name: str) -> Any:
        return self._student._ask({"do": "engine", "name": name}, "the cluster")
