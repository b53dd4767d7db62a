# ---
# title: Scheduling
# minutes: 120
# prerequisites: [02_task_graphs]
# needs: {}
# ---

# %% [markdown]
# # Scheduling
#
# Forty workers are rented for the night, and in the morning the job is not done. The task stream shows
# why: thirty-nine workers are idle, because one has all the data. At two o'clock that one is lost, and
# somebody restarts everything from the beginning. Nothing here was wrong with the graph. What was wrong
# were the decisions that somebody, or something, took about it.
#
# In this lab you take those decisions. First you write a scheduler on which real Dask collections run.
# Then you decide, one after the other: who runs what and when, where the data should be, what a task
# needs besides a worker, what an idle worker should do, and what has to run again when a worker is gone.
# In the end you make a decision that is right, and slow, cheap enough for hundreds of workers.
#
# You need unit 02 (`dependents`, `toposort`, the critical path), dicts, lists and `heapq`. Every
# task comes with a check cell, which you may run as often as you like, and with three hints. Where the
# text asks for a **prediction**, write it down before you run the next cell. Nothing is graded by the
# clock: tests count tasks, results held, bytes, and idle workers.

# %% given
import dask.array as da
import dask.bag as db
import dask.local
from dask.delayed import delayed

from autograder import check

# %% [markdown]
# ## 1. A scheduler for Dask
#
# Every Dask collection takes a scheduler: `x.compute(scheduler=get)`. Dask builds the graph, optimises it,
# and calls `get(dsk, keys)`; everything after that is up to you. Let us look at what comes in.


# %% given
def spy(dsk, keys, **_options):
    graph = dict(dsk.__dask_graph__())
    for key, task in graph.items():
        print(key, "needs", set(task.dependencies))
    print("wanted:", keys)
    return dask.local.get_sync(graph, keys)


da.ones(4, chunks=2).sum().compute(scheduler=spy)

# %% [markdown]
# Two functions do the parts that are Dask's business rather than scheduling. `tasks_of` gives the graph as a
# dict of task objects. `depth_first` is `ancestors` of unit 02 with an order: it lists what some keys need,
# each task right after what it needs itself.

# %% given
from solutions.scheduler import depth_first, tasks_of

# %% [markdown]
# ### A worked example: two orders, two memories
#
# Four numbers are added up two by two. **Predict:** how many results must be held at once if the tasks run
# layer by layer (all leaves first)? And in the order of `depth_first`?

# %% given
ADD_UP = {
    "sum": ["left", "right"],
    "left": ["a", "b"],
    "right": ["c", "d"],
    "a": [],
    "b": [],
    "c": [],
    "d": [],
}


def most_held(order):
    """The most results held at once, if each is dropped when the last that needs it has run."""
    held, most = set(), 0
    for step, task in enumerate(order):
        held.add(task)
        most = max(most, len(held))
        still_needed = {needed for later in order[step + 1 :] for needed in ADD_UP[later]}
        held &= still_needed | {"sum"}
    return most


layer_by_layer = ["a", "b", "c", "d", "left", "right", "sum"]
most_held(layer_by_layer), most_held(depth_first(ADD_UP, ["sum"]))

# %% [markdown]
# With four numbers that is one result less; with four thousand it is the difference between twelve results and
# four thousand. Now write `get`. Half of it is there: the order is `depth_first`'s. Yours is to run each task
# with just the results that it needs, to count who still needs a result, and to drop it in time. By hand, for
# `ADD_UP`:
#
# | runs | results held while it runs | dropped afterwards |
# |---|---|---|
# | a | a | |
# | b | a, b | |
# | left | a, b, left | a, b |
# | c | left, c | |
# | d | left, c, d | |
# | right | left, c, d, right | c, d |
# | sum | left, right, sum | left, right |

# %% task
from solutions.scheduler import get

# %% check get
check("get")

