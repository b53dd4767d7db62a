# ---
# title: DataFrames in partitions
# minutes: 110
# prerequisites: [02_task_graphs, 04_lazy_evaluation]
# needs: {dask: {workers: 2}}
# ---

# %% [markdown]
# # DataFrames in partitions
#
# The report worked on last month's trips. This month there are ten times as many, the laptop begins to
# swap, and the same twenty lines of pandas are dead. Somebody changes `import pandas as pd` to
# `import dask.dataframe as dd`. Now three things happen: some lines work, some raise, and some return
# the right number after having moved the whole table through one worker.
#
# In this lab you write seven functions of the third kind, without the last part. For each of them pandas
# tells what is right; **rows loaded, tasks run and bytes moved** tell whether it will still be right on a
# table that fits nowhere. Nothing is graded by the clock.
#
# You need pandas (`groupby`, `merge`) and the lecture *DataFrames*. Every task comes with a check cell,
# which you may run as often as you like, and with three hints. Where the text asks for a **prediction**,
# write it down before you run the next cell.

# %% given
from datetime import datetime
from pathlib import Path

import dask.dataframe as dd
import numpy as np
import pandas as pd
from distributed import wait

from autograder import check
from infra import connect, make, watch

client = connect()
make("trips", "data/trips", rows=200_000, partitions=8)
make("clicks", "data/clicks", rows=100_000, partitions=8)
path = str(Path("data/trips").resolve())

# %% [markdown]
# ## What you work with
#
# Eight weeks of taxi trips, sorted by `pickup`, one Parquet file a week. Each file has eight **row
# groups**; with each of them stand the smallest and the largest value of every column.
#
# **Predict:** how many partitions has the Dask DataFrame, and how many rows does the next cell read?

# %% given
trips = dd.read_parquet(path)
trips.npartitions, trips.known_divisions, trips.dtypes

# %% [markdown]
# It read no row: schema and statistics stand at the end of each file. `trips` is a plan. Two measures
# tell what a plan costs. `loaded(plan)` runs it on one thread and weighs what its reading tasks bring into
# memory; `watch(client)` counts the tasks that the workers run and the bytes that they send to each other.

# %% given
from solutions.plans import loaded

# %% [markdown]
# ## 1. Read what you need
#
# Sequential, small and correct first: what did the trips of one week earn?

# %% given
start, end = datetime(2026, 1, 12), datetime(2026, 1, 19)
table = pd.read_parquet(path)
week = table[(table["pickup"] >= start) & (table["pickup"] < end)]
int((week["fare_cents"] + week["tip_cents"]).sum())

# %% [markdown]
# The same in Dask. **Predict** for the cell below: how many of the 200,000 rows and of the eight columns are
# loaded? (Dask has had a query planner since 2024. Does it see which columns are used? Does it see which rows
# are?)

# %% given
week = trips[(trips["pickup"] >= start) & (trips["pickup"] < end)]
loaded((week["fare_cents"] + week["tip_cents"]).sum())

# %% [markdown]
# Half of it: the planner found out that three columns are enough, without being told. But all rows were
# loaded, in order to drop seven eighths of them: this reader is not asked to look at the statistics. It does
# if you say so, with `filters=`: a list of `(column, comparison, value)`, of which all must hold. Write
# that down. The rest of the body is above.

# %% task
from solutions.frames import revenue

# %% check revenue
check("revenue")

# %% [markdown] hints revenue
# 1. Concept: What is dropped after reading has been read. The condition on `pickup` belongs into the reader,
#    which can skip a row group without opening it.
# 2. API: `dd.read_parquet(path, filters=[("zone", "==", "Z037"), ("passengers", "<", 3)])` keeps the rows for
#    which both hold. Leave out `.compute()`: the sum of a Dask series is a lazy scalar.
# 3. Skeleton: `inside = [("pickup", ">=", …), (…)]`; `trips = dd.read_parquet(path, filters=…)`; then add
#    two columns and sum them up. With `filters` alone, which columns are loaded? Ask `loaded`.

