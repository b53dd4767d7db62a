"""Places in the bucket that no other test uses, and what lies there."""

import io

import pyarrow.parquet as pq

import infra


def place(bucket, rng):
    """The URL of a place where nothing lies yet."""
    return f"{bucket.url}/{rng.bytes(6).hex()}"


def name_of(bucket, url):
    """The name, within the bucket, of the object at a URL."""
    return url.removeprefix(f"{bucket.url}/")


def below(bucket, url):
    """The objects below a place: their bytes by what stands behind it in their names."""
    start = name_of(bucket, url) + "/"
    names = [name for name in bucket.names() if name.startswith(start)]
    return {name.removeprefix(start): bucket.get(name) for name in names}


def lay(bucket, url, objects):
    """Lay objects below a place."""
    for name, data in objects.items():
        bucket.put(f"{name_of(bucket, url)}/{name}", data)


def weeks_of_trips(bucket, url, rng, weeks, rows):
    """Lay down trips, a file a week; the tables and the files' sizes by week."""
    seed = int(rng.integers(2**31))
    tables, sizes = {}, {}
    for number in range(weeks):
        week, file = f"2026-W{number + 1:02}", io.BytesIO()
        table = infra.partition("trips", number, rows=rows * weeks, partitions=weeks, seed=seed)
        pq.write_table(table, file)
        lay(bucket, url, {f"week={week}/part-0.parquet": file.getvalue()})
        tables[week], sizes[week] = table.to_pandas(), len(file.getvalue())
    return tables, sizes