# %% [markdown] hints get
# 1. Concept: For each result, keep the number of tasks that still have to read it. When a task has run, take one off
#    each of its inputs. At 0 the result can go, unless it was asked for.
# 2. API: `tasks[key].dependencies` is a set; `tasks[key]({needed: results[needed] for needed in …})` runs a
#    task; `collections.Counter` counts; `del results[key]` drops. `isinstance(keys, list)` tells a list of keys
#    from a key, which may be a tuple.
# 3. Skeleton: a small recursive function gives all keys out of nested lists. `order = depth_first({key:
#    task.dependencies …}, wanted)`; count the uses over `order`; for each key in it: run, count down, drop.
#    A second small recursive function puts results in the places of keys.

# %% [markdown]
# Real collections, on your scheduler (the check has run a data frame on it, too):

# %% given
x = da.arange(36).reshape(6, 6).rechunk((3, 3))
words = db.from_sequence(["to", "be", "or", "not", "to", "be"], npartitions=3)
print((x @ x.T).trace().compute(scheduler=get))
print(dict(words.frequencies().compute(scheduler=get)))
print(delayed(max)([delayed(abs)(-7), 5]).compute(scheduler=get))

# %% [markdown]
# ## 2. Who, and when
#
# Several workers now. A **plan** says for each task which worker runs it and when it starts.
#
# What is a good plan? No plan is shorter than the critical path, and none is shorter than all work divided
# by the number of workers *w*. In 1966 Ronald Graham looked at the simplest rule there is, *never let a worker
# idle while a task could run*, and proved that it is never worse than (2 − 1/*w*) times the best plan,
# whichever of the ready tasks goes first. The best plan itself is hard to find: nobody knows a method that
# is quick on large graphs.
#
# **Predict:** the tasks below need nothing. How long do two workers take if they share them out in turns
# (first, second, first, second, …)? And if whoever is free takes the next one?

# %% given
from solutions.graph import dependents, toposort
from solutions.timetable import makespan

# %% given
errands = {"a": 9, "b": 1, "c": 9, "d": 1, "e": 9, "f": 1}
turns = {"a": (0, 0), "c": (0, 9), "e": (0, 18), "b": (1, 0), "d": (1, 1), "f": (1, 2)}
greedy = {"a": (0, 0), "b": (1, 0), "c": (1, 1), "d": (0, 9), "e": (0, 10), "f": (1, 10)}
makespan(turns, errands), makespan(greedy, errands), sum(errands.values()) / 2

# %% [markdown]
# In the first plan a worker idles for twenty-four minutes while work is left. That is not "concurrency", as one
# sometimes reads; it is **starvation**. Write the rule down. Let time jump: at every moment in which a task ends,
# first note who becomes ready, then give the free workers something to do.

# %% task
from solutions.timetable import schedule

# %% check schedule
check("schedule")

# %% [markdown] hints schedule
# 1. Concept: Only two things ever change: a task ends, or a task starts. Between two ends nothing can happen, so jump
#    from end to end. At each: free the worker, count down the dependents, start what can start.
# 2. API: `heapq.heappush(running, (end, task))` and `heappop` give the task that ends next. `dependents(graph)`
#    are those to tell.
# 3. Skeleton: `free = list(range(workers))`, `ready` as in `toposort`, `running = []`, `now = 0`. While there is
#    something ready or running: while both `ready` and `free` have something, start it at `now`; then
#    `now, task = heappop(running)`, and …

# %% [markdown]
# ### To write: does it matter who goes first?
#
# Run the next cell. It plans the same graph twice with your function; only the order in which the graph lists
# its tasks differs (if your function does not care about it, the two numbers are equal). Take three to five
# sentences: what is the best possible time on two workers, and how do you know? Which task must not be left to the
# end, and what rule would always choose it first? Why can even that rule be wrong by a little, and why is "wrong by
# a little" good enough?

