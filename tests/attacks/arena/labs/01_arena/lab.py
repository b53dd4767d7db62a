# ---
# title: Arena
# minutes: 10
# prerequisites: []
# needs: {}
# ---

# %% [markdown]
# # Arena
#
# Four small tasks, for submissions that are after something else.

# %% given
import pandas as pd

from autograder import check

# ruff: noqa: E402, F401, I001
# pyright: reportMissingImports=false, reportUnusedImport=false

# %% task
from solutions.arena import double

# %% check double
check("double")

# %% [markdown] hints double
# 1. Concept: a number and itself.
# 2. API: `+`.
# 3. Skeleton: `return … + …`

# %% task
from solutions.arena import total

# %% check total
check("total")

# %% [markdown] hints total
# 1. Concept: a column's sum.
# 2. API: `Series.sum`.
# 3. Skeleton: `return frame[…].sum() / …`

# %% task
from solutions.arena import poem

# %% check poem
check("poem")

# %% [markdown] hints poem
# 1. Concept: one line a name.
# 2. API: `str.join`.
# 3. Skeleton: `return "".join(… for name in names)`

# %% task
from solutions.arena import countdown

# %% check countdown
check("countdown")

# %% [markdown] hints countdown
# 1. Concept: a generator.
# 2. API: `yield`.
# 3. Skeleton: `while …: yield …`
