"""The visible tests of lab 13, DVC: what a repository holds, and what its stages do when alone."""

import numpy as np

from autograder.testing import hint, points
from handed_in import (
    at_the_remote,
    handed_in,
    kept_out_of_git,
    of_the_project,
    true_alone,
    up_to_date,
)
from histories import digest, run, started, tracked
from projects import error, factors, sums, taxi


def fixed():
    """The small project that everybody sees: the same each time."""
    return np.random.default_rng(13)


# --- add_and_push


def pushed(student, repo):
    files = taxi(fixed())
    return handed_in(student, repo, "add_and_push", files, started(files), ["data/trips.csv"])


@points(1)
def test_add_and_push_tracks_the_data(student, repo):
    """DVC tracks the file, under the hash of its bytes."""
    found = pushed(student, repo)
    trips = {"data/trips.csv": digest(found.files["data/trips.csv"])}
    assert found.facts.tracked == trips, hint(
        "In the last commit there is no `data/trips.csv.dvc` with the hash of the file: `dvc add` "
        "makes it, and git has to know it."
    )


@points(1)
def test_add_and_push_keeps_data_out_of_git(student, repo):
    """The bytes of the data are in no commit."""
    kept_out_of_git(pushed(student, repo).facts)


@points(1)
def test_add_and_push_fills_the_remote(student, repo):
    """The remote has a good object for what is tracked, so that others can pull."""
    facts = pushed(student, repo).facts
    assert facts.tracked != {}, hint("Nothing is tracked by DVC yet.")
    at_the_remote(facts)


# --- pipeline


def piped(student, repo):
    files = taxi(fixed())
    return handed_in(student, repo, "pipeline", files, tracked(files), [])


def stages_of(facts):
    """The facts of the three stages, once they are there."""
    assert sorted(facts.stages) == ["evaluate", "split", "train"], hint(
        "There are three stages: split, train and evaluate."
    )
    return facts.stages


@points(2)
def test_pipeline_has_three_stages_in_order(student, repo):
    """Each stage comes after those whose outputs it reads."""
    stages = stages_of(piped(student, repo).facts)
    after = {name: set(stage.after) for name, stage in stages.items()}
    wanted = {"split": set(), "train": {"split"}, "evaluate": {"split", "train"}}
    assert after == wanted, hint(
        "DVC makes its graph of declared outputs and dependencies. A stage that does not name the "
        "file that it reads does not wait for the stage that writes it."
    )


@points(1)
def test_pipeline_is_up_to_date(student, repo):
    """There is nothing to run, and a clean clone can pull all outputs."""
    facts = piped(student, repo).facts
    stages_of(facts)
    assert sorted(facts.tracked) == ["data/trips.csv", "model.json", "test.csv", "train.csv"], hint(
        "Outputs are DVC's (`-o`); the metrics alone are git's (`-M`)."
    )
    at_the_remote(facts)
    up_to_date(facts)
    kept_out_of_git(facts)


@points(3)
def test_pipeline_makes_the_same_when_each_stage_is_alone(student, repo):
    """Each stage, alone with what it declares, makes the outputs that are recorded."""
    found = piped(student, repo)
    stages_of(found.facts)
    true_alone(found.facts)
    of_the_project(found)


# --- minimal_repro


def changed(student, repo):
    files, args = sums(fixed()), ["north.factor", 11]
    return handed_in(student, repo, "minimal_repro", files, run(files), args)


@points(2)
def test_minimal_repro_runs_what_depends_on_the_change(student, repo):
    """Two of the four stages depend on the parameter; each runs once, and no other."""
    ran = changed(student, repo).ran
    assert set(ran) >= {"north", "report"}, hint(
        "`north` has another factor now, and `report` reads what `north` writes: both have to run."
    )
    assert ran == ["north", "report"], hint(
        "Stages ran whose inputs are as they were. DVC compares hashes, and skips them: do not "
        "force it, and do not change anything else."
    )


