"""Splits what is too large, and merges neighbours as long as they fit."""

# pyright: reportReturnType=false

import math

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    limit = mb * 1_000_000
    groups, room = [], 0.0
    for number, size in enumerate(frame.memory_usage_per_partition(deep=True).compute()):
        pieces = max(1, math.ceil(size / limit))
        part = frame.partitions[number].repartition(npartitions=pieces)
        for piece in part.partitions:
            if size / pieces > room:
                groups.append([])
                room = limit
            groups[-1].append(piece)
            room -= size / pieces
    return dd.concat([dd.concat(group).repartition(npartitions=1) for group in groups])