# %% given
cost = {"s1": 3, "s2": 3, "s3": 3, "s4": 3, "long 1": 4, "long 2": 4, "long 3": 4}
parts = {task: [] for task in cost} | {"long 2": ["long 1"], "long 3": ["long 2"]}
for order in (list(parts), list(parts)[::-1]):
    print(makespan(schedule({task: parts[task] for task in order}, cost, 2), cost))

# %% answer first points=3
# The work is 24 minutes, so two workers need at least 12, and the critical path long 1, long 2, long 3 takes 12 as
# well. 12 is possible: one worker takes the long chain, the other the four short tasks. What must not wait is the
# chain, because nothing can make it shorter: if the short tasks go first, it starts at minute 6 and ends at 18.
# The rule: among ready tasks take the one with the longest way to the end (the largest sum of durations from
# it on). It can still be wrong, because it does not look at how the remaining tasks fit together on the workers,
# and finding the best fit is too hard. By Graham's bound no choice costs more than twice the best (1.5 times with two
# workers), and real durations are not known so exactly anyway.

# %% [markdown]
# ## 3. Where the data is
#
# A result lies in the memory of the worker that computed it. If another worker needs it, it has to travel.
# One often reads that a cluster gives each worker a copy of the data. It does not: data are **partitioned**, each
# worker has its part, and copies exist only where somebody asked for one.
#
# `bytes_moved` counts. **Predict** for the tree `ADD_UP` with results of 100 bytes each, on two workers: how many bytes
# travel if the leaves are dealt out in turns, and how many if neighbours stay together?

# %% given
from solutions.placement import bytes_moved

# %% given
sizes = dict.fromkeys(ADD_UP, 100)
turns = {"a": 0, "b": 1, "c": 0, "d": 1, "left": 0, "right": 1, "sum": 0}
together = {"a": 0, "b": 0, "c": 1, "d": 1, "left": 0, "right": 1, "sum": 0}
bytes_moved(ADD_UP, sizes, turns), bytes_moved(ADD_UP, sizes, together)

# %% [markdown]
# Nothing would travel if one worker did everything; but then the others starve. Dask's scheduler does both with two
# rules. Tasks that need nothing are spread evenly, in such a way that neighbours in the graph share a worker. Every
# other task goes where its inputs are.

# %% task
from solutions.placement import place

# %% check place
check("place")

# %% [markdown] hints place
# 1. Concept: The placement of everything else follows from that of the tasks that need nothing. So put those in a
#    row in which neighbours in the graph are neighbours, and cut the row into equal pieces.
# 2. API: `depth_first(graph, last)` gives such a row, if `last` are the tasks that nobody needs; it also lists every
#    task after its inputs. Number `i` of `n` tasks belongs in piece `i * workers // n`.
# 3. Skeleton: `order = depth_first(…)`; `first = [task for task in order if …]`; place them. Then go through
#    `order` once more: for a task with inputs, add up bytes for each worker that holds some, and take the largest.

# %% [markdown]
# ## 4. More than a free worker
#
# Some tasks need something that not every worker has: a GPU, 20 GB of memory, one of two licences. Dask calls
# such things **resources**; to Dask they are nothing but numbers to count down and up again, and so they are here. A
# worker's threads can be counted in the same way.
#
# **Predict:** one worker has 4 threads and 1 GPU. Waiting are `train` (1 thread, 1 GPU), `tune` (1 thread, 1 GPU) and
# `plot` (1 thread), in this order. Which of them run at once? And what becomes of a task that demands 2 GPUs?

# %% task
from solutions.timetable import with_resources

# %% check with_resources
check("with_resources")

