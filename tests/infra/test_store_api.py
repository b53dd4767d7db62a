"""The store's own answers, asked by plain HTTP: what GCS's documentation promises, line by line."""

import base64
import doctest
import hashlib

import google_crc32c
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.store import listing
from infra.store.handle import Store
from infra.store.listing import Wanted, page
from tests.infra.store_client import Client

MANY = settings(deadline=None, max_examples=40)
KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=40)
KEY = KEYS.filter(lambda name: name not in (".", "..") and ".well-known" not in name)


def names(client: Client, **query: object) -> list[str]:
    listed = client("GET", f"b/{client.bucket}/o", params=query).json()
    return [item["name"] for item in listed.get("items", [])]


def test_an_object_is_described_with_its_size_and_checksums(client: Client) -> None:
    data = b"hello\r"
    told = client.put("greeting", data).json()
    crc = google_crc32c.value(data).to_bytes(4, "big")
    assert (told["size"], told["crc32c"]) == ("6", base64.b64encode(crc).decode())
    assert told["md5Hash"] == base64.b64encode(hashlib.md5(data).digest()).decode()
    assert client("GET", client.path("greeting")).json() == told
    read = client.get("greeting")
    assert read.content == data
    assert read.headers["X-Goog-Hash"] == f"crc32c={told['crc32c']},md5={told['md5Hash']}"
    assert read.headers["X-Goog-Generation"] == told["generation"]


@MANY
@given(name=KEY, data=st.binary(max_size=300))
def test_any_name_and_any_bytes_come_back(client: Client, name: str, data: bytes) -> None:
    assert client.put(name, data).status_code == 200
    assert client.get(name).content == data
    assert name in names(client, prefix=name)
    assert client("DELETE", client.path(name)).status_code == 204
    assert client.get(name).status_code == 404


@pytest.mark.parametrize(
    "name", ["a/../b", "../../etc/passwd", "x" * 1024, "ü/ \t%2F?#&+", "/", "//"]
)
def test_odd_names_are_names(client: Client, name: str) -> None:
    assert client.put(name, b"1").json()["name"] == name
    assert client.get(name).content == b"1"


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "a\rb", "x" * 1025, "ü" * 513])
def test_names_that_gcs_refuses_are_refused(client: Client, name: str) -> None:
    refused = client.put(name, b"1")
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (400, "invalid")


@pytest.mark.parametrize(
    "name", ["ab", "Lab", "-lab", "lab-", "a" * 64, "10.0.0.1", "goog-lab", "a..b", "my-google", 7]
)
def test_bucket_names_that_gcs_refuses_are_refused(client: Client, name: object) -> None:
    refused = client("POST", "b", json={"name": name})
    assert (refused.status_code, "no bucket's name" in refused.text) == (400, True)


LETTERS = bytes(range(256)) * 2500  # three of the blocks that have checksums of their own
SIZE = len(LETTERS)


def served(first: int, last: int, wanted: str) -> tuple[int, int] | None:
    """Where a range begins and ends, by RFC 9110; None where there is nothing of it."""
    start, stop = {
        "first-last": (first, min(last + 1, SIZE)),
        "first-": (first, SIZE),
        "-last": (max(0, SIZE - last), SIZE),
    }[wanted]
    return (start, stop) if start < stop else None


@MANY
@given(st.integers(0, SIZE + 2), st.integers(0, SIZE + 2))
def test_ranges_are_those_of_http(client: Client, first: int, last: int) -> None:
    if not names(client, prefix="letters"):
        client.put("letters", LETTERS)
    for wanted in ("first-last", "first-", "-last"):
        text = wanted.replace("first", str(first)).replace("last", str(last))
        got, right = client.get("letters", f"bytes={text}"), served(first, last, wanted)
        if wanted == "first-last" and last < first:
            assert (got.status_code, got.content == LETTERS) == (200, True)
        elif right is None:
            assert (got.status_code, str(SIZE) in got.text) == (416, True)
        else:
            assert (got.status_code, got.content == LETTERS[slice(*right)]) == (206, True)
            assert got.headers["Content-Range"] == f"bytes {right[0]}-{right[1] - 1}/{SIZE}"


