"""solutions.joins on a real cluster: the rows of pandas, and no task of a shuffle."""

from pathlib import Path

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest

from infra import ClusterSpec, make, provision, watch
from solutions.joins import join_on_index


@pytest.fixture
def tables(tmp_path: Path) -> tuple[str, str]:
    """Trips in four files; refunds for some of them and for others in three."""
    trips = make("trips", str(tmp_path / "trips"), rows=4_000, partitions=4, seed=2)
    ids = np.arange(1, 4_400, 3)
    refunds = pd.DataFrame({"trip_id": ids, "refund_cents": ids % 700})
    (tmp_path / "refunds").mkdir()
    for number, place in enumerate(np.array_split(np.arange(len(ids)), 3)):
        refunds.iloc[place].to_parquet(tmp_path / f"refunds/part-{number}.parquet", index=False)
    return trips, str(tmp_path / "refunds")


def test_join_on_index_is_that_of_pandas_without_a_shuffle(tables: tuple[str, str]):
    trips, refunds = (dd.read_parquet(path).compute(scheduler="sync") for path in tables)
    expected = trips.merge(refunds, on="trip_id").set_index("trip_id")
    with provision(ClusterSpec()) as cluster, cluster.client() as client:
        with watch(client) as planning:
            plan = join_on_index(*tables)
            assert plan.known_divisions
        with watch(client) as facts:
            found = plan.compute()
    assert planning.tasks == 0
    assert [name for name in facts.by_prefix if "shuffle" in name or "hash" in name] == []
    pd.testing.assert_frame_equal(found, expected)
