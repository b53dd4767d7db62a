"""Lines that stand for something derived."""

from pathlib import Path

import pytest

from lectures._site.problem import PageProblem


def test_a_directive_in_a_fence_or_in_a_sentence_is_text(convert):
    page = convert("The line `{{ units }}` is special.\n\n```text\n{{ quiz }}\n```\n")
    assert "{{ units }}" in page
    assert "{{ quiz }}" in page


def test_an_unknown_directive_is_refused(convert):
    with pytest.raises(
        PageProblem, match=r"`{{ quizz }}` stands for nothing. There are api, claims"
    ):
        convert("{{ quizz }}")


def test_a_link_to_a_unit_waits_until_the_unit_is_there(tmp_path: Path, build, cache_folder: Path):
    del cache_folder
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "02_graphs.md").write_text("# Graphs\n\nAfter [unit 01](01_scale.md#amdahl).\n")
    config = "site_name: T\ndocs_dir: docs\nmarkdown_extensions: [lectures._site.directives]\n"
    (tmp_path / "mkdocs.yml").write_text(config)
    page = tmp_path / "site" / "02_graphs" / "index.html"

    assert build(tmp_path, tmp_path / "site").returncode == 0
    assert '<span class="unwritten">unit 01</span>' in page.read_text("utf-8")
    (docs / "01_scale.md").write_text("# Scale\n\n## Amdahl\n")
    assert build(tmp_path, tmp_path / "site").returncode == 0
    assert '<a href="../01_scale/#amdahl">unit 01</a>' in page.read_text("utf-8")
    (docs / "01_scale.md").rename(docs / "01_scales.md")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert "contains a link '01_scale.md#amdahl'" in done.stderr
