# ---
# title: Object storage
# minutes: 110
# prerequisites: [05_dataframes]
# needs: {dask: {workers: 2}, bucket: {}}
# ---

# %% [markdown]
# # Object storage
#
# The nightly job copies its results into a bucket. It has run for a year. Then somebody wants to restore one of
# the files, and finds 22 bytes in it: `results/2026-03-14.csv`. All the others hold their own names, too. Nobody
# had ever looked, and the job had never failed.
#
# A bucket looks like a folder, and is none. In this lab you write seven functions that treat it as what it is:
# a service at the other end of a network, which gives and takes **objects**, each for a **request**. You work on
# a store of your own, which speaks the language of Google Cloud Storage and keeps a log. So you see what every
# line of yours asks for, and that is what is graded: **requests and bytes**, never seconds.
#
# You need Parquet and Dask DataFrames (unit 05) and the lecture *Object storage*. Every task comes with a check
# cell, which you may run as often as you like, and with three hints. Where the text asks for a
# **prediction**, write it down before you run the next cell.

# %% given
import asyncio
import hashlib
import json
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import fsspec
import gcsfs
import pandas as pd
import pyarrow.parquet as pq
import requests
from google.api_core import exceptions
from google.cloud import storage

from autograder import check
from infra import Faults, connect, connect_bucket, partition

BUCKET = connect_bucket()
client = connect()
BUCKET.url

# %% [markdown]
# ## What you work with
#
# `BUCKET.url` is all that the code below needs: with `OUTGROW_BUCKET=gs://yours` in the environment it would run
# on Google's store. `BUCKET.watch()` tells what was asked of the store, by the store's own log. (Google's log is not
# ours to read, and neither is the grader's: there you see `nan`.)
#
# Two clients are at hand. **fsspec** (with gcsfs behind it) makes a bucket look like a file system; **Google's
# own client** shows the object. `blob_of(url)` gives the object of the second kind, and asks the store nothing;
# `put` and `get` make one request each.

# %% given
from solutions.objects import blob_of, get, put

# %% [markdown]
# ## 1. The content, not the name
#
# This is how the upload is often shown. **Predict:** what does the bucket hold afterwards?

# %% given
Path("data").mkdir(exist_ok=True)
Path("data/report.csv").write_bytes(b"zone,trips\nZ000,17\n" * 1000)
with BUCKET.watch() as facts:
    blob_of(f"{BUCKET.url}/slides/report.csv").upload_from_string("data/report.csv")
get(f"{BUCKET.url}/slides/report.csv"), facts.by_kind, facts.bytes_up

# %% [markdown]
# `upload_from_string` does what its name says: it uploads the text, and the text is the name. Nothing fails, and
# the object even has the right name. A name says nothing about the content, unless you make it so: in your
# `upload` **the object's name is the hash of its bytes**. Then everybody can check what he reads, and the same file
# need not travel twice. The body takes four lines; this is the first of them: `data = Path(path).read_bytes()`.

# %% task
from solutions.objects import upload

# %% check upload
check("upload")

# %% [markdown] hints upload
# 1. Concept: Read the file, hash what you have read, and make the object's name of the hash. Ask first whether
#    there is an object of this name: that is a small question, and the file may be large.
# 2. API: `hashlib.sha256(data).hexdigest()`; `blob_of(url).exists()`; `blob.upload_from_string(data)` takes bytes
#    as well as text (`blob.upload_from_filename(path)` reads the file for you).
# 3. Skeleton: `data = …`, `target = f"{url}/{…}"`, `if not blob_of(target).…: …`, `return target`.

# %% given
with BUCKET.watch() as facts:
    stored = upload("data/report.csv", f"{BUCKET.url}/raw")
    upload("data/report.csv", f"{BUCKET.url}/raw")
stored, facts.by_kind, facts.bytes_up

# %% [markdown]
# ## 2. A range is a request
#
# An object cannot be changed in place, but it can be read in places: a request may ask for a range of bytes. All
# of Parquet and Zarr rests on this. **Predict:** fsspec's `open` gives a file, you `seek` and `read` ten bytes. How
# many requests does that take, and how many bytes does the store send?

