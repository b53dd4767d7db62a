"""A lecture's quiz: read `NN_name.quiz.yml`, check it, and render it as HTML.

    - question: What does a **cycle** prevent?
      options:
        - text: Any order of the tasks
          right: true
          why: Each task of the cycle waits for another one.
        - …

Texts are Markdown. Every option explains itself: the wrong ones are misconceptions, and the reader
who holds one should hear why. Without JavaScript each explanation opens by hand; with it, by
choosing.
"""

from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import markdown
import yaml

from lectures._site.problem import PageProblem

QUESTIONS = 5


@dataclass(frozen=True)
class Option:
    """One answer to choose, and why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """A question with exactly one right option."""

    question: str
    options: tuple[Option, ...]


def load(file: Path) -> tuple[Question, ...]:
    """Read a quiz. Raises PageProblem for what is missing, superfluous or not of its type."""
    if not file.is_file():
        raise PageProblem(file.name, "there is no such file.", "Write the quiz, beside the page.")
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except yaml.YAMLError as error:
        remedy = "Put quotes round texts that hold a colon and a space, or begin with a sign."
        raise PageProblem(file.name, "it is not YAML.", remedy, str(error)) from None
    if not isinstance(found, list) or len(found) != QUESTIONS:
        number = len(found) if isinstance(found, list) else "no list of"
        remedy = f"Write exactly {QUESTIONS}."
        raise PageProblem(file.name, f"it has {number} questions.", remedy)
    questions = tuple(_question(item, f"{file.name}, question {n}") for n, item in _count(found))
    _check_repeats(file, [question.question for question in questions])
    return questions


def _check_repeats(file: Path, texts: list[str]) -> None:
    twice = [text for text, times in Counter(texts).items() if times > 1]
    if twice:
        raise PageProblem(file.name, f"{twice[0]!r} is asked twice.", "Ask something else.")


def _count(items: list[Any]) -> Any:
    return enumerate(items, start=1)


def _question(item: Any, place: str) -> Question:
    _fields(item, {"question": str, "options": list}, place)
    options = tuple(_option(each, f"{place}, option {n}") for n, each in _count(item["options"]))
    if len(options) < 2:
        raise PageProblem(place, f"it has {len(options)} options.", "Give at least two.")
    right = sum(option.right for option in options)
    if right != 1:
        remedy = "Mark exactly one with `right: true`."
        raise PageProblem(place, f"{right} of its options are right.", remedy)
    return Question(item["question"], options)


def _option(item: Any, place: str) -> Option:
    checked = {"right": False, **item} if isinstance(item, dict) else item
    _fields(checked, {"text": str, "right": bool, "why": str}, place)
    return Option(checked["text"], checked["right"], checked["why"])


def _fields(item: Any, types: dict[str, type], place: str) -> None:
    if not isinstance(item, dict):
        remedy = f"Write the fields {', '.join(types)}."
        raise PageProblem(place, f"{item!r} is no mapping.", remedy)
    for name, kind in types.items():
        if not isinstance(item.get(name), kind) or item[name] == "":
            fact = f"`{name}` is missing or no {kind.__name__}."
            raise PageProblem(place, fact, f"Write `{name}: …` (quote it if it is to be text).")
    unknown = sorted(set(item) - set(types))
    if unknown:
        raise PageProblem(place, f"there is no field `{unknown[0]}`.", f"Use {', '.join(types)}.")


def html(questions: tuple[Question, ...]) -> str:
    """Render a quiz as one fieldset with radio buttons per question."""
    fieldsets = "\n".join(_fieldset(question, n) for n, question in _count(list(questions)))
    return f'<div class="quiz">\n{fieldsets}\n</div>'


def _fieldset(question: Question, number: int) -> str:
    options = "\n".join(_choice(o, number, n) for n, o in _count(list(question.options)))
    legend = f"<legend>{number}. {_inline(question.question)}</legend>"
    return f'<fieldset>\n{legend}\n{options}\n<p class="verdict" role="status"></p>\n</fieldset>'


def _choice(option: Option, question: int, number: int) -> str:
    name = f"quiz-{question}-{number}"
    verdict = "Right" if option.right else "Not this one"
    right = ' data-right="yes"' if option.right else ""
    return (
        f'<div class="option"{right}>'
        f'<input type="radio" name="quiz-{question}" id="{name}">'
        f'<label for="{name}">{_inline(option.text)}</label>'
        "<details><summary data-search-exclude>"
        f"Why?<span> {escape(_bare(option.text))}</span></summary>"
        f"<div><p><strong>{verdict}.</strong></p>{markdown.markdown(option.why)}</div></details>"
        "</div>"
    )


def _inline(text: str) -> str:
    """Markdown of one paragraph, without the paragraph."""
    return markdown.markdown(text.strip()).removeprefix("<p>").removesuffix("</p>")


def _bare(text: str) -> str:
    return text.strip().replace("`", "").replace("*", "")
