"""What is no repository, or a hostile one, is answered in a sentence; nothing of it runs here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import testing
from autograder.repository import desk
from autograder.repository.desk import Repository, Unexaminable
from autograder.repository.parcel import pack
from solutions.versioning import git
from tests.autograder.repositories import STAGES, Line, Made, isolated, make

# DVC 3.67 asks pygtrie in a way that pygtrie will give up
pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep:DeprecationWarning")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with isolated():
        yield make(tmp_path_factory.mktemp("honest"), Line(sandbox=True))


@pytest.fixture
def made(honest: Made, tmp_path: Path) -> Made:
    return honest.copy(tmp_path / "copy", honest.line)


def refused(made: Made, why: str, **parcel: object) -> None:
    """It is not examined, for this reason, which the student reads as a hint."""
    with pytest.raises(Unexaminable, match=why):
        made.examine({**made.parcel(), **parcel})
    assert testing.last_hint().startswith("Your repository could not be examined: ")


@pytest.mark.parametrize("bundle", [b"", b"hello", b"PK\x03\x04" * 99, 7, None])
def test_what_is_no_bundle(made: Made, bundle: object):
    refused(made, "no git bundle", bundle=bundle)


def test_a_bundle_cut_short_or_changed(made: Made):
    whole = made.parcel()["bundle"]
    refused(made, "git cannot read it", bundle=whole[: len(whole) // 2])
    refused(made, "git cannot read it", bundle=whole[:-40] + bytes(20) + whole[-20:])


def test_objects_that_are_none_are_passed_over(made: Made):
    odd = {"../../etc/passwd": b"x", "files/md5/zz/nothing": b"x", "files/md5/aa": b""}
    parcel = made.parcel()
    facts = made.examine({**parcel, "objects": parcel["objects"] | odd}, alone=False)
    assert facts.lost == {}


def test_more_than_there_is_room_for(made: Made, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desk, "MOST", 1000)
    refused(made, "larger than")


def test_a_repository_without_dvc_and_one_without_a_commit(tmp_path: Path):
    git(tmp_path, "init", "-q")
    with pytest.raises(ValueError, match="no git repository with a commit"):
        pack(tmp_path)
    (tmp_path / "readme").write_text("x")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "x")
    with pytest.raises(Unexaminable, match="there is no DVC in it"):
        Repository(Line(sandbox=True)).examine(**pack(tmp_path))  # type: ignore[arg-type]


def test_an_experiment_that_is_not_there(made: Made):
    with pytest.raises(Unexaminable, match="git cannot read it"):
        made.examine(at="no-such")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (STAGES.replace("deps: [data/words.txt]", "deps: [metrics.json]"), "form a cycle"),
        (STAGES.replace("outs: [upper.txt]", "outs: [../../upper.txt]"), "leads out"),
        ("stages: [", "DVC cannot read it"),
        ("stages:\n" + "".join(f"  s{n}:\n    cmd: echo\n" for n in range(25)), "over 20 stages"),
        (STAGES.replace("metrics.json:", "upper.txt:"), "DVC cannot read it"),
    ],
    ids=["cycle", "leads out", "no YAML", "too many", "made twice"],
)
def test_a_bad_pipeline(made: Made, text: str, why: str):
    made.write(dvc_yaml=text)
    made.note()
    refused(made, why)


def test_a_stage_has_no_network_and_its_words_say_so(made: Made):
    command = "curl -sf http://example.org/words.txt > upper.txt"
    made.write(dvc_yaml=STAGES.replace("tr a-z A-Z < data/words.txt > upper.txt", command))
    made.note()
    stage = made.examine().stages["upper"]
    assert stage.outcome == "failed"
    assert stage.said.endswith("There is no network where a stage is run alone.")


@pytest.mark.parametrize("sandbox", [True, False], ids=["in rooms", "as plain processes"])
def test_a_stage_that_does_not_end_is_ended(
    made: Made, sandbox: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desk, "STAGE", 1.0)
    monkeypatch.setattr(made.line, "sandbox", sandbox)
    made.write(dvc_yaml=STAGES.replace("tr a-z A-Z < data/words.txt", "sleep 600"))
    made.note()
    stage = made.examine().stages["upper"]
    assert (stage.outcome, stage.differing) == ("failed", ("upper.txt",))
    assert stage.said == "It took too much time or memory."


def test_a_stage_that_kills_all_it_can_reach_fails_alone(made: Made):
    made.write(dvc_yaml=STAGES.replace("tr a-z A-Z < data/words.txt", "kill -9 -1"))
    made.note()
    facts = made.examine()
    assert facts.stages["upper"].outcome == "failed"
    assert facts.stages["count"].outcome == "same", "the other stages have rooms of their own"
