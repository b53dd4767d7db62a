# ---
# title: MapReduce
# minutes: 120
# prerequisites: [02_task_graphs]
# needs: {}
# ---

# %% [markdown]
# # MapReduce
#
# Counting words takes three lines of Python. On a text that is larger than memory the three lines die; on a
# hundred machines of which one fails every day, they die every day. MapReduce was Google's answer of 2004: you
# write **two pure functions**, and an engine takes care of files, processes, memory and failures.
#
# In this lab you write the two functions, and then you write the engine: in processes, on files, with
# bounded memory, and with a process that is killed in the middle. At the end it is quicker on a large text than
# PySpark's RDD on the same two cores. Nothing is graded by the clock: what counts is **records, bytes,
# and how often a task runs**.
#
# You need generators (`yield`), dicts and files, and the lecture *MapReduce*. Every task comes with a check
# cell, which you may run as often as you like, and with three hints. Where the text asks for a
# **prediction**, write it down before you run the next cell. (Tasks 7 and 8 fork processes, which Windows cannot:
# work in WSL there.)

# %% given
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from autograder import check
from infra import make

text = sorted(
    Path(make("text", "data/text", rows=4_000, partitions=4, format="txt")).glob("part-*")
)

# %% given
from solutions.shuffle import Map, Record, Reduce

# %% [markdown]
# ## 1. Map
#
# A **record** is a pair (key, value). The map function gets one line and gives records; it knows nothing about
# other lines. So the engine may call it for any line, in any process, at any time, also once more after a failure.
#
# On the slides that introduce the subject, `map` is written like this. **Predict:** what does the next cell print?


# %% given
def map_of_the_slides(line):
    for word in line.split():
        return (word, 1)
    return None


print(map_of_the_slides("to be or not to be"), map_of_the_slides("  \n"))

# %% [markdown]
# `return` ends a function, and so only the first word of each line is ever counted. It even looks right on a
# test with one word a line. Write it so that every word is counted.

# %% task
from solutions.words import map_words

# %% check map_words
check("map_words")

# %% [markdown] hints map_words
# 1. Concept: The function has to give many values, one after the other, and to go on after each of them.
# 2. API: A function with `yield` in it is a generator: each `yield` hands out one value, and the function
#    continues from there when the next is wanted. `str.split()` without arguments splits at any whitespace.
# 3. Skeleton: the loop of the slide, with another word in place of `return`.

# %% [markdown]
# ## 2. Reduce
#
# The reduce function gets a key and *all* values of that key. **Predict:** a colleague returns the number of values,
# `len(list(counts))`. On `[1, 1, 1]` that is right. When is it wrong?

# %% task
from solutions.words import reduce_counts

# %% check reduce_counts
check("reduce_counts")

# %% [markdown] hints reduce_counts
# 1. Concept: The values need not be ones. Whoever has added up a part before you hands on a partial sum.
# 2. API: `sum` goes through an iterator once, and needs no length. The function gives a *pair*, as a generator.
# 3. Skeleton: one line: `yield word, …`

# %% [markdown]
# ## 3. Bring equal keys together
#
# Between map and reduce stands the work: the values of a key come from everywhere, and have to meet. In memory a
# dict of lists does it. Write it for *any* reduce function; it will serve twice: as the reducer's last step, and as the
# **combiner**, which adds up what one map task has before anything is sent.

# %% task
from solutions.shuffle import combine

# %% check combine
check("combine")

# %% [markdown] hints combine
# 1. Concept: First collect every key's values, then reduce each key once. Equal keys need not stand side by side.
# 2. API: `collections.defaultdict(list)`; `sorted(dict)` lists its keys in order; `reduce(key, iter(values))` gives an
#    iterable of pairs, perhaps none, perhaps several.
# 3. Skeleton: `held = defaultdict(list)`; a loop that appends; then, for each key in order, for each record that
#    `reduce` gives: into the result.

# %% [markdown]
# **Predict:** the 4,000 lines hold about 35,000 words, 450 different ones. How many records does a combiner leave of
# each of the four files, and how many of all four together?

# %% given
for path in text:
    words = [record for line in path.open() for record in map_words(line)]
    print(path.name, len(words), "->", len(combine(words, reduce_counts)))

# %% [markdown]
# ### To write: when is a combiner wrong?
#
# Somebody wants the *mean* fare of each zone and uses the reducer that computes means as the combiner too. Answer in
# three to five sentences: why is the result wrong, although no record is lost? What should the map and the
# combine function hand on instead? And what must hold for a function so that it may be used as a combiner?

# %% answer combiner points=3
# A mean of means weighs each map task's mean alike, whether it stands for one trip or for a thousand. So the
# result depends on how the input was split. The map function should give (sum, count) pairs: (fare, 1); the
# combiner adds sums and counts and gives a pair of the same kind, and only the reducer divides. A function may be
# a combiner if it can be applied to any part of the values, any number of times (also never), in any order,
# without changing what the reducer finds: what it gives must be of the kind that it takes, and the operation
# must be associative and commutative.