# %% [markdown]
# ### To write: two plans, one number
#
# The masked plan above and your `revenue` return the same number. The next cell shows both optimised plans.
# Answer in three to five sentences: which line of the plans tells them apart, how do the rows loaded and the
# partitions differ, and when would you be content with the mask?

# %% given
masked = (week["fare_cents"] + week["tip_cents"]).sum()
masked.simplify().pprint()
filtered = revenue(path, start, end)
filtered.simplify().pprint()
print(loaded(masked), loaded(filtered), sep="\n")

# %% answer plans points=4
# Both plans read few columns (`columns=` stands at `ReadParquet` in both). The difference is
# `filters=`: in the second plan it stands at the reader and there is no `Filter` above it; in the
# first plan a `Filter` stands above a reader without filters. So the first loads 200,000 rows in all
# eight partitions and drops most of them; the second plans only the partitions whose statistics allow
# a match and loads about 25,000 rows. The mask is good enough where the condition keeps most rows, where
# the column is not sorted (then every row group may hold a match and nothing can be skipped), or where the
# condition is computed and cannot be written as comparisons of columns with constants.

# %% [markdown]
# ## 2. The largest, without sorting
#
# In pandas, `table.sort_values("fare_cents").tail(10)`. To sort a table in partitions means to move every row
# to where it belongs. **Predict:** 200,000 rows of about 70 bytes lie on two workers. How many megabytes move
# if you sort them all, and how many if each partition sends its ten best?

# %% given
with watch(client) as facts:
    trips.sort_values("fare_cents", ascending=False).compute().head(10)
facts.tasks, facts.bytes_moved

# %% [markdown]
# About half of the table: what the other worker held. Now let each partition send candidates only.

# %% task
from solutions.frames import topk

# %% check topk
check("topk")

# %% given
with watch(client) as facts:
    topk(trips, "fare_cents", 10).compute()
facts.tasks, facts.bytes_moved

# %% [markdown] hints topk
# 1. Concept: Whoever is among the k largest of the table is among the k largest of his partition. So choose
#    twice: in each partition, then among the winners.
# 2. API: pandas has `DataFrame.nlargest(n, column)`. Does Dask? Otherwise `map_partitions` runs a function
#    on each partition, and `repartition(npartitions=1)` brings what is left together.
# 3. Skeleton: one call is enough. By hand: `best = trips.map_partitions(…)`, one partition of them, and the
#    same choice once more.

# %% [markdown]
# ## 3. A day is a value
#
# In pandas, `table.groupby(pd.Grouper(key="pickup", freq="D"))` makes a row a day, also of days on which nobody
# drove. It is often said that Dask "is exactly the same". Ask it:

# %% given
try:
    trips.groupby(pd.Grouper(key="pickup", freq="D"))["fare_cents"].mean()
except NotImplementedError as error:
    print(error)

# %% [markdown]
# `resample` is there, and wants an index with known divisions, that is, a sorted table. Neither is needed: a
# day can be computed from the trip itself, and grouped by like any column.
#
# A day may lie in two partitions. **Predict:** partition A has trips of 2 and 4 euros on Monday, partition B one
# of 12. What is Monday's mean, and what is the mean of the two partitions' means? What has each partition to
# hand on so that the mean comes out right?

# %% task
from solutions.frames import daily

# %% check daily
check("daily")

# %% [markdown] hints daily
# 1. Concept: Round the pickup down to midnight, and it is the same value for all trips of the day. A mean is
#    a sum and a count, which both can be added up over partitions: let Dask do that.
# 2. API: `series.dt.floor(…)` (a frequency: `"D"` is a day, `"10min"` ten minutes); `assign`;
#    `groupby(…).agg(name=(column, function), …)`. pandas sorts the groups; in Dask look at `groupby(sort=…)`.
# 3. Skeleton: `trips.assign(day=…)`, `.groupby("day", …)`, `.agg(trips=("trip_id", …), mean_fare=(…))`.

