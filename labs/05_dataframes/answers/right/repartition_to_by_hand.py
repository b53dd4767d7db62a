"""Splits what is too large, and merges neighbours as long as they fit."""

# pyright: reportReturnType=false

import math

import dask.dataframe as dd


def repartition_to(frame: dd.DataFrame, mb: float) -> dd.DataFrame:
    limit = mb * 1_000_000
    groups, room = [], 0.0
    for number, size in enumerate(frame.memory_usage_per_partition(deep=True).compute()):
        pieces = max(1, math.ceil(size / limit))
        part = frame.partitions[number]
        split = part.repartition(npartitions=pieces).partitions if pieces > 1 else [part]
        for piece in split:
            if size / pieces > room:
                groups.append([])
                room = limit
            groups[-1].append(piece)
            room -= size / pieces
    return dd.concat([merged(group) for group in groups])


def merged(parts: list[dd.DataFrame]) -> dd.DataFrame:
    return dd.concat(parts).repartition(npartitions=1) if len(parts) > 1 else parts[0]