# %% [markdown]
# ## 4. Which reducer?
#
# With several reducers, each key belongs to one of them. Map tasks run in different processes, on different
# machines, perhaps a day apart, and they must agree without talking. **Predict:** will the next cell print the same
# number three times?

# %% given
import subprocess

for _ in range(3):
    subprocess.run(
        [sys.executable, "-c", "print(hash('taxi') % 4)"], env={"PATH": os.environ["PATH"]}
    )
    print(flush=True, end="")

# %% [markdown]
# Python salts the hash of a text, anew in each process, on purpose. Find a function of the text itself.

# %% task
from solutions.shuffle import partition

# %% check partition
check("partition")

# %% [markdown] hints partition
# 1. Concept: Turn the text into bytes, these into a large number that depends on every byte, and that into one of
#    the reducers' numbers. The last step is a remainder.
# 2. API: `key.encode()`; `zlib.crc32(bytes)` gives a number of 32 bits, `hashlib.md5(bytes).digest()` 16 bytes (and
#    `int.from_bytes` makes a number of these).
# 3. Skeleton: `return …(key.encode()) % reducers`

# %% [markdown]
# With these four functions a whole MapReduce fits into a dozen lines: sequential, small and correct. From here on
# we only change *where* things are: not what comes out.

# %% given
from dataclasses import dataclass

from solutions.mapreduce import Job


# %% given
def run_in_memory(job, lines, reducers):
    """The output of each reducer, as a list of records."""
    shares = [[] for _ in range(reducers)]
    for line in lines:
        for record in job.map(line):
            shares[partition(record[0], reducers)].append(record)
    return [combine(share, job.reduce) for share in shares]


count = Job(map_words, reduce_counts)
[output[:3] for output in run_in_memory(count, ["to be or not to be", "be that as it may"], 2)]

# %% [markdown]
# ## 5. Join two tables
#
# MapReduce has no tables, only records. To join two, the map function marks each row with the side that it comes
# from, under the key that both share; the shuffle brings the rows of a key together; the reducer makes the pairs.
# **Predict:** zone Z007 occurs twice on the left and three times on the right. How many pairs?

# %% task
from solutions.sides import join

# %% check join
check("join")

# %% [markdown] hints join
# 1. Concept: A right row may come before the left rows that it belongs to. Before you have seen all rows of the key
#    you cannot make all pairs.
# 2. API: Two lists, one a side, filled in one loop over `rows`; then two loops, one in the other. (`itertools.product`
#    does the same.)
# 3. Skeleton: `sides = {"left": [], "right": []}`; `for side, row in rows: …`; then for every left and right row:
#    `yield key, (left, right)`.


# %% given
def map_sides(line):
    """Mark a row with its side: a line is "side key row"."""
    side, key, row = line.split()
    yield key, (side, row)


run_in_memory(
    Job(map_sides, join),
    [
        "left Z007 Harbour",
        "right Z007 350",
        "right Z003 420",
        "right Z007 900",
        "left Z001 Airport",
    ],
    2,
)

# %% [markdown]
# ## 6. More records than memory
#
# `run_in_memory` holds everything. The way out is older than computers with memory worth the name: sort as much as
# you can hold, write it away as a sorted **run**, go on; at the end **merge** the runs, for which one needs to look at
# the first record of each only. Files and merging are given. A run is read and written in blocks of 100 records.

# %% given
from solutions.runs import merge, read_run, write_run, write_shares

# %% given
folder = Path("data/runs")
folder.mkdir(exist_ok=True)
runs = [
    write_run(folder / "one", [("and", 1), ("taxi", 4)]),
    write_run(folder / "two", [("and", 2), ("be", 1), ("zone", 7)]),
]
list(merge(runs))

# %% [markdown]
# **Predict:** which of these three expressions holds all 10,000 records at once: `sorted(records)`, `records[:300]`,
# `islice(records, 300)`, if `records` is an iterator? Which of them works at all?

# %% task
from solutions.runs import external_sort

# %% check external_sort
check("external_sort")

# %% [markdown] hints external_sort
# 1. Concept: Take `memory` records from the iterator, sort them, write a run; repeat until none is left. How do you
#    notice that none is left without losing the record that you have looked at?
# 2. API: `iter(records)` once at the start; `list(islice(rest, memory))` is the next buffer, and empty at the end.
#    `sorted(…, key=…)` or your `combine(buffer, reduce)`; `write_run(folder / name, ordered)` returns the path; `merge(runs)`
#    is an iterator already.
# 3. Skeleton: `rest, runs = iter(records), []`; `while buffer := …:` sort or combine it, append the written run, each
#    under a name of its own; `return merge(runs)`.

# %% [markdown]
# ## 7. Processes that die
#
# Now the tasks go into processes, and processes die: somebody kills them, memory runs out, a disk is full. A process that
# ends well has the **exit code** 0. One that was killed by signal 9 has -9.
#
# `multiprocessing` can start processes in several ways. With `fork` the child begins as a copy of this process, and so
# it knows every function of this notebook.

# %% given
import multiprocessing
from multiprocessing.connection import wait

fork = multiprocessing.get_context("fork")


def take_your_own_life():
    os.kill(os.getpid(), signal.SIGKILL)