# %% given
daily(trips).compute().head()

# %% [markdown]
# ## 4. Columns that depend on the data
#
# `pd.get_dummies` and `pivot_table` make a column of every value that occurs. A plan has to name its columns
# before any data are read, and a partition knows only its own values.
#
# **Predict:** partition 0 has card and cash, partition 1 has card and app. What columns would each of them
# make, left to itself? What does Dask say to this?

# %% given
try:
    dd.get_dummies(trips[["payment"]])
except NotImplementedError as error:
    print(error)

# %% [markdown]
# A **categorical** column carries its list of values with it. The list can be *unknown* (`astype("category")`
# only promises that there will be one) or *known*. To know it, somebody has to look at the column once, or tell.

# %% task
from solutions.frames import dummies_pivot

# %% check dummies_pivot
check("dummies_pivot")

# %% [markdown] hints dummies_pivot
# 1. Concept: Make `payment` categorical with known categories, the same for all partitions. Then both plans
#    know their columns. One pass over one column is enough, and it may run while the plan is built.
# 2. API: `frame.categorize(columns=[…])` makes that pass (prefer it to `cat.as_known()`, which in Dask 2026.8
#    leaves them unknown on a cluster). `dd.get_dummies(frame)` and
#    `frame.pivot_table(index=, columns=, values=, aggfunc=)` take it from there.
# 3. Skeleton: `known = trips.categorize(…)`; `dummies = dd.get_dummies(known[[…]])`, with a list of one column
#    (Dask 2026.8 stumbles over `known["payment"]`); `pivot = known.pivot_table(…)`; return both.

# %% given
dummies, pivot = dummies_pivot(trips)
pivot.compute().head()

# %% [markdown]
# ## 5. Partitions of a good size
#
# After a filter, partitions may be nearly empty, or of very different sizes. Here are all trips of the first
# two weeks and one zone's trips of the others. **Predict:** by which factor do the partitions differ?

# %% given
few = trips[(trips["pickup"] < datetime(2026, 1, 15)) | (trips["zone"] == "Z037")]
few.memory_usage_per_partition(deep=True).compute().tolist()

# %% [markdown]
# Too many small partitions cost tasks, a partition that is too large costs the worker its memory. "Eight cores,
# so eight partitions" knows neither. Ask for a size, in the memory that a partition takes; its file is
# smaller. **Predict:** how many partitions of at most 0.5 MB will there be?

# %% task
from solutions.partitions import repartition_to

# %% check repartition_to
check("repartition_to")

# %% [markdown] hints repartition_to
# 1. Concept: Somebody must measure every partition, split those that are too large and merge neighbours
#    that are small together. A number of partitions for the whole table cannot do that if they are uneven.
# 2. API: `frame.repartition(…)` takes `npartitions=`, `partition_size=`, `divisions=` or `freq=`. A size can be a
#    text with a unit, such as `"64MB"`.
# 3. Skeleton: one call, in which `mb` ends up in a text. A bare number would mean bytes. (On Python 3.11, run
#    the result before you ask it for its `npartitions`, say with `persist()`: else Dask may wait for itself.)

# %% given
repartition_to(few, 0.5).persist().memory_usage_per_partition(deep=True).compute().tolist()

# %% [markdown]
# ## 6. Results that do not fit either
#
# An aggregation usually ends in one partition, on one worker: fine for 260 zones. There are as many groups as
# users, and a service with half a billion of them has a result that is larger than any worker.
#
# **Predict:** in how many partitions do the users come out, and how many users are in the largest?

# %% given
clicks = dd.read_parquet(str(Path("data/clicks").resolve()))
by_user = clicks.groupby("user").agg(clicks=("click_id", "count"), ms=("ms", "sum"))
clicks.npartitions, by_user.optimize().npartitions, by_user.map_partitions(len).compute().tolist()

