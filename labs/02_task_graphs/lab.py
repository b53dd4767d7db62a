# ---
# title: Task graphs
# minutes: 90
# prerequisites: [01_data_at_scale]
# needs: {}
# ---

# %% [markdown]
# # Task graphs
#
# The morning report is a script of five lines: load, clean, count, map, plot. Last night it took an
# hour, and one of four processors was busy. Counting and mapping could have run side by side, and the
# script says nothing about that: a list of lines knows one order and no reasons.
#
# A **task graph** keeps the reasons. In this lab you write six functions that every engine of this
# course has inside it: an order to run in, the cycle that makes an order impossible, what a result
# depends on, two optimisations (drop what nobody asked for; merge small tasks), and the path that no
# number of workers can make shorter.
#
# You need dicts, lists, sets and loops; the lecture *Task graphs* has the ideas. Every task comes with
# a check cell, which you may run as often as you like, and with three hints. Where the text asks for a
# **prediction**, write it down before you run the next cell: being wrong on paper is the cheapest way to
# learn something.

# %% given
from autograder import check

# %% [markdown]
# ## A graph is a dict
#
# Each task is a key; its value lists its **dependencies**, the tasks whose results it needs. Every
# dependency is a key too, and nobody lists a task twice.

# %% given
MORNING = {
    "plot": ["count", "map"],
    "count": ["clean"],
    "map": ["clean"],
    "clean": ["load"],
    "load": [],
}

# %% [markdown]
# ### A worked example: turn the edges around
#
# The dict answers at once what a task needs. To find out who needs *it*, we go through all of the edges
# once, and book each on its other end.
#
# **Predict:** in `dependents(MORNING)`, whose list is the longest, and whose is empty?

# %% given
from solutions.graph import dependents

# %% given
dependents(MORNING)

# %% [markdown]
# ## 1. An order to run in
#
# A task is **ready** when all of its dependencies have run. So: keep, for each task, the number of
# dependencies that it still waits for; run a ready task; take one off each task that needed it; whoever
# reaches 0 is ready too. By hand, for `MORNING`:
#
# | ready | run | still missing afterwards |
# |---|---|---|
# | load | load | clean 0, count 1, map 1, plot 2 |
# | clean | clean | count 0, map 0, plot 2 |
# | count, map | map | count 0, plot 1 |
# | count | count | plot 0 |
# | plot | plot | |
#
# In the third line we took `map`, and could have taken `count`. That was a free choice.
#
# **Predict:** suppose that there is one more task, `weather`, which needs nothing and which nothing needs.
# How many orders are there for these six tasks? The next cell tries all 720 sequences.

# %% given
from itertools import permutations

six = MORNING | {"weather": []}
valid = [
    order
    for order in permutations(six)
    if all(order.index(d) < order.index(t) for t, needs in six.items() for d in needs)
]
len(valid), valid[:3]

# %% [markdown]
# Now write it down for any graph. It is half done: the table above is the method, and `dependents` gives
# you the edges in the other direction. What is left is to notice when no order exists.

# %% task
from solutions.graph import toposort

# %% check toposort
check("toposort")

# %% [markdown] hints toposort
# 1. Concept: In a cycle nobody is ever ready. When the ready tasks run out, either all tasks have run or the
#    rest wait for each other.
# 2. API: A list with `append` and `pop` holds the ready tasks. `dependents(graph)[task]` are those to tell
#    when `task` has run; it raises KeyError for an unknown dependency.
# 3. Skeleton: `missing = {task: len(needs) for …}`; `ready = [task for … if missing[task] == 0]`; then
#    `while ready:` take one, append it to the order, count down its dependents, add those that reach 0.
#    After the loop compare `len(order)` with `len(graph)`.

# %% [markdown]
# ### To write: one right order?
#
# A colleague's function prints `load, clean, count, map, plot` for `MORNING`; yours prints another order.
# "There is only one topological order", says the colleague, "so one of us has a bug." Answer in three or
# four sentences: what is wrong with that, how would you check *any* proposed order without knowing another
# one, and what must a graph look like so that it does have exactly one order?

# %% answer one_order points=2
# There can be many orders: `count` and `map` both need only `clean`, so either may come first. An order
# is right if every task is in it once and comes after all of its dependencies; that can be checked edge by
# edge, without comparing with another order. There is exactly one order if and only if there is never a
# choice, that is, if at each step one task is ready: each task in the order depends directly on the
# one before it.

# %% [markdown]
# ## 2. Who waits for whom?
#
# `toposort` says that there is a cycle; to mend it you want its tasks by name.
#
# **Predict:** which of these three graphs have a cycle? The cell asks Python's own `graphlib`.

# %% given
from graphlib import CycleError, TopologicalSorter

suspects = {
    "one": {"cake": ["yolk", "white"], "yolk": ["egg"], "white": ["egg"], "egg": []},
    "two": {"mail": ["plot"], "plot": ["fit"], "fit": ["tune"], "tune": ["fit"]},
    "three": {"load": [], "total": ["load", "total"]},
}


