"""Conformance: what real clients, and what stands on them, do with the store as with GCS."""

import datetime
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask.bag as db
import dask.dataframe as dd
import fsspec
import gcsfs
import numpy as np
import pandas as pd
import pyarrow.fs
import pytest
import s3fs
import zarr
from dask import config
from google.api_core.exceptions import PreconditionFailed
from google.cloud import storage
from moto.server import ThreadedMotoServer

from infra import Bucket, Faults, bucket, connect_bucket, content_hash, make

pytestmark = pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")  # gcsfs does
LARGE = np.random.default_rng(1).bytes(3 * 2**20 + 17)


@pytest.fixture(scope="module")
def lab() -> Iterator[Bucket]:
    with bucket("lab") as made:
        yield made


@pytest.fixture(scope="module")
def gcs(lab: Bucket) -> gcsfs.GCSFileSystem:
    assert lab.url == "gs://lab"
    return gcsfs.GCSFileSystem()


@pytest.fixture(scope="module")
def google(lab: Bucket) -> Iterator[storage.Bucket]:
    client = storage.Client(project="outgrow")
    yield client.bucket(lab.url.removeprefix("gs://"))
    client.close()


@pytest.fixture(scope="module")
def arrow(lab: Bucket) -> pyarrow.fs.GcsFileSystem:
    return pyarrow.fs.GcsFileSystem(
        anonymous=True, scheme="http", endpoint_override=lab.ours.address.removeprefix("http://"),
        project_id="outgrow", retry_time_limit=datetime.timedelta(seconds=10),
    )  # fmt: skip


@pytest.fixture
def threads() -> Iterator[None]:
    with config.set(scheduler="threads"):
        yield


@pytest.mark.parametrize("data", [b"", b"\r", b"line\r\n", LARGE], ids=len)
def test_gcsfs_puts_gets_and_reads_ranges(gcs: gcsfs.GCSFileSystem, data: bytes, tmp_path: Path):
    (tmp_path / "up").write_bytes(data)
    gcs.put_file(str(tmp_path / "up"), "lab/g/put", consistency="md5")
    gcs.pipe_file("lab/g/pipe", data, consistency="md5")
    gcs.get_file("lab/g/put", str(tmp_path / "down"), consistency="md5")
    assert (tmp_path / "down").read_bytes() == gcs.cat_file("lab/g/pipe") == data
    assert gcs.info("lab/g/put")["size"] == len(data)
    if len(data) > 4:
        assert gcs.cat_file("lab/g/put", start=-3) == data[-3:]
        assert gcs.cat_file("lab/g/put", start=1, end=5) == data[1:5]


def test_gcsfs_uploads_in_pieces_that_can_be_discarded(gcs: Any):
    with gcs.open("lab/g/pieces", "wb", block_size=2**18) as file:
        for start in range(0, len(LARGE), 100_000):
            file.write(LARGE[start : start + 100_000])
    assert gcs.cat_file("lab/g/pieces") == LARGE
    gcs.start_transaction()
    with gcs.open("lab/g/never", "wb", block_size=2**18) as file:
        file.write(LARGE)
    gcs._transaction.complete(commit=False)
    assert not gcs.exists("lab/g/never")


def test_gcsfs_lists_moves_copies_composes_and_removes(gcs: gcsfs.GCSFileSystem):
    gcs.pipe({f"lab/tree/{i % 3}/{i}": b"%d" % i for i in range(30)})
    assert gcs.ls("lab/tree") == ["lab/tree/0", "lab/tree/1", "lab/tree/2"]
    assert len(gcs.find("lab/tree")) == 30
    assert sorted(gcs.glob("lab/tree/*/1*"))[:2] == ["lab/tree/0/12", "lab/tree/0/15"]
    gcs.mv("lab/tree/0/0", "lab/tree/moved")
    gcs.cp_file("lab/tree/moved", "lab/tree/copied")
    gcs.merge("lab/tree/merged", ["lab/tree/1/1", "lab/tree/2/2"])
    assert (gcs.cat_file("lab/tree/copied"), gcs.cat_file("lab/tree/merged")) == (b"0", b"12")
    gcs.rm("lab/tree", recursive=True)
    gcs.invalidate_cache()
    assert not gcs.exists("lab/tree")
    with pytest.raises(FileExistsError):
        gcs.pipe_file("lab/g/pipe", b"", mode="create")


def test_gcsfs_keeps_metadata_and_makes_buckets(gcs: gcsfs.GCSFileSystem):
    gcs.pipe_file("lab/g/told", b"x", content_type="text/plain")
    gcs.setxattrs("lab/g/told", owner="us")
    assert gcs.getxattr("lab/g/told", "owner") == "us"
    assert gcs.info("lab/g/told")["contentType"] == "text/plain"
    gcs.mkdir("another-lab")
    assert {"lab/", "another-lab/"} <= {f"{name.rstrip('/')}/" for name in gcs.ls("")}
    gcs.rmdir("another-lab")
    gcs.invalidate_cache()  # gcsfs takes the list of buckets for all that there is