@points(1)
def test_minimal_repro_leaves_nothing_to_do(student, repo):
    """Parameter, lock and metrics belong together, in one more commit."""
    found = changed(student, repo)
    assert found.facts.params.get("north.factor") == 11, hint(
        "In the last commit `params.yaml` has the new value."
    )
    at_the_remote(found.facts)
    up_to_date(found.facts)
    assert found.facts.metrics == {"error": error(found.files, north=11)}, hint(
        "In the last commit the metrics are those of the new parameter."
    )


# --- revert


def reverted(student, repo):
    files = sums(fixed())
    return handed_in(student, repo, "revert", files, run(files, {"clean": 12}), ["HEAD~1"])


@points(1)
def test_revert_brings_files_back(student, repo):
    """The parameter is the old one, and so are the files that DVC keeps."""
    found = reverted(student, repo)
    total = sum(map(int, found.files["data/numbers.txt"].split()))
    assert found.facts.params.get("clean.factor") == factors(found.files)["clean"], hint(
        "In the last commit `params.yaml` is that of the commit that was asked for."
    )
    old = str(total * factors(found.files)["clean"]).encode()
    assert found.left.get("clean.txt") == old, hint(
        "Git brought back the small files only. What DVC keeps follows with `dvc checkout`."
    )
    up_to_date(found.facts)


@points(1)
def test_revert_runs_nothing(student, repo):
    """No stage runs: all that is needed lies in the cache."""
    found = reverted(student, repo)
    assert found.facts.metrics == {"error": error(found.files)}, hint(
        "The metrics are those of the commit that was asked for."
    )
    assert found.ran == [], hint(
        "A stage ran. The old outputs lie in the cache, under the hashes that the old `dvc.lock` "
        "names."
    )


@points(1)
def test_revert_keeps_the_later_commits(student, repo):
    """To go back is one more commit; nothing is taken from the branch."""
    commits = reverted(student, repo).facts.commits
    assert commits >= 4, hint(
        "The branch has lost commits. Bring the old *files* back, and commit them: who has pulled "
        "the later commits will thank you."
    )
    assert commits == 5, hint("There were four commits; going back makes the fifth.")


# --- compare


def compared(student, repo):
    files, args = sums(fixed()), ["south.factor", [2, 200]]
    return handed_in(student, repo, "compare", files, run(files), args)


@points(2)
def test_compare_keeps_every_experiment(student, repo):
    """Each value has its experiment, with its metrics, and it is still there."""
    found = compared(student, repo)
    kept = sorted(e.params.get("south.factor", 0) for e in found.facts.experiments.values())
    assert kept == [2, 200], hint(
        "One experiment for each value, and all of them stay. One that went badly is a result, "
        "too: whoever removes it will try it again."
    )
    by = {e.params["south.factor"]: e.metrics for e in found.facts.experiments.values()}
    wanted = {value: {"error": error(found.files, south=value)} for value in (2, 200)}
    assert by == wanted, hint(
        "The metrics of an experiment are what its stages computed with its parameter."
    )


@points(1)
def test_compare_says_how_large_each_error_is(student, repo):
    """The result has the error of each value, and the branch is where it was."""
    found = compared(student, repo)
    assert found.result == {v: error(found.files, south=v) for v in (2, 200)}, hint(
        "Return a dict: the metric `error` for each value, read after its experiment."
    )
    assert found.facts.commits == 3, hint("An experiment is no commit of the branch.")


@points(1)
def test_compare_runs_only_what_depends_on_the_value(student, repo):
    """For two values two stages run twice each, and the others never."""
    ran = sorted(compared(student, repo).ran)
    assert ran == ["report"] * 2 + ["south"] * 2, hint(
        "Count: `south` and `report` depend on the parameter. The other stages' outputs are in "
        "the cache, for every experiment. Do not copy the repository, and do not force anything."
    )