# %% given
put(f"{BUCKET.url}/digits", b"0123456789" * 1_000_000)
with BUCKET.watch() as facts, fsspec.filesystem("gs").open(f"{BUCKET.url}/digits") as file:
    file.seek(5_000_000)
    file.read(10)
facts.by_kind, facts.bytes_down

# %% [markdown]
# Ten bytes, but more than one request: to behave like a file, it has to know its size, and whether it is a folder.
# (Go on reading, and it also begins to read ahead: good for reading through, bad for picking.) Each request costs a
# journey through the network. Ask for what you want, in one. Mind that the two clients do not mean the same by the
# end of a range.

# %% task
from solutions.objects import read_range

# %% check read_range
check("read_range")

# %% [markdown] hints read_range
# 1. Concept: One request with a range. The slice of Python leaves its end out; HTTP's `Range` has it in. Each
#    client follows one of the two.
# 2. API: `files, name = fsspec.url_to_fs(url)`, then `files.cat_file(name, start=…, end=…)`, which counts like a
#    slice; or `blob_of(url).download_as_bytes(start=…, end=…)`, which counts like HTTP.
# 3. Skeleton: `if start == stop: return …`, because no range of HTTP is empty; then one call.

# %% given
with BUCKET.watch() as facts:
    found = read_range(f"{BUCKET.url}/digits", 5_000_000, 5_000_010)
found, facts.by_kind, facts.bytes_down

# %% [markdown]
# ## 3. What it costs
#
# A bucket has **storage classes**. The colder the class, the cheaper it is to keep data, and the dearer to read
# them; and each cold class has a **minimum duration**, which is paid even if you delete earlier. Prices
# change: these have a date and a source, and the function that you write knows none of them.

# %% given
from solutions.prices import PRICES, READ, SOURCE

# %% given
print(f"{SOURCE}, region us-central1, on {READ}")
pd.DataFrame(PRICES).T

# %% [markdown]
# **Predict:** a backup of 500 GiB is kept for 20 days, and then the next one replaces it. Which class is the
# cheapest? And if one in three backups is read back?

# %% task
from solutions.prices import storage_cost

# %% check storage_cost
check("storage_cost")

# %% [markdown] hints storage_cost
# 1. Concept: Two sums: storage for a time, which cannot be shorter than the minimum, and reading, for every
#    time that everything is read. Deleting early costs the rest of the minimum, and nothing on top.
# 2. API: `max(days, …)`. The price is for a month of 730 hours, and a day has 24.
# 3. Skeleton: `hours = max(…) * 24`, then `gib * (… * hours / 730 + … * reads)`.

# %% given
pd.DataFrame(
    {
        f"{days} days, read {reads} times": {
            name: round(storage_cost(500, days, reads, price), 2) for name, price in PRICES.items()
        }
        for days, reads in ((20, 0), (20, 1), (365, 0), (365, 12))
    }
)

# %% [markdown]
# ### To write: a class for the backups
#
# The company keeps its daily backups (500 GiB each) for 20 days, and a yearly one for seven years; once a year, it
# tries to restore the latest daily one. Which class for which, and why? What is missing in the table above that you
# would have to know? Four to six sentences.

# %% answer classes points=4
# Daily backups: STANDARD and NEARLINE are close (20 days of STANDARD cost 6.58 dollars, 30 paid days of NEARLINE
# 4.93), so NEARLINE saves a quarter as long as a backup is rarely read; one reading costs 5 dollars more and eats it
# up. COLDLINE is paid for 90 days (5.92) and ARCHIVE for 365 (7.20), so both lose, although a month of them is
# cheaper. Yearly backups: ARCHIVE, the minimum is long over and nobody reads them. What is missing:
# the price of requests (many small objects), of traffic out of the region, the lifecycle rule or the writing that
# brings an object into its class, how soon it has to be readable, and tomorrow's prices.

# %% [markdown]
# ## 4. There are no folders
#
# A bucket is a sorted list of names. "The folder `raw/`" is the run of names that begin so. **Predict:** what
# does it cost to rename a folder with a thousand objects: how many requests, how many bytes?

# %% given
for name in ("raw/a.csv", "raw/deep/b.csv", "raw-old/c.csv"):
    put(f"{BUCKET.url}/folders/{name}", b"0123456789")
files = fsspec.filesystem("gs")
with BUCKET.watch() as facts:
    files.mv(f"{BUCKET.url}/folders/raw", f"{BUCKET.url}/folders/2026", recursive=True)
