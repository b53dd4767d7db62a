"""What the interactive figures compute, asked in Node: the same numbers as here."""

import json
import subprocess
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import distributed  # noqa: F401 (it brings its defaults)
import numpy as np
import pytest
from dask import config

from lectures._site import visuals
from lectures._site.node import node
from lectures._site.problem import PageProblem
from solutions.job import Job, shuffle, tree
from solutions.machines import Machines
from solutions.shuffle import combine, partition
from solutions.simulator import simulate
from solutions.words import map_words, reduce_counts
from tests.solutions.simulator_vectors import scenarios

IN_NODE = Path(__file__).with_name("visuals_in_node.mjs")
ROOT = Path(__file__).parents[2]
MODULES = ROOT / "lectures/_site/overrides/assets/visuals"
CASES = 300


def ask(calls: list[tuple[str, str, list]]) -> list[dict[str, Any]]:
    """What each `(module, function, arguments)` gives."""
    command = [*node(), str(IN_NODE), str(MODULES)]
    done = subprocess.run(command, input=json.dumps(calls), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def random_job(rng: np.random.Generator) -> Job:
    tasks = int(rng.integers(1, 30))
    needs = [
        sorted({int(n) for n in rng.integers(0, i, rng.integers(0, min(i, 4) + 1))}) if i else []
        for i in range(tasks)
    ]
    cost, size = (rng.integers(1, most, tasks).tolist() for most in (900, 50_000))
    tags = {i: str(rng.choice(["GPU", "disk"])) for i in range(tasks) if rng.random() < 0.1}
    return Job(needs, cost, size, tags)


def random_machines(rng: np.random.Generator) -> Machines:
    """Worker 0 offers all and never fails."""
    workers = int(rng.integers(1, 7))
    failing = [w for w in range(1, workers) if rng.random() < 0.3]
    offers = {w: ["GPU"] for w in range(1, workers) if rng.random() < 0.3}
    return Machines(
        workers,
        overhead=int(rng.integers(0, 90)),
        latency=int(rng.integers(0, 90)),
        bandwidth=int(rng.choice([1, 30, 700])),
        memory=int(rng.integers(1, 90_000)) if rng.random() < 0.4 else None,
        disk=int(rng.choice([7, 100])),
        offers={0: ["GPU", "disk"], **offers},
        failures=[(int(rng.integers(0, 4_000)), w) for w in failing],
        ahead=int(rng.choice([0, 1, 5, 40])),
        stealing=bool(rng.random() < 0.7),
    )


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Job, Machines, dict[str, Any]]]:
    """Jobs and machines, each with the answer of the port."""
    rng = np.random.default_rng(3)
    drawn = [(random_job(rng), random_machines(rng)) for _ in range(CASES)]
    asked = [*scenarios().values(), *drawn]
    calls = [("simulate", "simulate", [asdict(job), asdict(on)]) for job, on in asked]
    return [(*each, answer) for each, answer in zip(asked, ask(calls), strict=True)]


def test_the_simulator_in_the_page_gives_the_run_of_the_one_in_the_course(pairs):
    again = stolen = 0
    for job, machines, answer in pairs:
        expected = json.loads(json.dumps(asdict(simulate(job, machines))))
        found = {name: answer["value"][name] for name in expected}
        assert found == expected, (job, machines)
        again += expected["executions"] > len(job.cost)
        stolen += expected["stolen"] > 0
    assert min(again, stolen) >= 20  # else these cases would prove little


def test_the_log_of_a_run_has_every_execution_once(pairs):
    for _, _, answer in pairs:
        run = answer["value"]
        whole = [each for each in run["log"]["runs"] if "cut" not in each]
        unfinished = [each for each in whole if each["finish"] > run["makespan"]]
        assert len(whole) - len(unfinished) == run["executions"]
        assert len(run["log"]["thefts"]) == run["stolen"]
        for each in whole:
            seen = [e for e in whole if e["task"] == each["task"]]
            assert each["again"] == (each is not min(seen, key=lambda e: e["finish"]))


def test_a_cluster_without_workers_is_refused_in_the_same_words():
    job, machines = Job([[]], [9], [0]), Machines(1, failures=[(3, 0)])
    needy = replace(job, tags={0: "GPU"})
    calls = [(job, machines), (needy, Machines(2))]
    answers = ask([("simulate", "simulate", [asdict(j), asdict(m)]) for j, m in calls])
    for (each, on), answer in zip(calls, answers, strict=True):
        with pytest.raises(ValueError, match=r"^simulate: no worker") as raised:
            simulate(each, on)
        assert answer == {"error": str(raised.value)}


