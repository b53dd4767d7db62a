"""Hadoop's own MapReduce, without installing Hadoop: its classes lie among pyspark's jars.

A job runs in one JVM, on Hadoop's LocalJobRunner: its input formats, sort, spill, shuffle and
counters are the real ones; there is no HDFS and no YARN. `hadoop.scala` sets the job up. It is
compiled once, by the Scala compiler that pyspark brings too, into the user's cache.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from os import PathLike
from pathlib import Path

import platformdirs

from infra.java import java_home

SOURCE = Path(__file__).with_name("hadoop.scala")
BRIEF = 64 * 2**20  # bytes of input
COUNTERS = {
    "map_inputs": "MAP_INPUT_RECORDS",
    "map_outputs": "MAP_OUTPUT_RECORDS",
    "combine_inputs": "COMBINE_INPUT_RECORDS",
    "combine_outputs": "COMBINE_OUTPUT_RECORDS",
    "spilled": "SPILLED_RECORDS",
    "shuffled_maps": "SHUFFLED_MAPS",
    "shuffled_bytes": "REDUCE_SHUFFLE_BYTES",
    "reduce_groups": "REDUCE_INPUT_GROUPS",
    "reduce_inputs": "REDUCE_INPUT_RECORDS",
    "reduce_outputs": "REDUCE_OUTPUT_RECORDS",
}


@dataclass(frozen=True)
class HadoopFacts:
    """Hadoop's counters of a finished job.

    map_inputs, map_outputs: lines read, and records that the map functions gave.
    combine_inputs, combine_outputs: records into and out of the combiner (0 without one).
    spilled: records written to disk, by maps and reduces together, merges included.
    shuffled_maps: map outputs that reducers fetched, maps times reducers.
    shuffled_bytes: bytes of these.
    reduce_groups, reduce_inputs, reduce_outputs: distinct keys, records in, records out.
    """

    map_inputs: int
    map_outputs: int
    combine_inputs: int
    combine_outputs: int
    spilled: int
    shuffled_maps: int
    shuffled_bytes: int
    reduce_groups: int
    reduce_inputs: int
    reduce_outputs: int


@dataclass(frozen=True)
class Streaming:
    """A streaming job: two programs, each a list of words, that read and write lines.

    The mapper reads the lines of its split and writes records, "key<tab>value". The reducer reads
    records, sorted by key, all of a key in one process, and writes records.
    """

    mapper: Sequence[str]
    reducer: Sequence[str]


def hadoop(
    input: str | PathLike[str],
    output: str | PathLike[str],
    streaming: Streaming | None = None,
    *,
    reducers: int = 1,
    cores: int = 2,
    combine: bool = True,
    split: int = 32 * 2**20,
) -> HadoopFacts:
    """Run a job on Hadoop, and give its counters when it has finished.

    input: a text file, or a folder of text files. output: a folder that is not there yet; it gets a
        file `part-r-00000`… a reducer, of lines "key<tab>value", sorted by key.
    streaming: the job's programs. Without them it is word count, by Hadoop's TokenCounterMapper and
        IntSumReducer.
    combine: use the reducer as the combiner too. split: bytes a map task, at most.
    cores: how many map or reduce tasks run at a time.

    Raises FileExistsError if the output is there, FileNotFoundError if the input is not, ValueError
    if a program's word has a newline, and RuntimeError if there is no Java or no pyspark, or if the
    job fails (with the end of its log).
    """
    source, target = Path(input).resolve(), Path(output).resolve()
    if not source.exists():
        raise FileNotFoundError(f"{source}: there is no such input. Give a file or a folder.")
    if target.exists():
        raise FileExistsError(f"{target}: it is there. Hadoop wants a new folder for its output.")
    programs = [_lines(streaming.mapper), _lines(streaming.reducer)] if streaming else []
    with tempfile.TemporaryDirectory(prefix="outgrow-hadoop-") as folder:
        options = [reducers, cores, split, folder, str(combine).lower()]
        arguments = [str(source), str(target), *map(str, options), *programs]
        said = _run(_java(brief=_size(source) < BRIEF), arguments)
    found = dict(line.split("\t")[1:] for line in said.splitlines() if line.startswith("counter\t"))
    return HadoopFacts(**{name: int(found.get(theirs, 0)) for name, theirs in COUNTERS.items()})


def _lines(program: Sequence[str]) -> str:
    if any("\n" in word for word in program):
        raise ValueError("A word of the program has a newline. Put the script into a file.")
    return "\n".join(program)


def results(output: str | PathLike[str]) -> Mapping[str, str]:
    """The records that a job wrote: each key with its value, both as text."""
    parts = sorted(Path(output).glob("part-r-*"))
    lines = (line for part in parts for line in part.read_text("utf-8").split("\n") if line)
    return dict(line.split("\t", 1) for line in lines)


def _size(source: Path) -> int:
    files = source.iterdir() if source.is_dir() else [source]
    return sum(file.stat().st_size for file in files)


def _run(java: list[str], arguments: list[str]) -> str:
    """Run the compiled program in a JVM; what it wrote to its standard output."""
    classes = os.pathsep.join([str(compiled()), str(_jars() / "*")])
    command = [*java, "-cp", classes, "HadoopJob", *arguments]
    job = subprocess.run(command, capture_output=True, text=True, check=False)
    if job.returncode:
        end = "\n".join(job.stderr.strip().splitlines()[-30:])
        raise RuntimeError(f"The Hadoop job failed. Mend what its log says at the end:\n{end}")
    return job.stdout


def _java(brief: bool) -> list[str]:
    """The command that starts a JVM; a brief one ends before compiling thoroughly would pay."""
    lean = ["-XX:TieredStopAtLevel=1"] if brief else []
    return [str(java_home() / "bin" / "java"), "-XX:+UseSerialGC", "-Xmx1g", *lean]


def _jars() -> Path:
    spec = importlib.util.find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise RuntimeError("Hadoop's jars come with pyspark, which is missing: pip install pyspark")
    return Path(spec.origin).with_name("jars")


def compiled() -> Path:
    """The folder of the compiled `hadoop.scala`; compiled now if this version never was."""
    text = SOURCE.read_bytes()
    name = f"hadoop-{version('pyspark')}-{hashlib.sha256(text).hexdigest()[:12]}"
    target = platformdirs.user_cache_path("outgrow") / name
    if not target.is_dir():
        _compile(target)
    return target


def _compile(target: Path) -> None:
    """Compile into a folder beside, and rename it: whoever looks finds all classes or none."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = tempfile.mkdtemp(dir=target.parent)
    except OSError as error:
        raise RuntimeError(
            f"{target}: cannot compile the Hadoop job there ({error}). "
            "Let XDG_CACHE_HOME name a folder that you may write to."
        ) from error
    scala = ["-cp", str(_jars() / "*"), "scala.tools.nsc.Main", "-usejavacp", "-nowarn"]
    command = [*_java(brief=True), *scala, "-d", beside, str(SOURCE)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        shutil.rmtree(beside)
        raise RuntimeError(f"{SOURCE}: the Scala compiler that pyspark brings refuses it: "
                           f"{(run.stdout + run.stderr)[-2000:]}")  # fmt: skip
    try:
        Path(beside).rename(target)
    except OSError:  # somebody else was quicker
        shutil.rmtree(beside)
