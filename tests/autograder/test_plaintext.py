"""Text of others does nothing where it is shown, and reads as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.plaintext import clean, line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nλ 数 🙂", "plain\ttext\nλ 数 🙂"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\", "here"),
        ("\x1b]52;c;ZXZpbA==\x07copied", "copied"),
        ("\x1b]0;title", ""),
        ("\x1bP1$r\x1b\\a\x1b_x\x1b\\b\x1b^y\x1b\\c\x1bXz\x1b\\d", "abcd"),
        ("\x9b31mred\x9d0;title\x9c.", "red."),
        ("\x1bc\x1b(0reset\x1b", "reset"),
        ("50 %\r100 %\b\b\a\x7f\x00\x85", "50 %100 %"),
        ("one\r\ntwo", "one\ntwo"),
        ("if admin\u202e \u2066# not\u2069", "if admin⟨U+202E⟩ ⟨U+2066⟩# not⟨U+2069⟩"),
        ("a\u200bb\ufeffc\U000e0041d", "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+E0041⟩d"),
        ("שלום עליכם", "שלום עליכם"),
        ("\ud800", "?"),
        ("\x1b[" + "1;" * 1000 + "mx", "x"),
    ],
)
def test_what_a_terminal_obeys_is_gone_and_what_is_unseen_is_written_out(text: str, shown: str):
    assert clean(text) == shown


@given(st.text() | st.text(alphabet="\x1b[]PX^_\\\x07\x9b\x9d\x9c;m0a\n\u202e"))
def test_nothing_is_left_that_a_terminal_obeys(text: str):
    shown = clean(text)
    assert all(char in "\n\t" or ord(char) >= 32 for char in shown)
    assert not any(0x7F <= ord(char) <= 0x9F for char in shown)
    assert clean(shown) == shown
    assert line(text).isprintable() or not line(text).isascii()
    assert "\n" not in line(text)


def test_what_is_long_is_cut():
    assert clean("x" * 30_000) == "x" * 20_000 + "\n[cut]"
    assert line("many words\n" * 100, 20) == "many words many wor…"
    assert len(line("\x1b" * 10**6 + "x")) <= 300
