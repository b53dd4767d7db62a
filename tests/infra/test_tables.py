"""The tables of the town: what is in them, and that each partition stands alone."""

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from infra import content_hash, partition
from infra.tables import TABLES
from tests.infra.whole import whole

tables = st.sampled_from(sorted(TABLES))
sizes = st.fixed_dictionaries(
    {
        "rows": st.integers(0, 300),
        "partitions": st.integers(1, 40),
        "seed": st.integers(0, 2**64 - 1),
    }
)


@settings(deadline=None)
@given(table=tables, size=sizes)
def test_the_partitions_hold_exactly_the_rows(table: str, size: dict[str, int]) -> None:
    parts = [partition(table, index, **size) for index in range(size["partitions"])]
    assert sum(part.num_rows for part in parts) == size["rows"]
    assert max(part.num_rows for part in parts) - min(part.num_rows for part in parts) <= 1
    assert all(part.schema.equals(TABLES[table].SCHEMA) for part in parts)


@settings(deadline=None)
@given(size=sizes)
def test_ids_are_unique_and_ascending(size: dict[str, int]) -> None:
    assert whole("trips", **size)["trip_id"].to_pylist() == list(range(size["rows"]))
    assert whole("clicks", **size)["click_id"].to_pylist() == list(range(size["rows"]))


@settings(deadline=None)
@given(table=tables, size=sizes, order=st.randoms())
def test_a_partition_does_not_depend_on_the_others(
    table: str, size: dict[str, int], order: Any
) -> None:
    indices = list(range(size["partitions"]))
    straight = {index: content_hash(partition(table, index, **size)) for index in indices}
    order.shuffle(indices)
    assert straight == {index: content_hash(partition(table, index, **size)) for index in indices}


def test_seeds_and_partitions_are_independent() -> None:
    zones = [
        tuple(partition("trips", index, rows=200, partitions=2, seed=seed)["zone"].to_pylist())
        for seed in (0, 1, 2**64 - 1)
        for index in (0, 1)
    ]
    assert len(set(zones)) == len(zones)


def trips(rows: int = 50_000) -> pd.DataFrame:
    return whole("trips", rows=rows, partitions=2, seed=3).to_pandas()


def test_each_partition_has_a_week_of_its_own_in_order() -> None:
    for table, column in (("trips", "pickup"), ("clicks", "at")):
        for index in range(3):
            at = partition(table, index, rows=9000, partitions=3)[column].to_pandas()
            week = pd.Timestamp("2026-01-01") + pd.Timedelta(weeks=index)
            assert at.is_monotonic_increasing
            assert week <= at.iloc[0] < week + pd.Timedelta(hours=12)
            assert week + pd.Timedelta(days=6.5) < at.iloc[-1] < week + pd.Timedelta(weeks=1)


def test_the_town_has_its_rhythm() -> None:
    by_hour = trips().pickup.dt.hour.value_counts()
    assert by_hour[18] > 4 * by_hour[3]
    by_day = trips().pickup.dt.dayofweek.value_counts()
    assert by_day.idxmax() == 5
    assert by_day.max() < 2 * by_day.min()


def test_zones_are_skewed_and_users_more_so() -> None:
    share = trips().zone.value_counts(normalize=True)
    assert 0.08 < share.iloc[0] < 0.12
    assert share.iloc[:26].sum() > 0.5 > share.iloc[:5].sum()
    assert len(share) > 250
    users = whole("clicks", rows=50_000, partitions=1, seed=3)["user"].to_pandas()
    assert 0.05 < users.value_counts(normalize=True).iloc[0] < 0.08
    assert users.nunique() > 10_000


def test_only_card_and_app_tip_and_only_for_a_drive() -> None:
    frame = trips()
    tipped = frame.assign(tipped=frame.tip_cents > 0).groupby("payment").tipped.mean()
    assert tipped[["cash", "voucher"]].tolist() == [0, 0]
    assert (tipped[["card", "app"]] > 0.6).all()
    off = frame[frame.distance_m == 0]
    assert 0.003 < len(off) / len(frame) < 0.007
    assert set(off.fare_cents) == {400}
    assert set(off.tip_cents) == {0}


def test_fares_follow_the_distance() -> None:
    frame = trips()
    driven = frame[frame.distance_m > 0]
    assert driven.fare_cents.corr(driven.distance_m) > 0.9
    assert (driven.fare_cents >= 250 + driven.distance_m * 18 // 100).all()
    assert driven.distance_m.between(200, 200_000).all()
    assert frame.passengers.between(1, 6).all()


def test_text_is_words_of_the_town_most_of_them_common() -> None:
    lines = whole("text", rows=5000, partitions=2)["line"].to_pylist()
    words = pd.Series(" ".join(lines).split(" "))
    assert set(words) <= set(TABLES["text"].WORDS)
    assert {len(line.split(" ")) for line in lines} == set(range(3, 16))
    assert words.value_counts().index[0] == "the"
    assert {"card", "Z037"} <= set(words)