processes = [fork.Process(target=task) for task in (os.getpid, take_your_own_life)]
for process in processes:
    process.start()
while processes:
    for sentinel in wait([process.sentinel for process in processes]):
        ended = next(process for process in processes if process.sentinel == sentinel)
        ended.join()
        print(ended.name, "ended with", ended.exitcode)
        processes.remove(ended)

# %% [markdown]
# `wait` sleeps until one of the processes has ended. That is all you need for a scheduler that reruns what was
# killed, and nothing else.

# %% task
from solutions.attempts import run_tasks

# %% check run_tasks
check("run_tasks")

# %% [markdown] hints run_tasks
# 1. Concept: Tasks are waiting, running, or done. As long as fewer than `workers` are running, start one that waits.
#    When one ends, its exit code says whether it is done or waits again.
# 2. API: `fork.Process(target=task)`, `start`, `sentinel`, `join`, `exitcode`, `kill`; `wait(sentinels)`. A dict from sentinel
#    to (process, name) knows who is running. `try … finally` ends those that still run when you raise.
# 3. Skeleton: `while waiting or running:` start while there is room; for each sentinel that `wait(list(running))` returns:
#    take it out of `running`, join, count the attempt; exit code not 0: too many attempts → RuntimeError, else back to
#    `waiting`.

# %% [markdown]
# ## 8. Make it scale
#
# You have all the pieces. `run_in_memory` is correct, and it holds everything in one process. The input now comes as
# **splits**: ranges of bytes of files, of which `lines` gives those lines that begin in it.

# %% given
from solutions.shuffle import reduced
from solutions.splits import Split, lines, splits

# %% given
shares = splits(text, 40_000)
print(len(shares), "splits;", sum(1 for share in shares for line in lines(share)), "lines")

# %% [markdown]
# Run the same job in processes. A map task leaves one sorted file for each reducer, a reduce task merges its files of
# all map tasks. `write_shares(paths, records)` sends each record to the file of its reducer, in order;
# `reduced(records, reduce)` reduces sorted records one key at a time.
#
# It is graded by counts and bytes: records that reach a reducer (with a combiner: at most one a key and map task), bytes held
# by any process, how often each line is mapped, and whether the counts are right after a process was killed.

# %% task
from solutions.mapreduce import run_job

# %% check run_job
check("run_job")

# %% [markdown] hints run_job
# 1. Concept: A task is a function without arguments that leaves files. First all map tasks, then all reduce tasks. A task that
#    runs again must write its files anew, not add to what a dead attempt has left.
# 2. API: `functools.partial` or a function in a function makes a task; `run_tasks({name: task, …}, workers)`;
#    `chain.from_iterable(map(job.map, lines(split)))` is the stream of a split's records; `external_sort`, `reduced`,
#    `write_shares`, `merge`, `write_run`. Runs that are combined one by one are not yet combined with each other.
# 3. Skeleton: map task: an empty folder of its own; stream → `external_sort(…, job.combine)` → if there is a combiner,
#    `reduced(…, job.combine)` → `write_shares([folder / "part-00000", …], …)`. Reduce task r: `merge` the r-th file of every
#    map task → `reduced(…, job.reduce)` → `write_run`.

# %% [markdown]
# Kill a mapper, on purpose. **Predict:** there are as many map tasks as splits. How many processes run map tasks now, and
# what does the killing do to the counts?

# %% given
Path("data/killed").unlink(missing_ok=True)


victim = text[1].open().readlines()[300]


def map_and_die_once(line):
    if line == victim and not Path("data/killed").exists():
        Path("data/killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return map_words(line)


outputs = run_job(Job(map_and_die_once, reduce_counts, reduce_counts), shares, Path("data/job"))
found = dict(record for path in outputs for record in read_run(path))
expected = Counter(word for path in text for word in path.read_text().split())
print("the counts are right:", found == expected)

# %% [markdown]
# ### To write: what survives
#
# (a) A map process is killed after it has written half of its files: why are no words counted twice? (b) A *reduce* process
# is killed: which map tasks have to run again, and why? What would change if map tasks kept their results in their
# process's memory, as Dask's workers do? (c) A word occurs in one half of all lines. Which step gets slow without a
# combiner, and do more reducers help?

# %% answer what_survives points=4
# (a) The rerun has the same folder and writes the same files anew; reducers start only when each map task has an
# attempt that ended well. (b) None: their output lies on disk, whoever wrote it. If it were in the memory of processes,
# the results of a lost process would be lost too, and those map tasks whose results are still needed would have to run
# again. Writing to disk costs time in every run and saves it after a failure. (c) All records of the word go to one
# reducer, and that reduce task has half of all work. More reducers do not help, as a key belongs to one of
# them: this is skew. A combiner helps, because each map task then sends one record for the word.

# %% [markdown]
# ## What breaks next
#
# You have an engine that survives. Look at what it does between two jobs: it writes everything to disk, and reads it
# again. For one pass over the data that is fine. A job of twenty iterations does it twenty times. What if the
# engine kept the data in memory and remembered *how they were made* instead? That is unit 10, *Spark*.