@given(
    st.sets(st.text("ab/\U0010ffff", min_size=1, max_size=6), max_size=30),
    st.sampled_from(["", "a", "a/", "b"]),
    st.sampled_from(["", "/", "b/"]),
    st.integers(1, 5),
)
@settings(deadline=None, max_examples=300)
def test_pages_hold_each_name_once(keys: set[str], prefix: str, delimiter: str, most: int) -> None:
    below = [key for key in sorted(keys) if key.startswith(prefix)]
    cut = [key.find(delimiter, len(prefix)) if delimiter else -1 for key in below]
    pairs = list(zip(below, cut, strict=True))
    folded = {key[: at + len(delimiter)] for key, at in pairs if at >= 0}
    found: tuple[list[str], list[str]] = [], []
    token = ""
    while True:
        one = page(sorted(keys), Wanted(prefix, delimiter, most=most, token=token))
        assert len(one.names) + len(one.prefixes) <= most
        found[0].extend(one.names)
        found[1].extend(one.prefixes)
        if not (token := one.token):
            break
        assert len(one.names) + len(one.prefixes) == most
    assert found == ([key for key, at in pairs if at < 0], sorted(folded))


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(listing).failed == 0


def test_listings_page_and_fold_over_http(store: Store) -> None:
    store.create("pages")
    client = Client(store.address, "pages")
    for name in ("a", "b/1", "b/2", "c/", "d"):
        client.put(name, b"")
    ask = {"delimiter": "/", "maxResults": 2}
    first = client("GET", "b/pages/o", params=ask).json()
    assert ([item["name"] for item in first["items"]], first["prefixes"]) == (["a"], ["b/"])
    more = ask | {"pageToken": first["nextPageToken"]}
    second = client("GET", "b/pages/o", params=more).json()
    assert ([item["name"] for item in second["items"]], second["prefixes"]) == (["d"], ["c/"])
    assert "nextPageToken" not in second
    assert names(client, startOffset="b/2", endOffset="d") == ["b/2", "c/"]
    assert client("GET", "b/pages/o", params={"pageToken": "nonsense"}).status_code == 400
    assert client("DELETE", "b/pages").status_code == 409
    client.http.close()


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=6))
@settings(deadline=None, max_examples=15)
def test_a_composed_object_is_its_sources_in_order(client: Client, parts: list[bytes]) -> None:
    for index, part in enumerate(parts):
        client.put(f"part-{index}", part)
    told = {"sourceObjects": [{"name": f"part-{index}"} for index in range(len(parts))]}
    made = client("POST", f"{client.path('whole')}/compose", json=told).json()
    assert client.get("whole").content == b"".join(parts)
    assert (made["componentCount"], "md5Hash" in made) == (len(parts), False)
    crc = google_crc32c.value(b"".join(parts)).to_bytes(4, "big")
    assert made["crc32c"] == base64.b64encode(crc).decode()


def test_preconditions_keep_writers_from_overwriting_each_other(client: Client) -> None:
    first = client.put("counter", b"1", ifGenerationMatch=0).json()["generation"]
    assert client.put("counter", b"2", ifGenerationMatch=0).status_code == 412
    second = client.put("counter", b"2", ifGenerationMatch=first).json()["generation"]
    assert int(second) > int(first)
    assert client.put("counter", b"3", ifGenerationMatch=first).status_code == 412
    assert client.put("counter", b"3", ifGenerationNotMatch=second).status_code == 412
    assert client.put("counter", b"3", ifMetagenerationMatch=9).status_code == 412
    assert client.get("counter", ifGenerationNotMatch=second).status_code == 304
    assert client.get("counter", ifGenerationMatch=first).status_code == 412
    assert client.get("counter", generation=first).status_code == 404
    gone = client("DELETE", client.path("counter"), params={"ifGenerationMatch": first})
    assert (gone.status_code, client.get("counter").content) == (412, b"2")