# %% [markdown]
# Now say yourself how many partitions come out. A hash of the key decides where a group goes. **Predict:**
# 20,000 users are hashed into 10 partitions. Will the largest have 2,000?

# %% task
from solutions.partitions import split_out_agg

# %% check split_out_agg
check("split_out_agg")

# %% [markdown] hints split_out_agg
# 1. Concept: The groups are dealt out by a hash *before* they are brought together; cutting up a result that was
#    whole comes too late. And a hash is like throwing darts: some partitions get more than the average.
# 2. API: `groupby(…).agg(…, split_out=n)`. Look at the plan with `pprint()` when you combine it with another
#    option: `sort=True` wants one sorted result, and silently wins.
# 3. Skeleton: `pieces = math.ceil(… * users / limit)` with some room for the unevenness; then one `groupby` and
#    one `agg` with named columns and `split_out=pieces`.

# %% given
result = split_out_agg(clicks, by_user.shape[0].compute(), 2_000)
result.map_partitions(len).compute().tolist()

# %% [markdown]
# ## 7. Correct but slow: make it scale
#
# Some trips were refunded. The refunds come in files of their own, in the order of `trip_id`, like the trips,
# but cut at other places.

# %% given
refunded = table[table["trip_id"] % 10 < 7]
refunds = pd.DataFrame(
    {"trip_id": refunded["trip_id"], "refund_cents": refunded["fare_cents"] // 2}
)
Path("data/refunds").mkdir(exist_ok=True)
for number, rows in enumerate(np.array_split(np.arange(len(refunds)), 5)):
    refunds.iloc[rows].to_parquet(f"data/refunds/part-{number}.parquet", index=False)
refunds_path = str(Path("data/refunds").resolve())


# %% [markdown]
# Your colleague's join is correct. **Predict** before you run it: how many tasks, and how many megabytes move?
# (The trips take about 12 MB, the refunds 2.)


# %% given
def join_slow(trips_path: str, refunds_path: str) -> dd.DataFrame:
    trips, refunds = dd.read_parquet(trips_path), dd.read_parquet(refunds_path)
    return trips.merge(refunds, on="trip_id").set_index("trip_id")


with watch(client) as facts:
    wait(join_slow(path, refunds_path).persist())
facts.tasks, facts.bytes_moved, facts.by_prefix

# %% [markdown]
# Every row of both tables was hashed and sent to where its hash belongs, and afterwards sorted back into the
# order in which it had been on disk. Write the join that knows this order. It is graded by what runs and by
# what moves: no task of a shuffle, and far fewer bytes than the tables have.

# %% task
from solutions.joins import join_on_index

# %% check join_on_index
check("join_on_index")

# %% [markdown] hints join_on_index
# 1. Concept: If Dask knows the smallest key of each partition (the *divisions*), it can cut both tables at the
#    same keys and join piece with piece. The rows need not be dealt out: they are in order.
# 2. API: `dd.read_parquet(…, index=…, calculate_divisions=True)` takes the divisions from the statistics of the
#    files; `set_index` makes a pass to find them, and in Dask 2026.8 may find wrong ones. `known_divisions` tells
#    whether there are any. `left.join(right, how=…)` joins on the index.
# 3. Skeleton: read both tables in the same way, with `trip_id` as the index and with divisions; one inner join
#    of the two.

# %% given
with watch(client) as facts:
    wait(join_on_index(path, refunds_path).persist())
facts.tasks, facts.bytes_moved, facts.by_prefix

# %% [markdown]
# ## What you can do now
#
# You can tell what a plan loads before it costs you an hour, keep the planner's help by naming columns instead
# of hiding them in functions, and choose how large partitions and results get. You know four
# reasons for a shuffle (a sort, a join on columns, a key with many groups, an index that is not sorted) and how
# to avoid two of them. Next: arrays and bags, where the partitions have two dimensions, or no columns at all.
