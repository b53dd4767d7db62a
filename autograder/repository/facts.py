"""What a test may know of a student's repository: plain, frozen values."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["same", "different", "unsteady", "failed", "not run"]
Undeclared = Literal["", "parameters", "files"]


@dataclass(frozen=True)
class StageFacts:
    """One stage of `dvc.yaml`: what it declares, what DVC says of it, and what it did alone.

    `outcome` is of a run in a room with the declared dependencies and parameters and nothing else:
    "same" outputs as recorded; "different" ones, twice the same; "unsteady", two runs differ;
    "failed", the command did; "not run", a dependency is lost or was never there. Data are the same
    if their bytes are, metrics and models if their numbers are, within the tolerance.
    """

    command: str
    deps: tuple[str, ...]  # paths, as dvc.yaml has them
    params: tuple[str, ...]  # "params.yaml:train.rate"
    outs: tuple[str, ...]  # paths; metrics are among them
    after: tuple[str, ...]  # the stages whose outputs it needs
    stale: tuple[str, ...]  # what changed since it was run last, in DVC's words; () is up to date
    frozen: bool  # DVC was told never to look at it
    outcome: Outcome
    differing: tuple[str, ...] = ()  # outputs that did not come out as recorded
    undeclared: Undeclared = ""  # what it had to be given besides, to come out as recorded
    said: str = ""  # the end of what it printed: the student's words, not for a hidden test's hint


@dataclass(frozen=True)
class Experiment:
    """One experiment: the values of its parameters and metrics by dotted names ("train.rate")."""

    params: dict[str, object]
    metrics: dict[str, float]


@dataclass(frozen=True)
class RepositoryFacts:
    """A repository, at one of its commits."""

    commits: int  # in all branches and tags, without experiments
    data_in_git: dict[str, int]  # path -> bytes: data in git, in any commit of any branch
    tracked: dict[str, str]  # path -> MD5 of what DVC tracks, stages' outputs too
    lost: dict[str, str]  # path -> "missing" or "corrupt": no good object for it at the remote
    params: dict[str, object]  # by dotted name
    metrics: dict[str, float]  # by dotted name, as the metrics files say
    stages: dict[str, StageFacts]  # by name
    experiments: dict[str, Experiment]  # by name
    seconds: float  # of wall time that the examination took

    @property
    def stale(self) -> tuple[str, ...]:
        """The stages that `dvc repro` would run again."""
        return tuple(name for name, stage in self.stages.items() if stage.stale)

    @property
    def untrue(self) -> dict[str, Outcome]:
        """The stages that, run alone, do not make what is recorded, and how they fail."""
        return {name: s.outcome for name, s in self.stages.items() if s.outcome != "same"}