facts.by_kind, facts.bytes_down, facts.bytes_up, files.find(f"{BUCKET.url}/folders")

# %% [markdown]
# A request for every object (and some more, which looked for folders and found none). The bytes did not come to you,
# as the store copies within itself. But there is no moment at which the folder has its new name. In between there
# are both, or, if your program dies, some of both. Google has `move` for one object; elsewhere, and in older code, it
# is a copy and a deletion. Write yours so that nothing can be lost, and so that `raw` does not take `raw-old` along.

# %% task
from solutions.objects import move

# %% check move
check("move")

# %% [markdown] hints move
# 1. Concept: List the names that begin with the old place *and a slash*; for each, first copy within the store,
#    then delete the old one. The other order has a moment at which the bytes are nowhere.
# 2. API: `bucket = blob_of(…).bucket`; `bucket.client.list_blobs(bucket, prefix=…)`;
#    `bucket.copy_blob(blob, bucket, name)`; `blob.delete()`. Or fsspec's `find`, `cp_file` and `rm_file`.
# 3. Skeleton: make the list before you change anything; a loop with the two requests; return how many. The new
#    name is the new place and what stands behind the old one: `name.removeprefix(…)`.

# %% [markdown]
# ## 5. Do not wait in a queue
#
# Between a request and its answer lies a network. Here it has been made 20 ms long, as if the store were in
# another country. **Predict:** how long do 40 small objects take, one after the other?

# %% given
urls = [f"{BUCKET.url}/small/{number}" for number in range(40)]
for url in urls:
    put(url, url.encode())
BUCKET.inject(Faults(latency=0.02))
begun = time.perf_counter()
one_by_one = [get(url) for url in urls]
print(f"{time.perf_counter() - begun:.2f} s")

# %% [markdown]
# Nothing was computed in that time; it was waiting. Ask for many at once. But not for all: a thousand open
# connections are a load for the store, which answers 429, and for your machine. `fetch_all` is an
# `async def`: one thread that waits for several answers. (gcsfs is asynchronous inside; its coroutines have an
# underscore in front.)

# %% task
from solutions.fanout import fetch_all

# %% check fetch_all
check("fetch_all")

# %% [markdown] hints fetch_all
# 1. Concept: Start all, let a gate admit so many at a time, and collect the answers in the order of the
#    questions, not in the order in which they come.
# 2. API: `files = gcsfs.GCSFileSystem(asynchronous=True, skip_instance_cache=True)`,
#    `session = await files._set_session()`, then `await files._cat_file(url)`, and at the end
#    `await session.close()`. `asyncio.Semaphore(n)` is the gate, `asyncio.gather(*coroutines)` keeps the order.
# 3. Skeleton: inside, `async def fetch(url): async with gate: return await …`; then
#    `try: return await asyncio.gather(*map(fetch, urls))`, `finally: …`.


