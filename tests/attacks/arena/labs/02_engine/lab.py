# ---
# title: Engine
# minutes: 10
# prerequisites: []
# needs: {dask: {workers: 2}}
# ---

# %% [markdown]
# # Engine
#
# One task on the notebook's own workers.

# %% given
from typing import Any

from autograder import check
from infra import connect

client = connect()

# ruff: noqa: E402, F401
# pyright: reportMissingImports=false, reportUnusedImport=false

# %% task
from solutions.arena import squares

# %% check squares
check("squares")

# %% [markdown] hints squares
# 1. Concept: a task for each number.
# 2. API: `Client.map`.
# 3. Skeleton: `return sum(client.gather(…))`
