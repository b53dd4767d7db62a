"""What a lab's own cells put into `data/` goes into the students' bundle; what tests put there does
not."""

from pathlib import Path

from nbformat.v4 import new_code_cell

from autograder.judge.playback import Playback
from tests.autograder.notebooks import notebook, task

GIVEN = """
from pathlib import Path

Path("data/folder").mkdir(parents=True)
Path("data/folder/part").write_text("one")
Path("data/file").write_text("two")
"""


def test_files_and_folders_of_the_notebook_are_kept(tmp_path: Path):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    nb = notebook(new_code_cell(GIVEN), task("f", "def f(): ..."))
    with Playback(nb, bundle, keeps=True) as stage:
        stage.begin("f", "test_f")
        (stage.folder / "data" / "of_a_test").touch()
        stage.finish()
        stage.keep_data(bundle)
    found = {str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file()}
    assert found == {"data/folder/part", "data/file"}