# %% [markdown] hints with_resources
# 1. Concept: It is `schedule`, but a worker is not free or busy: it has something left. Starting a task takes from
#    that, its end gives back. A task that does not fit now stays in the list, and the next one gets its chance.
# 2. API: `room.get(name, 0) >= amount` for all of `demand[task].items()`. Copy what the workers offer, as you will
#    count it down: `[dict(offer) for offer in workers]`.
# 3. Skeleton: check first that each task fits into at least one whole offer. Then as in `schedule`: try every
#    waiting task on every worker; start those that fit; jump to the next end; give back what
#    the task took, and add the tasks that became ready.

# %% [markdown]
# ## 5. An idle worker
#
# Plans go wrong: durations are guesses, and a worker ends up with a queue while another has nothing to do. So the idle
# one **steals**. It should not take just anything: a task whose inputs must travel for a minute had better wait for half a
# minute where it is.
#
# **Predict** with the numbers of the docstring's first example: when would `a` start where it waits, when would `b`, and
# when could the thief start each of them?

# %% task
from solutions.placement import steal

# %% check steal
check("steal")

# %% [markdown] hints steal
# 1. Concept: For each waiting task compare two times: when it would start where it waits, and when it could start here.
#    The difference is what stealing gains. Take the largest; if no gain is above 0, leave everything.
# 2. API: `queues.items()`; a running total from `busy[worker]` on gives the starts in a queue.
# 3. Skeleton: `best, most = None, 0`; for each worker: `start = busy[worker]`; for each of its tasks: compare
#    `start - fetch[task]` with `most`; then `start += …`.

# %% [markdown]
# ## 6. A worker is gone
#
# At two o'clock a worker is lost, and with it every result in its memory. "The job has to be restarted", one reads.
# It does not: the graph knows how each result came about. What was lost *and is still needed* is computed again; what was
# lost and has been used already is not missed by anyone.
#
# **Predict:** `load` → `clean` → `count` and `map`. All four have run; `load` was released long ago. `clean` and `map` were on
# the lost worker, `count` is on another, and somebody wants `count` and `map`. What has to run again? And what if `map` had
# a copy elsewhere?

# %% task
from solutions.recovery import recover

# %% check recover
check("recover")

# %% [markdown] hints recover
# 1. Concept: Go backwards from what is wanted. Where a copy is left, stop. Where none is left, the task runs again, and
#    then its inputs are needed.
# 2. API: a set for what runs again, a list with `append` and `pop` for what is still to be looked at. `set(workers) -
#    {lost}` is empty if nobody else holds the result. A task that is not in `holders` has no copy either.
# 3. Skeleton: `cull` of unit 02, with one more condition: a key whose result is there is not kept, and what it needs
#    is not looked at because of it.

# %% [markdown]
# ## A cluster on paper
#
# You have taken the decisions one by one. The next cell has a cluster that takes all of them: a simulator, the one that
# the lecture calibrates against Dask. It is long, and you need not read it now. It counts in microseconds and bytes, its
# tasks are numbers, and its workers cost nothing: have as many as you like.

# %% given
from solutions.job import Job, fan, tree
from solutions.machines import Machines
from solutions.simulator import simulate

# %% [markdown]
# **Predict:** a tree over 512 leaves of 20 ms, on 8 workers that share a scheduler which needs 200 µs for each task. One
# worker fails half-way. How many of the 1,023 tasks run again: none, a dozen, an eighth, half, all?