# %% given
def run(coroutine):
    """Run a coroutine on a loop of its own; the notebook's loop is busy with this cell."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


begun = time.perf_counter()
with BUCKET.watch() as facts:
    together = run(fetch_all(urls, at_once=16))
print(f"{time.perf_counter() - begun:.2f} s, {facts.at_once} at once; {together == one_by_one}")
BUCKET.inject(Faults())

# %% [markdown]
# ## 6. Publish once, whatever fails
#
# A report consists of several files. Whoever reads it must see all of them or none, and not half of tonight's and
# half of last night's. And tonight the network has its moods: requests are answered **503**, and some are done but
# **their answer is lost**. **Predict:** the next cell asks for "only if there is none yet", the store does it, and
# the answer is lost. What does the second try say?

# %% given
BUCKET.inject(Faults(lost=1, most=1, kinds=("objects.insert",)))
for turn in (1, 2):
    try:
        put(f"{BUCKET.url}/once", b"mine", new=True)
    except (ConnectionError, FileExistsError) as error:
        print(turn, type(error).__name__)
BUCKET.inject(Faults())
get(f"{BUCKET.url}/once")

# %% [markdown]
# "It exists", says the store, and it was you. So an error does not mean that nothing was done. A request that may
# be repeated without harm is called **idempotent**, and in a network nothing else can be relied on. You have
# what it takes: names that are hashes (a part written twice is the same part), one object that is written last and
# only if there is none (the **manifest**), and reading it back when in doubt.

# %% task
from solutions.publish import publish

# %% check publish
check("publish")

# %% [markdown] hints publish
# 1. Concept: Look for the manifest first. If there is none: all parts, then the manifest, only if there is still
#    none. Whether that said yes or "exists": read the manifest, and compare it with what you meant to publish.
# 2. API: `put(url, data, new=True)` raises FileExistsError; `put` and `get` raise ConnectionError when it is worth
#    asking again. `json.dumps(…, sort_keys=True).encode()`; `time.sleep(random.uniform(0, …))`.
# 3. Skeleton: write a helper `again(ask, *args, **options)` with a loop of five tries, and send every `get` and
#    `put` through it. Then: `found = again(get, …)`, `if found is None: …`, and at the end one comparison.

# %% given
BUCKET.inject(Faults(unavailable=0.3, lost=0.3))
with BUCKET.watch() as facts:
    publish(f"{BUCKET.url}/report/v1", {"a.csv": b"1,2", "b.csv": b"3,4"}, wait=0.01)
BUCKET.inject(Faults())
facts.by_kind, facts.injected, facts.retries, facts.written

# %% [markdown]
# ## 7. Correct but slow: make it scale
#
# Eight weeks of trips lie in the bucket, one file a week, and the week stands in the name. That is a **partitioned
# layout**: the names are the index.

# %% given
BUCKET.inject(Faults())  # none from here on
weeks = [f"2026-W{number + 1:02}" for number in range(8)]
for number, week in enumerate(weeks):
    trips = partition("trips", number, rows=240_000, partitions=8)
    with fsspec.open(f"{BUCKET.url}/trips/week={week}/part-0.parquet", "wb") as file:
        pq.write_table(trips, file)


# %% [markdown]
# Your colleague's reader returns the right table. **Predict** before you run it: two weeks and one column are
# wanted, the eight files have about 5.5 MB. How many bytes come, and by how many requests?


# %% given
def dask_read_slow(url: str, weeks: list[str], columns: list[str]) -> dd.DataFrame:
    found = fsspec.filesystem("gs").find(url)
    table = pd.concat(pd.read_parquet(f"gs://{name}").assign(week=name) for name in found)
    wanted = table[table["week"].str.contains("|".join(weeks))]
    return dd.from_pandas(wanted[columns], npartitions=len(weeks))


with BUCKET.watch() as facts:
    dask_read_slow(f"{BUCKET.url}/trips", weeks[2:4], ["fare_cents"]).compute()
facts.by_kind, f"{facts.bytes_down:,}"

# %% [markdown]
# All weeks, all columns, read by the one process that should only have made a plan; and read-ahead on top, so that
# some bytes come twice. Write the reader that makes a plan, opens the files that it was told, and takes the
# columns that it needs out of them. It is graded by requests and bytes.

# %% task
from solutions.remote import dask_read

# %% check dask_read
check("dask_read")

# %% [markdown] hints dask_read
# 1. Concept: Three things can be left out: files (their names tell the week), columns (a Parquet file can be read
#    in ranges), and the work of this process (tasks read). Measure: not everything that takes `columns=` asks the
#    store for these columns only.
# 2. API: `dd.read_parquet(url, columns=…, filters=…)` knows layouts such as `week=…/`: the key is a column for
#    `filters`, with the comparisons `==`, `<` and also `in`. By hand: `dd.from_map(function, weeks, meta=…)`, and
#    `fsspec.open(…, cache_type="none")` for a file that does not read ahead.
# 3. Skeleton: one call. Look at `facts.by_kind` and `facts.bytes_down` of each way that you try.

# %% given
with BUCKET.watch() as facts:
    dask_read(f"{BUCKET.url}/trips", weeks[2:4], ["fare_cents"]).compute()
facts.by_kind, f"{facts.bytes_down:,}"

# %% [markdown]
# ## What you can do now
#
# You can tell what a line of code asks of a store, and what it will be charged for. You upload content, read
# ranges, wait for many answers at once, and publish so that a lost answer does no harm. And you no longer expect of
# a bucket what only a file system does: folders, renaming, changing in place. Next: versions of data, which are kept
# in a bucket under names that are hashes.