@pytest.mark.parametrize("data", [b"", b"end\r", LARGE], ids=len)
@pytest.mark.parametrize("piece", [None, 2**18])
def test_google_uploads_and_verifies(google: storage.Bucket, data: bytes, piece: int | None):
    blob = google.blob("c/ü b", chunk_size=piece)
    blob.upload_from_string(data, checksum="crc32c")
    assert google.blob("c/ü b").download_as_bytes(checksum="md5") == data
    assert google.blob("c/ü b").download_as_bytes(checksum="crc32c") == data
    with google.blob("c/stream").open("wb", chunk_size=2**18) as file:
        file.write(data)  # type: ignore[arg-type]
    with google.blob("c/stream").open("rb") as file:
        assert file.read() == data


def test_google_honours_generations(google: storage.Bucket):
    blob = google.blob("c/once")
    blob.upload_from_string("first", if_generation_match=0)
    with pytest.raises(PreconditionFailed):
        google.blob("c/once").upload_from_string("second", if_generation_match=0)
    blob.upload_from_string("third", if_generation_match=blob.generation)
    assert google.blob("c/once").download_as_text() == "third"
    with pytest.raises(PreconditionFailed):
        blob.delete(if_generation_match=1)


def test_google_pages_batches_patches_and_composes(google: storage.Bucket):
    for number in range(7):
        google.blob(f"n/{number % 2}/{number}").upload_from_string(str(number))
    pages = google.client.list_blobs(google, prefix="n/", page_size=3).pages
    assert [[blob.name[-1] for blob in page] for page in pages] == [
        ["0", "2", "4"],
        ["6", "1", "3"],
        ["5"],
    ]
    folded = google.client.list_blobs(google, prefix="n/", delimiter="/")
    assert (list(folded), folded.prefixes) == ([], {"n/0/", "n/1/"})
    blob = google.blob("n/whole")
    blob.compose([google.blob("n/0/2"), google.blob("n/1/3")])
    blob.metadata = {"made": "here"}
    blob.patch()
    blob.update_storage_class("NEARLINE")
    blob.reload()
    assert (blob.download_as_bytes(), blob.metadata, blob.storage_class, blob.component_count) == (
        b"23", {"made": "here"}, "NEARLINE", 2,
    )  # fmt: skip
    assert google.rename_blob(blob, "n/renamed").exists()
    with google.client.batch():
        for number in range(7):
            google.blob(f"n/{number % 2}/{number}").delete()
    assert [left.name for left in google.list_blobs(prefix="n/")] == ["n/renamed"]


def test_arrow_writes_reads_lists_and_moves(arrow: pyarrow.fs.GcsFileSystem):
    arrow.create_dir("lab/arrow")
    for name, data in (("large", LARGE), ("small", b"end\r"), ("empty", b"")):
        with arrow.open_output_stream(f"lab/arrow/{name}", metadata={"made": "here"}) as file:
            file.write(data)
        with arrow.open_input_stream(f"lab/arrow/{name}") as file:
            assert file.read() == data
    with arrow.open_input_file("lab/arrow/large") as file:
        assert file.read_at(1000, 2**20) == LARGE[2**20 : 2**20 + 1000]
    arrow.copy_file("lab/arrow/large", "lab/arrow/copy")
    arrow.move("lab/arrow/copy", "lab/arrow/moved")
    found = arrow.get_file_info(pyarrow.fs.FileSelector("lab/arrow", recursive=True))
    sizes = {info.base_name: info.size for info in found}
    assert sizes == {"large": len(LARGE), "moved": len(LARGE), "small": 4, "empty": 0}
    arrow.delete_dir("lab/arrow")
    assert arrow.get_file_info("lab/arrow/large").type == pyarrow.fs.FileType.NotFound
    arrow.create_dir("arrow-lab")
    arrow.delete_dir("arrow-lab")


def test_our_datasets_lie_in_a_bucket_as_in_a_folder(lab: Bucket, tmp_path: Path):
    order: dict[str, Any] = {"rows": 5000, "partitions": 3}
    url = make("trips", f"{lab.url}/trips", **order)
    with lab.watch() as facts:
        assert make("trips", url, **order) == url
    assert facts.bytes_up == 0
    make("trips", f"{lab.url}/trips", rows=4000, partitions=2)
    assert content_hash(url) == content_hash(make("trips", tmp_path, rows=4000, partitions=2))
    assert fsspec.filesystem("gs").ls(f"{lab.url}/trips")[-1] == "lab/trips/part-00001.parquet"