# %% given
job = tree(512, cost=20_000, size=100_000, join=2_000)
calm = simulate(job, Machines(8))
storm = simulate(job, Machines(8, failures=[(calm.makespan // 2, 3)]))
print(f"{calm.makespan / 1e6:.2f} s without, {storm.makespan / 1e6:.2f} s with the failure")
print(storm.executions - len(job.cost), "tasks ran again")

# %% [markdown]
# **Predict:** 5,000 tasks of 20 ms each are 100 seconds of work. How long do 10 workers take, 100, 1,000? The scheduler needs
# 200 µs for each task.

# %% given
for workers in (10, 100, 1_000):
    took = simulate(fan(5_000, 20_000), Machines(workers)).makespan / 1e6
    print(f"{workers:5} workers: {took:6.2f} s, {100 / took:5.1f} times as fast as a loop")

# %% [markdown]
# ### To write: where does it end?
#
# (a) From 100 workers on, nothing gets faster. Which of the numbers above explain that, and how? (b) Give a formula for the
# number of workers that one scheduler can keep busy. (c) Same work, same 1,000 workers, same scheduler: name a change to
# the *graph* that makes the job several times as fast, and check it with `simulate`.

# %% answer limit points=3
# (a) One scheduler sends out one task after the other: 5,000 tasks times 200 µs are 1 second, however many workers wait.
# (b) While it sends out cost / overhead tasks, the first of them ends: 20 ms / 200 µs = 100 workers. (c) Fewer, longer
# tasks. With 1,000 tasks of 100 ms (five old tasks in each) the scheduler needs 0.2 s, and the job takes 0.3 s instead of
# 1.03 s. Longer tasks still do not pay: 250 tasks of 400 ms take 0.45 s, because three quarters of the workers have nothing
# to do and the last task alone takes 0.4 s.

# %% [markdown]
# ## 7. Correct, but slow: make it scale
#
# 200 µs are not much time for a decision. Here is one that decides well: it asks every worker when it could start the task,
# and takes the first. It is correct. It asks every worker.


# %% given
def ask_everybody(graph, cost, move, workers):
    """The plan, and how many answers it took to find it."""
    free, plan, asked = [0] * workers, {}, 0
    for task, needs in graph.items():
        offers = []
        for worker in range(workers):
            asked += 1
            arrivals = [0]
            for d in needs:
                at, start = plan[d]
                arrivals.append(start + cost[d] + (0 if at == worker else move[d]))
            offers.append((max(free[worker], *arrivals), free[worker], worker))
        start, _, worker = min(offers)
        plan[task] = (worker, start)
        free[worker] = start + cost[task]
    return plan, asked


pairs = {f"t{i}": [f"t{i - 40}", f"t{i - 37}"] if i >= 40 else [] for i in range(200)}
costs = {task: 3 + i % 5 for i, task in enumerate(pairs)}
moves = {task: 1 + i % 3 for i, task in enumerate(pairs)}

# %% [markdown]
# **Predict:** how many answers for these 200 tasks on 10 workers, and on 1,000? By how much does the plan get better?

# %% given
for workers in (10, 40, 1_000):
    plan, asked = ask_everybody(pairs, costs, moves, workers)
    print(f"{workers:5} workers: {asked:7} answers, done at {makespan(plan, costs)}")

# %% [markdown]
# A thousand workers, and nearly all of them give the same answer. Which ones could possibly give a better one than the rest?
# Write `assign` so that it finds **exactly the same plan**, also where several workers would do. The check counts how often
# times are added up or compared (at most 150 times for each task and edge, with 250 workers), and stops your function when
# it has had enough.

# %% task
from solutions.placement import assign

# %% check assign
check("assign")

# %% [markdown] hints assign
# 1. Concept: Two kinds of workers matter: those on which an input lies, of which there are few, and the rest, for all of
#    which the inputs are equally far. Among the rest only the one that is free first can be best.
# 2. API: a heap of `(free, worker)` has that one at its top. An entry is out of date when its time is no longer the
#    worker's: drop it when you meet it at the top. What if the top is a worker on which an input lies? Then no other of the
#    rest can beat it: work out why.
# 3. Skeleton: for each task: while the top is out of date, pop it; candidates are the worker at the top and those of the
#    inputs; compare `(start, free[worker], worker)`; enter the plan, set `free`, push the worker again.

# %% [markdown]
# ## What breaks next
#
# You know what a scheduler decides, and what each of its decisions can cost. Until now somebody else has made the graph.
# Most graphs that are too slow have been built too large, or too early, or one task at a time. That is unit 04,
# *Lazy evaluation*.
