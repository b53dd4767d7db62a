"""Repositories as the judge examines them: what is true of an honest one, and eight cheats."""

import shutil
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest

from solutions.versioning import dvc, git
from tests.autograder.repositories import COUNT, PARAMS, STAGES, WORDS, Line, Made, isolated, make

# DVC 3.67 asks pygtrie in a way that pygtrie will give up
pytestmark = pytest.mark.filterwarnings("ignore:_NoneStep:DeprecationWarning")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with isolated():
        yield make(tmp_path_factory.mktemp("honest"), Line(sandbox=True))


@pytest.fixture(scope="module")
def line() -> Line:
    """One submission for all: its worker decodes what comes back."""
    return Line(sandbox=True)


@pytest.fixture
def made(honest: Made, line: Line, tmp_path: Path) -> Made:
    """A copy of the honest repository, to be spoilt."""
    return honest.copy(tmp_path / "copy", line)


@pytest.mark.parametrize("sandbox", [True, False], ids=["in rooms", "as plain processes"])
def test_of_an_honest_repository_everything_is_told_and_true(honest: Made, sandbox: bool):
    honest.line.sandbox = sandbox
    facts = honest.examine()
    upper, count = facts.stages["upper"], facts.stages["count"]
    assert (upper.outcome, count.outcome) == ("same", "same")
    assert (facts.untrue, facts.stale, facts.lost, facts.data_in_git) == ({}, (), {}, {})
    assert facts.tracked == {
        "data/words.txt": md5(WORDS.encode()).hexdigest(),
        "upper.txt": md5(WORDS.upper().encode()).hexdigest(),
    }
    assert (facts.metrics, facts.params) == ({"words": 240}, {"count.scale": 2, "other": 1})
    assert (count.deps, count.after) == (("count.py", "upper.txt"), ("upper",))
    assert (count.params, count.outs) == (("params.yaml:count.scale",), ("metrics.json",))
    assert (facts.commits, facts.experiments) == (2, {})
    assert 0 < facts.seconds < 60


def test_data_in_git_history_are_found_after_they_were_removed(made: Made):
    git(made.folder, "add", "-f", "data/words.txt")
    git(made.folder, "commit", "-q", "-m", "oops")
    git(made.folder, "rm", "-q", "--cached", "data/words.txt")
    git(made.folder, "commit", "-q", "-m", "never happened")
    assert made.examine(alone=False).data_in_git == {"data/words.txt": len(WORDS)}


def test_data_in_git_under_another_name_are_found_by_their_bytes(made: Made):
    made.write(backup_txt=WORDS)
    made.note()
    assert made.examine(alone=False).data_in_git == {"backup.txt": len(WORDS)}


def test_an_undeclared_parameter_fails_alone(made: Made):
    made.write(dvc_yaml=STAGES.replace("    params: [count.scale]\n", ""))
    made.commit()
    stage = made.examine().stages["count"]
    assert (stage.outcome, stage.undeclared) == ("failed", "parameters")
    assert "params.yaml" in stage.said


def test_an_undeclared_parameter_with_a_default_makes_other_outputs(made: Made):
    lenient = COUNT.replace('["count"]["scale"]', '.get("other", 5)')
    made.write(count_py=lenient)
    made.commit()
    stage = made.examine().stages["count"]
    assert (stage.outcome, stage.undeclared) == ("different", "parameters")
    assert stage.differing == ("metrics.json",)


def test_a_hidden_dependency_is_missed_alone(made: Made):
    made.write(count_py=COUNT + 'open("more.txt").read()\n', more_txt="x")
    made.commit()
    stage = made.examine().stages["count"]
    assert (stage.outcome, stage.undeclared) == ("failed", "files")


def test_forged_metrics_are_not_what_the_stage_makes(made: Made):
    made.write(metrics_json='{"words": 999}')
    dvc(made.folder, "commit", "-q", "-f", "count")
    made.note()
    facts = made.examine()
    assert (facts.stale, facts.metrics) == ((), {"words": 999})
    assert facts.untrue == {"count": "different"}


def test_forged_data_are_not_what_the_stage_makes(made: Made):
    made.write(upper_txt="BETTER\n")
    dvc(made.folder, "commit", "-q", "-f", "upper")
    made.commit()
    assert made.examine().untrue == {"upper": "different"}


