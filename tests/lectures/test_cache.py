"""What is kept between builds, and what makes it void."""

from pathlib import Path

import pytest

from lectures._site import cache

pytestmark = pytest.mark.usefixtures("cache_folder")


def test_a_result_is_made_once_and_kept_under_its_facts():
    made: list[str] = []

    def make() -> list[str]:
        made.append("once")
        return ["svg", "ü"]

    assert cache.remember("page", ["facts"], make) == ["svg", "ü"]
    assert cache.remember("page", ["facts"], make) == ["svg", "ü"]
    assert made == ["once"]
    cache.remember("page", ["other facts"], make)
    assert made == ["once", "once"]


@pytest.mark.parametrize(
    "part", ["solutions/graph.py", "infra/world.py", "lectures/_site/kernel.py"]
)
def test_a_result_is_void_once_our_code_changes(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cache, "_ROOT", tmp_path)
    file = tmp_path / part
    file.parent.mkdir(parents=True)
    file.write_text("ANSWER = 41")
    assert cache.remember("page", [], lambda: "old") == "old"
    file.write_text("ANSWER = 42")
    assert cache.remember("page", [], lambda: "new") == "new"


def test_a_result_is_void_once_a_package_changes(monkeypatch: pytest.MonkeyPatch):
    assert cache.remember("page", [], lambda: "old") == "old"
    monkeypatch.setattr(cache, "_packages", lambda: ["dask 1.0"])
    assert cache.remember("page", [], lambda: "new") == "new"


def test_the_packages_that_count_are_those_installed():
    names = {line.split()[0] for line in cache._packages()}
    assert {"dask", "distributed", "pandas", "pyarrow", "numpy"} <= names
