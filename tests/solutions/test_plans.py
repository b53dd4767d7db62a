"""solutions.plans: what is loaded is told alike for plans that are written differently."""

from pathlib import Path

import dask.dataframe as dd
import pandas as pd
import pytest

from solutions.plans import Loaded, loaded


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Two files of ten rows in two columns of eight bytes."""
    for number in range(2):
        rows = pd.DataFrame({"a": range(10 * number, 10 * number + 10), "b": 1.5})
        rows.to_parquet(tmp_path / f"part-{number}.parquet", index=False)
    return str(tmp_path)


def test_loaded_sees_the_columns_that_the_planner_chose(folder: str):
    assert loaded(dd.read_parquet(folder)["a"].sum()) == Loaded(20, 160, ["a"])
    assert loaded(dd.read_parquet(folder, columns=["a"]).sum()) == Loaded(20, 160, ["a"])


def test_loaded_counts_rows_before_they_are_dropped(folder: str):
    frame = dd.read_parquet(folder)
    assert loaded(frame[frame["a"] < 5]["b"].sum()) == Loaded(20, 320, ["a", "b"])
    kept = dd.read_parquet(folder, filters=[("a", "<", 5)])
    assert loaded(kept["b"].sum()) == Loaded(5, 40, ["b"])


def test_loaded_knows_other_readers(folder: str):
    files = sorted(map(str, Path(folder).iterdir()))
    frame = dd.from_map(pd.read_parquet, files, columns=["b"])
    assert loaded(frame) == Loaded(20, 160, ["b"])