def has_cycle(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return True
    return False


{name: has_cycle(graph) for name, graph in suspects.items()}

# %% [markdown]
# In graph *one*, a walk along the dependencies of `cake` meets `egg` twice. In graph *two*, a walk from
# `mail` meets `fit` twice. Only one of these is a cycle. What must your walk remember to tell them apart?

# %% task
from solutions.graph import find_cycle

# %% check find_cycle
check("find_cycle")

# %% [markdown] hints find_cycle
# 1. Concept: A task is new, on the way that you are walking at this moment, or finished. Meeting one that
#    is on your way closes a cycle. Meeting a finished one means nothing.
# 2. API: A dict keeps its order, so one dict can be the way and answer `in` at once; give each task on it an
#    iterator over its dependencies (`iter(graph[task])`, `next(rest, None)`). `popitem()` steps back.
# 3. Skeleton: for each task that is not finished: start a way with it. While there is a way: take the next
#    dependency of its last task. None left: that task is finished, step back. On the way: return the way
#    from there on. New: go there.

# %% [markdown]
# ## 3. What does it depend on?
#
# The map looks wrong. Which tasks can be to blame? All those that ran before it *because it needs them*,
# directly or not: its **ancestors**.
#
# **Predict:** how many ancestors has `plot` in `MORNING`? And if we stack 40 layers of two tasks, each of
# which needs both tasks of the layer below: how many ancestors has a task at the top, and how many
# different ways lead down from it?

# %% task
from solutions.graph import ancestors

# %% check ancestors
check("ancestors")

# %% [markdown] hints ancestors
# 1. Concept: Keep a set of what you have found and a list of what you have yet to look at. Each task gets
#    into the list once, so it does not matter how many ways lead to it.
# 2. API: `set.add`, `list.append`, `list.pop`. `graph[key]` raises KeyError by itself if `key` is unknown.
# 3. Skeleton: `found = set()`, `frontier = [key]`; while there is a frontier, pop a task; for each of its
#    dependencies that is not found yet: …

# %% [markdown]
# ## 4. Graphs that can run: only what was asked for
#
# Until now tasks had names and no content. Dask calls a graph *with* content a `dsk`. Ours is plain data,
# so that it can be printed, stored and sent. A dsk maps keys to **expressions**, and an expression is
#
# - a **task**, `(operation, *arguments)`: a tuple; its arguments are expressions again;
# - or a **reference**: a string that is a key of the dsk;
# - or a **literal**: anything else, also a string that is no key.

# %% given
from solutions.dsk import OPERATIONS, references, run, structure

# %% given
TOLL = {
    "cars": 40,
    "lorries": 8,
    "small": ("double", "cars"),
    "large": ("mul", "lorries", 9),
    "today": ("add", "small", "large"),
    "forecast": ("total", "today", "today", ("inc", "large")),
    "inc": 7,
}

# %% [markdown]
# **Predict:** what does `references` return for `TOLL["forecast"]`? Is `inc` in it, and how often is
# `today`? And which of the seven results does somebody need who only wants `today`?

# %% given
references(TOLL["forecast"], TOLL), run(TOLL)

# %% [markdown]
# `run` computes all seven. To **cull** a graph is to drop, before it runs, whatever the requested keys do not
# need. It is the first thing that Dask does with yours.

# %% task
from solutions.dsk import cull

# %% check cull
check("cull")

# %% [markdown] hints cull
# 1. Concept: It is `ancestors` again, from several keys at once, and this time the keys themselves belong to
#    the result. Build what you keep; never delete from what you were given.
# 2. API: `references(expression, dsk)` finds references, nested ones too, and knows an operation's name from
#    a key's.
# 3. Skeleton: `kept = {}`, `frontier = list(keys)`; while there is a frontier, pop a key; if it is not kept
#    yet: keep its expression, and add to the frontier all that …

# %% [markdown]
# ## 5. Fewer, larger tasks
#
# Each task costs the scheduler something, however small its work (the lecture measures how much). A linear
# chain gains nothing from being many tasks: nobody else can start before it ends. So its steps are merged into one:
#
# ```
# {"x": 1, "y": ("inc", "x"), "z": ("double", "y")}   ->   {"z": ("double", ("inc", 1))}
# ```
#
# Merging too much is worse than merging nothing. **Predict** for each of these what may be merged into
# what, if somebody asks for `z` (and in the last one for `y` too). Decide by two questions: does any operation
# run more often than before? Must work that could run side by side now run in one task?
#
# | case | dsk |
# |---|---|
# | A | `{"x": 1, "y": ("inc", "x"), "z": ("mul", "y", "y")}` |
# | B | `{"x": 1, "y": ("inc", "x"), "w": ("double", "y"), "z": ("add", "w", "y")}` |
# | C | `{"x": ("inc", 1), "y": ("inc", 2), "z": ("add", "x", "y")}` |
# | D | `{"x": 1, "y": ("inc", "x"), "z": ("double", "y")}`, asked for: `y` and `z` |

# %% task
from solutions.dsk import fuse

# %% check fuse
check("fuse")

# %% [markdown] hints fuse
# 1. Concept: Count, over the whole dsk, how often each key is referred to. A key goes into the expression that
#    refers to it if that count is 1, the expression refers to nothing else, and nobody asked for the key.
# 2. API: `collections.Counter`, `references`, `structure`, and your `toposort`. In its order a key's own
#    chain is merged before the key is looked at, so each key is handled once. For putting an
#    expression in a reference's place, write a small recursive function of your own.
# 3. Skeleton: `fused = {}`; for each key in order: `expression = dsk[key]`; if it has a single reference
#    that may go: replace that reference in `expression` by `fused.pop(…)`; then `fused[key] = expression`.

# %% [markdown]
# Back to your predictions. What does your function say, and which of the two questions decided each case?

# %% given
cases = {
    "A": {"x": 1, "y": ("inc", "x"), "z": ("mul", "y", "y")},
    "B": {"x": 1, "y": ("inc", "x"), "w": ("double", "y"), "z": ("add", "w", "y")},
    "C": {"x": ("inc", 1), "y": ("inc", 2), "z": ("add", "x", "y")},
    "D": {"x": 1, "y": ("inc", "x"), "z": ("double", "y")},
}
for name, dsk in cases.items():
    print(name, fuse(dsk, ["y", "z"] if name == "D" else ["z"]))

# %% [markdown]
# ## 6. The path that no worker can shorten
#
# With enough workers everything runs side by side, except what has to wait. The **critical path** is the
# chain of dependencies with the largest sum of durations, and its length is the least time that the
# graph can take on any number of workers.
#
# Here is a function that finds it. It is correct: it tries every chain.


# %% given
def try_every_chain(graph, cost):
    """The critical path, and how many calls it took to find it."""
    calls = 0

    def duration(chain):
        return sum(cost[task] for task in chain)

    def longest_until(task):
        nonlocal calls
        calls += 1
        before = max((longest_until(d) for d in graph[task]), key=duration, default=[])
        return [*before, task]

    path = max((longest_until(task) for task in graph), key=duration, default=[])
    return path, calls


def ladder(layers):
    """Two tasks a layer, each of which needs both tasks of the layer before."""
    graph = {"left 0": [], "right 0": []}
    for i in range(1, layers):
        graph |= {f"{side} {i}": [f"left {i - 1}", f"right {i - 1}"] for side in ("left", "right")}
    return graph


minutes = {"load": 10, "clean": 5, "count": 3, "map": 20, "plot": 2, "weather": 6}
try_every_chain(six, minutes)

# %% [markdown]
# **Predict:** how many calls does it take for ladders of 4, 8 and 12 layers (8, 16 and 24 tasks)? And if it
# makes a million calls a second, how long will a ladder of 40 layers take?

# %% given
for layers in (4, 8, 12):
    graph = ladder(layers)
    path, calls = try_every_chain(graph, dict.fromkeys(graph, 1))
    print(f"{layers:2} layers, {len(graph)} tasks: {calls:6} calls")

# %% [markdown]
# Four layers more, sixteen times the calls. Your version must do the same job with a constant number of
# look-ups per task and per edge. The check counts every time your function looks a task's name up in a dict
# or a set (at most 40 times for each task and edge; a good solution needs about ten), and stops it when it
# has had enough; a hidden test also weighs the bytes that it holds.

# %% task
from solutions.graph import critical_path

# %% check critical_path
check("critical_path")

# %% [markdown] hints critical_path
# 1. Concept: To know when a task can finish, it is enough to know when each of its dependencies can. The longest
#    chain that ends in a task is that task after the longest chain that ends in one of its dependencies.
# 2. API: `toposort` gives an order in which all dependencies are known before they are needed.
#    `max(…, key=…, default=None)` chooses the dependency that finishes last.
# 3. Skeleton: two dicts, filled in one pass: `finish[task]`, and `slowest[task]`, the dependency that it waited
#    for longest (or None). Then start at the task with the largest finish, go back through `slowest`, and reverse.

# %% [markdown]
# ### To write: what to pay for
#
# Take `six` and `minutes` from above. (a) How long does the report take on one worker, and how long at least
# on any number of workers? (b) How many workers are worth paying for? (c) You may make one task twice as
# fast. Which one, and how long does the report take then? Would you choose `weather` for that?

# %% answer what_to_pay points=2
# (a) On one worker the sum, 46 minutes. On any number at least the critical path load, clean, map, plot:
# 10 + 5 + 20 + 2 = 37 minutes. (b) Two: with a second worker for `count` and `weather` it takes 37 minutes, and
# no further worker can make it shorter. (c) `map`: at 10 minutes the path is 27 minutes long and still the
# critical one (through `count` it is 20). `weather` is not on the critical path: making it faster
# changes nothing for two workers.

# %% [markdown]
# ## What breaks next
#
# You know what may run, what must wait, and how long it takes at least. You have not said which worker runs
# what, and when. With two workers and three ready tasks somebody has to choose, and a bad choice can almost
# double the time. That is unit 03, *Scheduling*.
