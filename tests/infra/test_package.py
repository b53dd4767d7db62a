"""``import infra`` is quick, and gives what it promises."""

import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import infra

HEAVY = {"dask", "distributed", "pandas", "pyarrow", "numpy", "fsspec", "psutil"}


def test_importing_infra_imports_nothing_heavy() -> None:
    code = "import sys, infra; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "infra" in ran.stdout.split()
    assert not HEAVY & set(ran.stdout.split())


@pytest.mark.parametrize("name", infra.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(infra, name).__doc__
    assert name in dir(infra)


def test_submodules_do_not_hide_public_names() -> None:
    code = (
        "import infra.datasets, infra.connection, infra.facts, infra.daemon, infra;"
        "print(*[type(getattr(infra, name)).__name__ for name in infra.__all__])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) == {"function", "type"}


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(AttributeError, match="module 'infra' has no attribute 'flink'"):
        _ = infra.flink


MODULES = sorted(path.stem for path in Path(infra.__file__).parent.glob("[a-z]*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_hold(module: str) -> None:
    names = {name: getattr(infra, name) for name in infra.__all__}
    assert doctest.testmod(import_module(f"infra.{module}"), extraglobs=names).failed == 0
