"""How bytes come in: at once, in several parts, or in pieces that can be resumed."""

import base64
import json

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.store.multipart import split
from tests.infra.store_client import Client


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize(
    "data", [b"", b"\r", b"x\r\n", b"\n--mark", b"\r\n--mark\r\nx", b"a" * 70000]
)
def test_multipart_uploads_keep_every_byte(client: Client, end: str, data: bytes) -> None:
    head = f"--mark{end}Content-Type: application/json{end}{end}" + json.dumps({"name": "multi"})
    head += f"{end}--mark{end}Content-Type: text/x{end}{end}"
    body = head.encode() + data + f"{end}--mark--".encode()
    for told in (body, (body[i : i + 7001] for i in range(0, len(body), 7001))):
        made = client(
            "POST", "b/lab/o", "/upload", params={"uploadType": "multipart"}, data=told,
            headers={"Content-Type": 'multipart/related; boundary="mark"'},
        )  # fmt: skip
        assert (made.status_code, made.json()["contentType"]) == (200, "text/x")
        assert client.get("multi").content == data


@given(st.lists(st.binary(max_size=50), max_size=5), st.sampled_from([b"\r\n", b"\n"]))
@settings(deadline=None)
def test_parts_come_out_as_they_went_in(bodies: list[bytes], end: bytes) -> None:
    if any(b"--mark" in body for body in bodies):
        return
    text = b"".join(b"--mark" + end + b"K: v" + end * 2 + body + end for body in bodies)
    parts = split(text + b"--mark--" + end, b"mark") if bodies else []
    assert [part.body for part in parts] == bodies
    assert all(part.headers == {"k": "v"} for part in parts)


def begin(client: Client, name: str, **headers: str) -> str:
    started = client(
        "POST", "b/lab/o", "/upload", params={"uploadType": "resumable"}, json={"name": name},
        headers=headers,
    )  # fmt: skip
    return started.headers["Location"]


def piece(client: Client, session: str, data: bytes, wanted: str) -> requests.Response:
    headers = {"Content-Range": f"bytes {wanted}"}
    return client("PUT", session, data=data, headers=headers, allow_redirects=False)


def test_a_resumable_upload_says_how_far_it_is_and_goes_on(client: Client) -> None:
    session = begin(client, "resumed")
    asked = piece(client, session, b"", "*/*")
    assert (asked.status_code, "Range" in asked.headers) == (308, False)
    assert piece(client, session, b"abcd", "0-3/*").headers["Range"] == "bytes=0-3"
    assert piece(client, session, b"", "*/10").headers["Range"] == "bytes=0-3"
    assert piece(client, session, b"cdef", "2-5/10").headers["Range"] == "bytes=0-5"
    assert piece(client, session, b"z", "9-9/10").status_code == 400
    assert client.get("resumed").status_code == 404
    done = piece(client, session, b"ghij", "6-9/10")
    assert (done.status_code, done.json()["size"]) == (200, "10")
    assert client.get("resumed").content == b"abcdefghij"
    assert piece(client, session, b"", "*/10").json() == done.json()  # if that answer was lost


def test_a_resumable_upload_can_be_given_up(client: Client) -> None:
    session = begin(client, "given-up", **{"X-Upload-Content-Length": str(5 * 2**30)})
    assert piece(client, session, b"a" * 1000, f"0-999/{5 * 2**30}").status_code == 308
    assert client("DELETE", session).status_code == 499
    assert piece(client, session, b"", "*/*").status_code == 410
    assert client.get("given-up").status_code == 404


def test_damaged_bytes_are_not_taken(client: Client) -> None:
    wrong = base64.b64encode(bytes(4)).decode()
    for headers in ({"X-Goog-Hash": f"crc32c={wrong}"}, {"Content-MD5": wrong}):
        refused = client(
            "POST", "b/lab/o", "/upload", params={"uploadType": "media", "name": "damaged"},
            data=b"x", headers=headers,
        )  # fmt: skip
        assert (refused.status_code, "the bytes were damaged" in refused.text) == (400, True)
    assert client.get("damaged").status_code == 404
