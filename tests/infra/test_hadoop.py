"""Hadoop itself: its classes, a streaming job of Python programs, and how it fails."""

import sys
from collections import Counter
from pathlib import Path

import pytest

import infra.hadoop
from infra import make
from infra.hadoop import Streaming, compiled, hadoop, results

MAPPER = """\
import sys
for line in sys.stdin:
    for word in line.split():
        print(word, 1, sep="\\t")
"""
REDUCER = """\
import sys
from itertools import groupby
records = (line.rstrip("\\n").split("\\t") for line in sys.stdin)
for word, group in groupby(records, lambda record: record[0]):
    print(word, sum(int(count) for _, count in group), sep="\\t")
"""


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(
        make("text", tmp_path_factory.mktemp("text"), rows=4000, partitions=2, format="txt")
    )


@pytest.fixture(scope="module")
def counts(text: Path) -> dict[str, str]:
    words = Counter(word for part in text.glob("part-*") for word in part.read_text().split())
    return {word: str(count) for word, count in words.items()}


def program(folder: Path, source: str) -> list[str]:
    path = folder / f"{len(source)}.py"
    path.write_text(source)
    return [sys.executable, str(path)]


@pytest.mark.slow
def test_hadoops_own_classes_count_words(text: Path, counts: dict[str, str], tmp_path: Path):
    facts = hadoop(text, tmp_path / "out", combine=False, reducers=2)
    assert results(tmp_path / "out") == counts
    words = sum(map(int, counts.values()))
    assert (facts.map_inputs, facts.map_outputs, facts.reduce_inputs) == (4000, words, words)
    assert (facts.reduce_groups, facts.shuffled_maps) == (len(counts), 2 * 2)
    assert (facts.combine_inputs, facts.combine_outputs) == (0, 0)


@pytest.mark.slow
def test_python_programs_as_a_streaming_job(text: Path, counts: dict[str, str], tmp_path: Path):
    streaming = Streaming(program(tmp_path, MAPPER), program(tmp_path, REDUCER))
    facts = hadoop(text, tmp_path / "out", streaming, reducers=2)
    assert results(tmp_path / "out") == counts
    assert facts.combine_inputs == facts.map_outputs == sum(map(int, counts.values()))
    assert facts.reduce_inputs == facts.combine_outputs <= 2 * len(counts)
    assert [path.name for path in sorted((tmp_path / "out").glob("part*"))] == [
        "part-r-00000",
        "part-r-00001",
    ]


@pytest.mark.slow
def test_a_program_that_fails_fails_the_job_and_is_quoted(text: Path, tmp_path: Path):
    broken = program(tmp_path, "import sys\nsys.stdin.read()\nprint(1 / 0)\n")
    with pytest.raises(RuntimeError, match=r"(?s)The Hadoop job failed.*ZeroDivisionError"):
        hadoop(text, tmp_path / "out", Streaming(broken, ["cat"]))


@pytest.mark.slow
def test_a_source_that_does_not_compile_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "hadoop.scala").write_text("object HadoopJob { nonsense }")
    monkeypatch.setattr(infra.hadoop, "SOURCE", tmp_path / "hadoop.scala")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(RuntimeError, match=r"(?s)refuses it: .*nonsense"):
        compiled()
    assert list((tmp_path / "cache" / "outgrow").iterdir()) == []


def test_bad_arguments_are_told_before_a_jvm_starts(text: Path, tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="there is no such input"):
        hadoop(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(FileExistsError, match="Hadoop wants a new folder"):
        hadoop(text, tmp_path)
    with pytest.raises(ValueError, match="Put the script into a file"):
        hadoop(text, tmp_path / "out", Streaming([sys.executable, "-c", MAPPER], ["cat"]))


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(RuntimeError, match="cannot compile the Hadoop job there"):
        compiled()


def test_without_pyspark_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(infra.hadoop.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(RuntimeError, match="pip install pyspark"):
        infra.hadoop._jars()
