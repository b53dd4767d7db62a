"""Spark's facts as a test sees them, whatever the student's process says they are."""

from typing import Any

import pytest

from autograder import service, wire
from autograder.checking import Local
from autograder.judge.engine import Spark
from autograder.judge.student import Student


class Said(Local):
    """A notebook whose engine ends with these facts."""

    def __init__(self, facts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__({})
        answers = {"begin": None, "end": facts}
        monkeypatch.setitem(service.ENGINES, "spark", answers.__getitem__)


def test_the_facts_of_stages_have_names_too(monkeypatch: pytest.MonkeyPatch):
    said = {"stages": 2, "by_stage": ({"tasks": 4}, {"tasks": 1})}
    with Spark(Student(Said(said, monkeypatch))).watch() as facts:
        pass
    assert (facts.stages, [stage.tasks for stage in facts.by_stage]) == (2, [4, 1])


@pytest.mark.parametrize("said", [None, 7, "x", [], {1: 2}, {"by_stage": 3}, {"by_stage": [3]}])
def test_what_is_no_facts_has_none(said: Any, monkeypatch: pytest.MonkeyPatch):
    with Spark(Student(Said(said, monkeypatch))).watch() as facts:
        pass
    with pytest.raises(AttributeError):
        assert facts.stages


def test_without_an_application_the_student_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pyspark.SparkContext._active_spark_context", None)
    line = Local({})
    request = {"do": "engine", "engine": "spark", "name": "begin"}
    assert wire.unpack(bytes(line.ask(wire.pack(request), ""))) == {"value": None}
    told = wire.unpack(bytes(line.ask(wire.pack(request | {"name": "end"}), "")))
    assert "Measure before `session.stop()`" in told["error"]["message"]
