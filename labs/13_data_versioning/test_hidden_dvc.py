"""The hidden tests of lab 13, DVC: projects that nobody has seen, and each stage alone."""

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
from projects import STAGES, error, factors, sums, taxi


def depending(name):
    """The stages that run when the factor of one stage has changed, in an order of their names."""
    later = {"clean": set(STAGES), "north": {"north", "report"}, "south": {"south", "report"}}
    return sorted(later.get(name, {"report"}))


@points(2)
def test_add_and_push_of_a_folder(student, repo, rng):
    """A folder of files: in no commit, and whole at the remote."""
    from autograder.repository.desk import digest_of

    parts = {f"part-{n}.csv": f"{rng.integers(10**9)}\n" * 40 for n in range(4)}
    files = {name: text for name, text in taxi(rng).items() if not name.startswith("data/")}
    files |= {f"data/days/{n}": text for n, text in parts.items()}
    args = ["data/days"]
    found = handed_in(student, repo, "add_and_push", files, started(files), args, hidden=True)
    days = {n[10:]: t.encode() for n, t in found.files.items() if n.startswith("data/days/")}
    assert found.facts.tracked == {"data/days": digest_of(days)}, hint(
        "The folder is tracked as one thing, in the last commit, with the hash of what it holds."
    )
    kept_out_of_git(found.facts)
    at_the_remote(found.facts)


@points(4)
def test_pipeline_of_another_project(student, repo, rng):
    """From a clean clone: pull, nothing to run; and alone each stage makes what is recorded."""
    files = taxi(rng)
    found = handed_in(student, repo, "pipeline", files, tracked(files), [], hidden=True)
    assert sorted(found.facts.stages) == ["evaluate", "split", "train"], hint(
        "There are three stages: split, train and evaluate."
    )
    of_the_project(found)
    kept_out_of_git(found.facts)
    at_the_remote(found.facts)
    up_to_date(found.facts)
    true_alone(found.facts)
    assert set(found.facts.metrics) == {"error"}, hint("Git keeps the metrics of the last run.")


@points(4)
def test_minimal_repro_of_any_parameter(student, repo, rng):
    """Whichever parameter: what depends on it runs once, and all that is recorded is true."""
    name, value = str(rng.choice(["clean", "south", "report"])), int(rng.integers(10, 90))
    files, args = sums(rng), [f"{name}.factor", value]
    found = handed_in(student, repo, "minimal_repro", files, run(files), args, hidden=True)
    assert sorted(found.ran) == depending(name), hint(
        "The stages that depend on the parameter run once each, in one `dvc repro`, and no other."
    )
    assert found.facts.metrics == {"error": error(found.files, **{name: value})}, hint(
        "In the last commit the metrics are those of the new parameter."
    )
    up_to_date(found.facts)
    at_the_remote(found.facts)
    true_alone(found.facts)


@points(3)
def test_revert_over_two_commits(student, repo, rng):
    """Two changes back: every file is as it was, and nothing runs."""
    files = sums(rng)
    begun = run(files, *({name: int(rng.integers(10, 99))} for name in ("clean", "south")))
    found = handed_in(student, repo, "revert", files, begun, ["HEAD~2"], hidden=True)
    by = factors(found.files)
    total = sum(map(int, found.files["data/numbers.txt"].split())) * by["clean"]
    wanted = {
        "clean.txt": total,
        "north.txt": total * by["north"],
        "south.txt": total * by["south"],
    }
    told = {name: str(number).encode() for name, number in wanted.items()}
    assert {name: found.left.get(name) for name in told} == told, hint(
        "Every output is what it was at that commit: `dvc checkout` fetches them from the cache."
    )
    tracked = {name: digest(data.decode()) for name, data in told.items()}
    assert {n: found.facts.tracked.get(n) for n in tracked} == tracked, hint(
        "In the new commit `dvc.lock` names the old hashes."
    )
    assert found.facts.metrics == {"error": error(found.files)}, hint("The old metrics are back.")
    assert (found.ran, found.facts.commits) == ([], 6), hint(
        "Nothing has to run, and there is one commit more than before."
    )
    up_to_date(found.facts)


@points(4)
def test_compare_is_true_of_each_experiment(student, repo, rng):
    """The errors are what each experiment computes, also when its stages are run alone."""
    name, value = str(rng.choice(["north", "report"])), int(rng.integers(10, 99))
    files, args = sums(rng), [f"{name}.factor", [value]]
    found = handed_in(student, repo, "compare", files, run(files), args, hidden=True)
    wanted = error(files, **{name: value})
    assert found.result == {value: wanted}, hint("The metric `error` of each experiment.")
    values = {n: e.params.get(args[0]) for n, e in found.facts.experiments.items()}
    assert [*values.values()] == [value], hint("One experiment for each value, and it stays.")
    assert sorted(found.ran) == depending(name), hint(
        "Run only the stages that depend on the parameter."
    )
    (one,) = values
    facts = repo.examine(found.parcel["bundle"], found.parcel["cached"], at=one)
    true_alone(facts)
    assert facts.metrics == {"error": wanted}, hint(
        "An experiment's metrics are what its stages compute."
    )