def test_a_patch_changes_what_it_names_and_a_put_all(client: Client) -> None:
    before = client.put("described", b"same").json()
    path = client.path("described")
    patched = client("PATCH", path, json={"metadata": {"a": "1", "b": "2"}}).json()
    assert (patched["metageneration"], patched["generation"]) == ("2", before["generation"])
    client("PATCH", path, json={"metadata": {"a": None}, "storageClass": "COLDLINE"})
    told = client("GET", path).json()
    assert (told["metadata"], told["storageClass"]) == ({"b": "2"}, "COLDLINE")
    updated = client("PUT", path, json={"contentType": "text/plain"}).json()
    assert ("metadata" in updated, updated["contentType"]) == (False, "text/plain")
    assert (updated["md5Hash"], client.get("described").content) == (before["md5Hash"], b"same")
    assert client("PATCH", path, json={"storageClass": "WARM"}).status_code == 400


def test_a_batch_answers_each_part(client: Client) -> None:
    client.put("batched", b"1")
    lines = ("--x", "Content-Type: application/http", "Content-ID: <7>", "")
    calls = [f"{verb} /storage/v1/{client.path('batched')} HTTP/1.1" for verb in ("DELETE", "GET")]
    body = "".join("\r\n".join([*lines, call, "", "", ""]) for call in calls) + "--x--"
    answer = client(
        "POST", f"{client.address}/batch/storage/v1", data=body,
        headers={"Content-Type": "multipart/mixed; boundary=x"},
    )  # fmt: skip
    assert [line.split()[1] for line in answer.text.splitlines() if line[:5] == "HTTP/"] == [
        "204",
        "404",
    ]
    assert answer.text.count("Content-ID: <response-7>") == 2


@pytest.mark.parametrize(
    ("verb", "path", "query"),
    [
        ("GET", "b/lab/o", {"versions": "true"}),
        ("GET", "b/lab/o", {"matchGlob": "*"}),
        ("GET", "b/lab/acl", {}),
        ("GET", "b/lab/iam", {}),
        ("POST", "b/lab/o/watch", {}),
        ("POST", "b/lab/lockRetentionPolicy", {}),
        ("POST", "b/lab/o/x/restore", {}),
        ("GET", "projects/p/hmacKeys", {}),
    ],
)
def test_what_is_not_there_says_so(client: Client, verb: str, path: str, query: dict) -> None:
    refused = client(verb, path, params=query)
    reason = refused.json()["error"]["errors"][0]["reason"]
    assert (refused.status_code, reason, "this store has no" in refused.text) == (
        501,
        "notImplemented",
        True,
    )


def test_settings_of_a_bucket_that_would_have_no_effect_are_refused(client: Client) -> None:
    assert client("PATCH", "b/lab", json={"labels": {"a": "b"}}).json()["labels"] == {"a": "b"}
    assert client("PATCH", "b/lab", json={"versioning": {"enabled": True}}).status_code == 501
    assert client("PATCH", "b/lab", json=[1]).status_code == 400
    assert client("PATCH", "b/lab", data=b"{").status_code == 400


def test_a_request_that_is_none_is_told(client: Client) -> None:
    assert client.get("nothing").status_code == 404
    assert client("GET", "b/no-such/o").status_code == 404
    assert client.put("x", b"1", ifGenerationMatch="one").status_code == 400
    assert client("POST", "b/lab/o", "/upload", params={"uploadType": "new"}).status_code == 400
    assert client.get("x", "bytes=0-1,4-5").status_code in (404, 501)
    assert requests.get(f"{client.address}/lab/x", timeout=5).status_code == 501