def test_missing_and_corrupt_objects_are_told_apart(made: Made):
    parcel = made.parcel()
    name = next(n for n, data in parcel["objects"].items() if data == WORDS.encode())
    without = {n: data for n, data in parcel["objects"].items() if n != name}
    facts = made.examine({**parcel, "objects": without})
    assert facts.lost == {"data/words.txt": "missing"}
    assert facts.stages["upper"].outcome == "not run"
    flipped = {**parcel["objects"], name: WORDS.encode()[:-1] + b"\r"}
    facts = made.examine({**parcel, "objects": flipped}, alone=False)
    assert facts.lost == {"data/words.txt": "corrupt"}


def test_a_stage_that_draws_without_a_seed_is_unsteady(made: Made):
    made.write(dvc_yaml=STAGES.replace("tr a-z A-Z < data/words.txt", "od -N 8 /dev/urandom"))
    made.commit()
    stage = made.examine().stages["upper"]
    assert (stage.outcome, stage.undeclared) == ("unsteady", "")


def test_a_deleted_experiment_is_not_there(made: Made):
    for scale in (3, 4):
        change = ("-n", f"by-{scale}", "-S", f"count.scale={scale}")
        dvc(made.folder, "exp", "run", "-q", *change)
    dvc(made.folder, "push", "-q")
    facts = made.examine(at="by-4")
    assert (facts.metrics, facts.params["count.scale"]) == ({"words": 480}, 4)
    assert (facts.untrue, facts.stale) == ({}, ())
    told = {name: (e.params["count.scale"], e.metrics) for name, e in facts.experiments.items()}
    assert told == {"by-3": (3, {"words": 360}), "by-4": (4, {"words": 480})}
    dvc(made.folder, "exp", "remove", "-q", "by-3")
    assert set(made.examine(alone=False).experiments) == {"by-4"}


def test_parameters_edited_without_repro_leave_a_stale_stage(made: Made):
    made.write(params_yaml=PARAMS.replace("2", "7"))
    made.note()
    facts = made.examine()
    assert (facts.stale, facts.params["count.scale"]) == (("count",), 7)
    assert "count.scale" in facts.stages["count"].stale[0]
    assert facts.untrue == {"count": "different"}


def test_a_stage_alone_sees_nothing_of_the_repository(made: Made):
    look = "find /submission /tmp /dev/shm -name dvc.lock -o -name '*.bundle' | wc -l > upper.txt"
    made.write(dvc_yaml=STAGES.replace("tr a-z A-Z < data/words.txt > upper.txt", look))
    (made.folder / "upper.txt").unlink()
    made.write(upper_txt="0\n")
    dvc(made.folder, "commit", "-q", "-f", "upper")
    dvc(made.folder, "push", "-q")
    made.note()
    assert made.examine().stages["upper"].outcome == "same"


def test_numbers_may_be_near_and_data_may_not(made: Made):
    noisy = COUNT.replace(
        "len(words) * scale", "len(words) * scale + __import__('os').getpid() / 1e9"
    )
    model = noisy.replace("metrics.json", "model.json")
    stages = STAGES + "  fit:\n    cmd: python fit.py\n    deps: [fit.py, upper.txt]\n"
    stages += "    params: [count.scale]\n    outs: [model.json]\n"
    made.write(count_py=noisy, fit_py=model, dvc_yaml=stages)
    made.commit()
    parcel = made.parcel()
    strict = made.examine(parcel).untrue
    assert set(strict) == {"fit"}, "a metric may be off a little"
    assert made.examine(parcel, tolerance={"model.json": 1e-3}).untrue == {}


def test_a_folder_is_compared_file_by_file(made: Made):
    stages = STAGES.replace(
        "> upper.txt", "> upper.txt && mkdir parts && split -l 5 upper.txt parts/"
    )
    made.write(dvc_yaml=stages.replace("outs: [upper.txt]", "outs: [upper.txt, parts]"))
    made.commit()
    facts = made.examine()
    assert (facts.untrue, facts.tracked["parts"][-4:]) == ({}, ".dir")
    shutil.rmtree(made.folder.parent / "remote" / "files" / "md5" / facts.tracked["parts"][:2])
    assert made.examine(alone=False).lost["parts"] == "missing"
