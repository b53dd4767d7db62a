"""Lines that stand for something derived."""

import pytest

from lectures._site.problem import PageProblem


def test_a_directive_in_a_fence_or_in_a_sentence_is_text(convert):
    page = convert("The line `{{ units }}` is special.\n\n```text\n{{ quiz }}\n```\n")
    assert "{{ units }}" in page
    assert "{{ quiz }}" in page


def test_an_unknown_directive_is_refused(convert):
    with pytest.raises(PageProblem, match=r"`{{ quizz }}` stands for nothing. There are quiz"):
        convert("{{ quizz }}")