def test_dask_reads_and_writes_parquet(lab: Bucket):
    url = make("trips", f"{lab.url}/dask/trips", rows=5000, partitions=3)
    frame = dd.read_parquet(url)
    frame.to_parquet(f"{lab.url}/dask/copy")
    again = dd.read_parquet(f"{lab.url}/dask/copy", columns=["fare_cents"], filesystem="fsspec")
    with lab.watch() as facts:
        total = again.fare_cents.sum().compute()
    assert total == frame.fare_cents.sum().compute() == pd.read_parquet(url).fare_cents.sum()
    parts = {f"lab/dask/copy/part.{i}.parquet" for i in range(3)}
    assert (parts <= set(facts.objects), facts.by_kind["objects.read"] >= 3) == (True, True)
    arrow: Any = dd.read_parquet(f"{lab.url}/dask/copy", filesystem="arrow")
    assert arrow.fare_cents.sum().compute() == total


@pytest.mark.usefixtures("threads")
def test_dask_bags_hold_avro_and_packed_text(lab: Bucket):
    records = [{"name": f"n{i}", "value": i} for i in range(100)]
    fields = [{"name": "name", "type": "string"}, {"name": "value", "type": "long"}]
    schema = {"name": "Record", "type": "record", "fields": fields}
    bag: Any = db.from_sequence(records, npartitions=3)
    bag.to_avro(f"{lab.url}/avro/*.avro", schema)
    assert db.read_avro(f"{lab.url}/avro/*.avro").compute() == records
    bag.pluck("name").to_textfiles(f"{lab.url}/text/*.gz")
    text: Any = db.read_text(f"{lab.url}/text/*.gz")
    lines = text.map(str.strip).compute()
    assert lines == [record["name"] for record in records]


@pytest.mark.parametrize("shards", [None, (40, 40)])
def test_zarr_arrays_are_read_by_chunk(lab: Bucket, shards: tuple[int, int] | None):
    values = np.arange(80 * 80).reshape(80, 80)
    url = f"{lab.url}/zarr/{bool(shards)}"
    made: Any = zarr.create_array(url, data=values, chunks=(10, 10), shards=shards, overwrite=True)
    assert made.metadata.zarr_format == 3
    array: Any = zarr.open_array(url, mode="r")
    with lab.watch() as facts:
        assert (array[5:15, 5:15] == values[5:15, 5:15]).all()
    assert facts.bytes_down < values.nbytes // 4
    assert (array[:] == values).all()


DVC = """
import os, shutil, sys
from dvc.cli import main
def dvc(*words):
    assert main(list(words)) == 0, words
dvc("init", "-q", "--no-scm")
dvc("remote", "add", "-q", "-d", "store", "gs://lab/dvc")
dvc("remote", "modify", "-q", "store", "endpointurl", os.environ["STORAGE_EMULATOR_HOST"])
dvc("remote", "modify", "-q", "store", "allow_anonymous_login", "true")
dvc("remote", "modify", "-q", "store", "verify", "true")
dvc("add", "-q", "data"); dvc("push", "-q"); dvc("status", "-q", "-c")
shutil.rmtree("data"); shutil.rmtree(".dvc/cache"); dvc("pull", "-q")
"""


def test_dvc_pushes_and_pulls(lab: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR", "DVC_SITE_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    for name in ("DVC_NO_ANALYTICS", "DVC_STUDIO_OFFLINE", "DVC_DAEMON"):
        monkeypatch.setenv(name, "1")
    work = tmp_path / "work"
    files = {f"{i}.txt": f"{i}\r".encode() * i for i in range(5)}
    (work / "data").mkdir(parents=True)
    for name, data in files.items():
        (work / "data" / name).write_bytes(data)
    with lab.watch() as facts:
        command = [sys.executable, "-c", DVC]
        ran = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert {path.name: path.read_bytes() for path in (work / "data").iterdir()} == files
    sent = sum(len(data) for data in files.values())
    assert facts.bytes_down > facts.bytes_up > sent  # with verify, what comes is read back


def test_the_same_lines_run_on_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    for name, value in (
        ("ACCESS_KEY_ID", "k"),
        ("SECRET_ACCESS_KEY", "s"),
        ("ENDPOINT_URL", address),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("OUTGROW_BUCKET", "s3://lab")
    lab = connect_bucket()
    fsspec.filesystem("s3").mkdir("lab")
    url = make("clicks", f"{lab.url}/clicks", rows=1000, partitions=2)
    assert content_hash(url) == content_hash(make("clicks", tmp_path, rows=1000, partitions=2))
    with lab.watch() as facts, pytest.warns(UserWarning, match="no faults are made"):
        lab.inject(Faults(latency=1))
    assert (str(facts.bytes_down), facts.by_kind) == ("nan", {})
    with pytest.raises(LookupError, match="has no log to read"):
        lab.log()
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()
