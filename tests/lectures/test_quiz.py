"""Reading and checking a quiz, and its HTML."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from lectures._site import quiz
from lectures._site.problem import PageProblem


def question(number: int) -> dict[str, Any]:
    return {
        "question": f"Is {number} **even**?",
        "options": [
            {"text": "`Yes`", "right": True, "why": "It has two as a factor."},
            {"text": "No", "why": "Count *again*."},
        ],
    }


@pytest.fixture
def content() -> list[dict[str, Any]]:
    return [question(2 * number) for number in range(5)]


def written(content: object, folder: Path) -> Path:
    file = folder / "02_even.quiz.yml"
    file.write_text(yaml.safe_dump(content), "utf-8")
    return file


def test_every_question_is_a_group_of_labelled_choices_that_explain_themselves(content, tmp_path):
    page = quiz.html(quiz.load(written(content, tmp_path)))
    assert page.count("<fieldset>") == page.count("<legend>") == 5
    assert "<legend>1. Is 0 <strong>even</strong>?</legend>" in page
    labels = re.findall(r'<label for="([^"]+)">', page)
    assert labels == re.findall(r'<input type="radio" name="[^"]+" id="([^"]+)">', page)
    assert len(set(labels)) == page.count("<details>") == 10
    assert page.count("<strong>Right.</strong>") == page.count('data-right="yes"') == 5
    assert "<p>Count <em>again</em>.</p>" in page


def change(content: list[dict[str, Any]], path: str, value: Any) -> object:
    changed: Any = deepcopy(content)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target = changed
    for step in way:
        target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("4", None, r"02_even.quiz.yml: it has 4 questions\. Write exactly 5"),
        ("1.options.0.right", None, r"question 2: 0 of its options are right\. Mark exactly one"),
        ("1.options.1.right", True, r"question 2: 2 of its options are right"),
        ("0.options.1.why", None, r"question 1, option 2: `why` is missing"),
        ("0.options.1.why", "", r"question 1, option 2: `why` is missing"),
        ("0.options.1.text", 1.5, r"question 1, option 2: `text` is missing or no str.*quote"),
        ("0.options.0.right", "yes", r"option 1: `right` is missing or no bool"),
        ("2.options.1", None, r"question 3: it has 1 options\. Give at least two"),
        ("3.options.0.because", "x", r"question 4, option 1: there is no field `because`"),
        ("3.options", "none", r"question 4: `options` is missing or no list"),
        ("3", "What?", r"question 4: 'What\?' is no mapping"),
        ("3.question", "Is 0 **even**?", r"'Is 0 \*\*even\*\*\?' is asked twice"),
    ],
)
def test_a_quiz_that_is_not_whole_is_refused(content, tmp_path, path, value, message):
    file = written(change(content, path, value), tmp_path)
    with pytest.raises(PageProblem) as refused:
        quiz.load(file)
    assert re.search(message, refused.value.message)


def test_a_quiz_that_is_missing_or_no_yaml_is_refused(tmp_path):
    with pytest.raises(PageProblem, match=r"02_even\.quiz\.yml: there is no such file\."):
        quiz.load(tmp_path / "02_even.quiz.yml")
    (tmp_path / "02_even.quiz.yml").write_text("- question: why: not")
    with pytest.raises(PageProblem, match=r"it is not YAML\. Put quotes"):
        quiz.load(tmp_path / "02_even.quiz.yml")
