"""Splits: every line is read once, by the split in which it begins."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from solutions.splits import lines, splits


@settings(deadline=None)
@given(
    texts=st.lists(st.text("a b\n\r\u2028é", max_size=40), max_size=3),
    size=st.integers(1, 25),
    block=st.integers(1, 9),
)
def test_every_line_is_read_once_and_in_order(texts: list[str], size: int, block: int):
    with TemporaryDirectory() as folder, patch("solutions.splits.BLOCK", block):
        paths = [Path(folder, str(number)) for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode())
        cut = splits(paths, size)
        found = [(split.path, line) for split in cut for line in lines(split)]
        assert all(0 < split.end - split.start <= size for split in cut)
        assert sum(split.end - split.start for split in cut) == sum(p.stat().st_size for p in paths)
    expected = [
        (path, line.decode() + "\n" * whole)
        for path, text in zip(paths, texts, strict=True)
        for line, whole in mark_last(text.encode().split(b"\n"))
    ]
    assert found == [(path, line) for path, line in expected if line]


def mark_last(parts: list[bytes]) -> list[tuple[bytes, bool]]:
    """Each part, and whether a newline follows it."""
    return [(part, place < len(parts) - 1) for place, part in enumerate(parts)]


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path):
    (tmp_path / "raw").write_bytes(b"taxi \xff\n")
    assert [*lines(splits([tmp_path / "raw"], 100)[0])] == ["taxi �\n"]