def test_the_shapes_of_jobs_are_those_of_the_course():
    calls = [("jobs", "tree", [11, 20, 300, 4]), ("jobs", "shuffle", [5, 70, 1_001])]
    expected = [tree(11, 20, 300, 4), shuffle(5, 70, 1_001)]
    for answer, job in zip(ask(calls), expected, strict=True):
        assert answer["value"] == {"needs": job.needs, "cost": job.cost, "size": job.size}


def test_no_two_tasks_stand_on_each_other_and_arrows_lead_to_the_right(pairs):
    jobs = [job for job, _, _ in pairs]
    for job, answer in zip(jobs, ask([("layout", "layout", [j.needs]) for j in jobs]), strict=True):
        found = [(place["x"], place["y"]) for place in answer["value"]["places"]]
        assert len(set(found)) == len(found)
        assert all(0 < y < answer["value"]["height"] for _, y in found)
        assert all(found[n][0] < found[t][0] for t, needs in enumerate(job.needs) for n in needs)


def test_a_lost_worker_is_told_and_its_tasks_are_run_again():
    job, machines = tree(16, 20_000, 10**6, 5_000), Machines(3, failures=[(70_000, 1)])
    run = ask([("simulate", "simulate", [asdict(job), asdict(machines)])])[0]["value"]
    times = [69_999, 70_000, run["makespan"]]
    calls = [("moments", "states", [run, time]) for time in times]
    *states, told, rows = ask(
        [*calls, ("moments", "moments", [run]), ("moments", "rows", [run, 1e9])]
    )
    assert [found["value"][15] for found in states] == ["done", "lost", "done"]
    assert set(states[-1]["value"]) == {"done"}
    said = {moment["time"]: moment["text"] for moment in told["value"]}
    assert said[70_000].startswith("Worker 1 is gone, and with it the only copy of task 15.")
    assert "It was working on task 16. To run again: task 15." in said[70_000]
    assert list(said) == sorted(said)
    ends = {row["task"]: row["end"] for row in rows["value"]}
    assert {"15", "15 (again)"} <= set(ends)
    assert next(r["end"] for r in rows["value"] if r["task"] == "16") == "lost at 70.0 ms"


def test_machines_are_divided_and_rounded_up():
    rng = np.random.default_rng(8)
    cases = [[100, 8, 128], [16, 8, 128], *rng.integers(1, 10**6, (200, 3)).tolist()]
    answers = [each["value"] for each in ask([("arithmetic", "machines", c) for c in cases])]
    assert answers[:2] == [{"needed": 800, "count": 7}, {"needed": 128, "count": 1}]
    for (data, factor, memory), found in zip(cases, answers, strict=True):
        assert found["needed"] == data * factor
        assert (found["count"] - 1) * memory < found["needed"] <= found["count"] * memory


def test_a_factor_with_digits_makes_no_machine_too_many():
    cases = [[100, 1.1, 110], [30, 0.1, 3], [10, 0.29, 1], [7, 1.15, 4]]
    answers = [each["value"] for each in ask([("arithmetic", "machines", c) for c in cases])]
    assert [each["count"] for each in answers] == [1, 1, 3, 3]
    assert [each["needed"] for each in answers] == [110, 3, 2.9, 8.05]


def test_the_thresholds_are_those_of_the_installed_library():
    memory = config.get("distributed.worker.memory")
    (answer,) = ask([("worker", "thresholds", [])])
    assert answer["value"] == {name: round(100 * memory[name]) for name in answer["value"]}
    assert set(answer["value"]) == {"target", "spill", "pause", "terminate"}


def test_a_worker_writes_results_and_nothing_else():
    levels = [[held, other] for held in range(0, 101, 5) for other in range(0, 101, 5)]
    answers = [each["value"] for each in ask([("worker", "worker", at) for at in levels])]
    for (managed, other), found in zip(levels, answers, strict=True):
        assert found["left"] + found["disk"] == managed
        assert found["left"] <= 60
        assert found["killed"] == (min(managed, 60) + other > 95)
        assert found["killed"] or found["left"] == 0 or found["left"] + other <= 70
        assert found["paused"] == (not found["killed"] and found["left"] + other > 80)
    said = {tuple(at): each["text"] for at, each in zip(levels, answers, strict=True)}
    assert said[50, 15] == "All results are in memory; its process takes 65 %. It takes new tasks."
    assert "Results worth 30 % are on its disk; its process takes 60 %." in said[60, 30]
    assert "It pauses" in said[5, 85]
    assert "The nanny ends it" in said[0, 100]


