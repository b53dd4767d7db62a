"""What a student's function leaves of a repository, examined once for all tests of a task."""

from dataclasses import dataclass
from typing import Any

from autograder.testing import StudentError, hint
from probes import handed_over

_seen: dict[tuple[str, bool], Any] = {}
ALONE = (("pipeline", False), ("pipeline", True), ("minimal_repro", True))


@dataclass(frozen=True)
class HandedIn:
    """A repository: the files that the function was given and its arguments, what it returned,
    which stages it ran, the files of the folder afterwards, and the facts found in the parcel."""

    files: dict[str, str]
    args: tuple[Any, ...]
    result: Any
    ran: list[str]
    left: dict[str, bytes]
    facts: Any
    parcel: dict[str, Any]


def handed_in(student, repo, task, files, history, args, hidden=False):
    """The repository after `task`; the first test of a task has it made, the others look at it.

    `files` are the project's, `history` is what the repository is before (see `histories.py`), and
    `args` are the function's arguments after the folder.
    """
    if (task, hidden) not in _seen:
        _seen[task, hidden] = _examined(student, repo, task, files, history, args, hidden)
    found = _seen[task, hidden]
    assert not isinstance(found, AssertionError), hint(str(found))
    if isinstance(found, Exception):
        raise found
    return found


def _examined(student, repo, task, files, history, args, hidden):
    try:
        parcel = student.run(handed_over, student.ref(task), history, args)
        objects = parcel["cached" if task in ("revert", "compare") else "objects"]
        facts = repo.examine(parcel["bundle"], objects, alone=(task, hidden) in ALONE)
    except (StudentError, AssertionError) as error:
        return error
    told = {name: parcel[name] for name in ("result", "ran", "left")}
    return HandedIn(files=files, args=args, facts=facts, parcel=parcel, **told)


def kept_out_of_git(facts):
    """No data in any commit."""
    assert facts.data_in_git == {}, hint(
        "Data lie in a commit of git. Whoever clones gets them for ever, also if a later commit "
        "removes them. `dvc add` first: it tells git to ignore them."
    )


def at_the_remote(facts):
    """Each tracked file has its object."""
    bad = sorted(facts.lost.values())
    assert "corrupt" not in bad, hint(
        "An object at the remote does not have the bytes that its name promises. Nobody should "
        "write there but `dvc push`."
    )
    assert bad == [], hint(
        "A clean clone cannot pull everything: an object is missing at the remote. Only "
        "`dvc push` brings it there."
    )


def up_to_date(facts):
    """DVC finds nothing to do."""
    assert facts.stale == (), hint(
        "`dvc status` finds stages to run: what `dvc.lock` says was made of other parameters or "
        "files than those that are there. Change, then `dvc repro`, then commit."
    )


def true_alone(facts):
    """Each stage, alone in a room with what it declares, makes what is recorded."""
    bad = {name: (stage.undeclared, stage.outcome) for name, stage in facts.stages.items()}
    for name, (undeclared, outcome) in bad.items():
        assert undeclared != "parameters", hint(
            f"Run alone with the parameters that it declares, `{name}` does not make the same "
            "outputs; with all parameters it does. Which of them does its script read, too?"
        )
        assert undeclared != "files", hint(
            f"Run alone with the files that it declares, `{name}` does not make the same outputs; "
            "with all files of the repository it does. Which module does its script import?"
        )
        assert outcome != "unsteady", hint(
            f"Run twice alone, `{name}` made two different outputs. Whatever it draws must be "
            "drawn from a seed that it is given."
        )
        assert outcome != "different", hint(
            f"Run alone, `{name}` makes other outputs than those that are recorded. Results are "
            "made by running the stages; nobody writes them by hand."
        )
        assert outcome == "same", hint(
            f"Run alone, `{name}` fails, or it was not run, as a file that it names is nowhere. "
            "There is no network where it is run alone, and nothing but what it declares."
        )


def of_the_project(found):
    """Code and data are the project's."""
    own = {n: t.encode() for n, t in found.files.items() if n not in ("params.yaml", "dvc.yaml")}
    left = {name: found.left.get(name) for name in own}
    assert left == own, hint("The project's scripts and data have to stay as they are.")