def test_a_partition_is_skipped_only_if_it_cannot_have_a_key():
    orders = [("sorted", 8), ("sorted", 4), ("random", 8), ("random", 16)]
    asked = [(*o, known, 11, 16) for o in orders for known in (True, False)]
    for given, answer in zip(
        asked, ask([("partitions", "plan", [*a]) for a in asked]), strict=True
    ):
        parts = answer["value"]
        assert sorted(key for part in parts for key in part["keys"]) == list(range(32))
        assert sum(part["wanted"] for part in parts) == 6
        for part in parts:
            possible = part["smallest"] <= 16 and part["largest"] >= 11
            assert part["read"] == (possible or not given[2])
            assert part["read"] or not part["wanted"]
    sorted_, unknown = (
        answer["value"]
        for answer in ask(
            [
                ("partitions", "plan", ["sorted", 8, True, 13, 13]),
                ("partitions", "plan", ["sorted", 8, False, 13, 13]),
            ]
        )
    )
    said = ask([("partitions", "sentence", [found, 13, 13]) for found in (sorted_, unknown)])
    assert said[0]["value"] == "The key 13: 1 row. 1 of 8 partitions must be read, with 4 rows."
    assert said[1]["value"].endswith("with 32 rows. In 7 of them there is nothing.")


def test_records_go_where_the_course_sends_them():
    keys = ["", "be", "naïve", "Z007", "\N{TAXI}" * 9, *(f"user{n}" for n in range(200))]
    answers = ask([("crc32", "partition", [key, n]) for key in keys for n in (1, 7)])
    expected = [partition(key, n) for key in keys for n in (1, 7)]
    assert [each["value"] for each in answers] == expected


@pytest.mark.parametrize("text", ["page", "repeated", "skewed"])
@pytest.mark.parametrize("combines", [False, True])
def test_the_shuffle_ends_with_the_words_counted(text: str, combines: bool):
    lines = ask([("records", "lines", [text])])[0]["value"]
    steps = ask([("records", "moment", [lines, combines, 3, 0])])[0]["value"]["steps"]
    walk = ask([("records", "moment", [lines, combines, 3, step]) for step in range(steps + 1)])
    found = [each["value"] for each in walk]
    reduce = reduce_counts if combines else None
    given = [[*map_words(line)] for line in lines]
    expected = [combine(records, reduce) if reduce else records for records in given]
    assert len(found[0]["records"]) == sum(map(len, expected))
    assert [each["moved"] for each in found] == [0, *range(steps - 1), steps - 2]
    totals = {key: number for share in found[-1]["results"] for key, number in share}
    assert totals == Counter(word for line in lines for word in line.split())
    for reducer, share in enumerate(found[-1]["results"]):
        assert {partition(key, 3) for key, _ in share} <= {reducer}


def test_speed_is_bounded_by_what_cannot_be_shared_out():
    shares = [0, 0.5, 0.9, 0.95, 1]
    calls = [("arithmetic", "speedup", [p, n]) for p in shares for n in (1, 2, 16, 1024)]
    answers = [each["value"] for each in ask(calls)]
    for (_, _, (p, n)), found in zip(calls, answers, strict=True):
        seconds = (1 - p) * 60 + p * 60 / n  # of a job that takes one worker a minute
        assert found == pytest.approx(60 / seconds, abs=1e-9)
    limits = [each["value"] for each in ask([("arithmetic", "limit", [p]) for p in shares])]
    assert limits == [1, 2, pytest.approx(10), pytest.approx(20), None]


def test_a_figure_without_scripts_says_where_to_find_the_same():
    assert "solutions/simulator.py" in visuals.html("page", "simulator")
    with pytest.raises(PageProblem, match="there is no figure `clock`"):
        visuals.html("page", "clock")
    assert {f"{name}.mjs" for name in visuals.VISUALS} <= {file.name for file in MODULES.iterdir()}


def test_each_figure_stands_in_a_page_and_in_the_guide_for_authors():
    pages = [file.read_text("utf-8") for file in (ROOT / "lectures").rglob("*.md")]
    guide = (ROOT / "lectures/guides/write.md").read_text("utf-8")
    for name in visuals.VISUALS:
        assert sum(text.count(f"{{{{ visual {name} }}}}\n") for text in pages) == 1
        assert f"`{name}`" in guide
    page = (ROOT / "lectures/09_mapreduce.md").read_text("utf-8")
    lines = ask([("records", "lines", ["page"])])[0]["value"]
    assert f"LINES = {json.dumps(lines)}" in page
