"""The methods of GCS's JSON API that need no stream: each is a function, ROUTES says which.

A Call is what was asked, whether it came alone or as a part of a batch. An answer is a dictionary,
to be sent as JSON, or None, to be sent as 204. What is in neither ROUTES nor PARAMETERS is not
there, and is refused with 501: silence would be a wrong answer.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from infra.store.blob import Record
from infra.store.conditions import Conditions, conditions, whole
from infra.store.listing import Wanted, page
from infra.store.refusal import Refusal, bad_request, not_there
from infra.store.resource import bucket_fields, bucket_resource, merge, resource, writable
from infra.store.shelf import Shelf

HEADERS_NOT_THERE = {"If-Match", "If-None-Match", "X-Goog-Encryption-Algorithm"}
MOST_SOURCES = 32  # of one compose
PARAMETERS = {
    "alt", "delimiter", "endOffset", "generation", "maxResults", "name", "pageToken", "prefix",
    "sourceGeneration", "startOffset", "uploadType", "upload_id",
    *(f"if{source}{meta}Match" for source in ("", "Source")
      for meta in ("Generation", "GenerationNot", "Metageneration", "MetagenerationNot")),
}  # fmt: skip
WITHOUT_EFFECT = {  # what is billed, printed or left out, and who may see it: all may
    "fields", "key", "maxBytesRewrittenPerCall", "predefinedAcl", "predefinedDefaultObjectAcl",
    "prettyPrint", "project", "projection", "quotaUser", "userProject", "$alt",
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A request without its surroundings. ``path`` is split at its slashes, then unquoted."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    host: str = ""

    def json(self) -> dict[str, Any]:
        try:
            told = json.loads(self.body or b"{}")
        except ValueError as error:
            raise bad_request(f"The body is no JSON: {error}.") from None
        if not isinstance(told, dict):
            raise bad_request("The body is no JSON object.")
        return told


Answer = dict[str, Any] | None
Method = Callable[..., Awaitable[Answer]]


def check_parameters(call: Call) -> None:
    """Refuse what would be ignored."""
    flags = {name for name, value in call.query.items() if value == "false"}
    unknown = set(call.query) - PARAMETERS - WITHOUT_EFFECT - flags
    unknown |= {name for name in HEADERS_NOT_THERE if name in call.headers}
    if unknown:
        raise not_there(f"parameter {min(unknown)!r}")


async def list_buckets(shelf: Shelf, call: Call) -> Answer:
    most = whole(call.query, "maxResults") or 1000
    asked = Wanted(call.query.get("prefix", ""), most=most, token=call.query.get("pageToken", ""))
    found = page(sorted(shelf.buckets), asked)
    return _page("storage#buckets", [_told(shelf, name) for name in found.names], found.token)


async def insert_bucket(shelf: Shelf, call: Call) -> Answer:
    told = call.json()
    name = told.pop("name", None)
    shelf.create_bucket(name, bucket_fields(told))
    return _told(shelf, name)


async def get_bucket(shelf: Shelf, call: Call, bucket: str) -> Answer:
    _check_bucket(shelf, call, bucket)
    return _told(shelf, bucket)


async def patch_bucket(shelf: Shelf, call: Call, bucket: str) -> Answer:
    _check_bucket(shelf, call, bucket)
    shelf.describe(shelf.bucket(bucket), bucket_fields(call.json()))
    return _told(shelf, bucket)


async def delete_bucket(shelf: Shelf, call: Call, bucket: str) -> Answer:
    _check_bucket(shelf, call, bucket)
    shelf.delete_bucket(bucket)


async def list_objects(shelf: Shelf, call: Call, bucket: str) -> Answer:
    ask = call.query.get
    most = whole(call.query, "maxResults") or 1000
    wanted = Wanted(
        ask("prefix", ""), ask("delimiter", ""), ask("startOffset", ""), ask("endOffset", ""),
        min(most, 1000), ask("pageToken", ""),
    )  # fmt: skip
    home = shelf.bucket(bucket)
    found = page(home.names, wanted)
    items = [resource(home.records[name], call.host) for name in found.names]
    answer = _page("storage#objects", items, found.token)
    return answer | ({"prefixes": found.prefixes} if found.prefixes else {})


async def get_object(shelf: Shelf, call: Call, bucket: str, name: str) -> Answer:
    return resource(look_up(shelf, call, bucket, name), call.host)


async def patch_object(shelf: Shelf, call: Call, bucket: str, name: str) -> Answer:
    """Fields that are named change, and null takes one away; in ``metadata`` key by key."""
    told = writable(call.json())
    look_up(shelf, call, bucket, name)

    def change(fields: dict[str, Any]) -> dict[str, Any]:
        if isinstance(told.get("metadata"), dict):
            merged = merge(fields.get("metadata", {}), told["metadata"])
            return merge(fields, told | {"metadata": merged})
        return merge(fields, told)

    return resource(await shelf.describe_object(bucket, name, change, _exact(call)), call.host)


async def update_object(shelf: Shelf, call: Call, bucket: str, name: str) -> Answer:
    """The fields are those that are named, and no others."""
    told = writable(call.json())
    look_up(shelf, call, bucket, name)

    def change(fields: dict[str, Any]) -> dict[str, Any]:
        return merge({"storageClass": fields.get("storageClass")}, told)

    return resource(await shelf.describe_object(bucket, name, change, _exact(call)), call.host)


async def delete_object(shelf: Shelf, call: Call, bucket: str, name: str) -> Answer:
    look_up(shelf, call, bucket, name)
    await shelf.delete(bucket, name, _exact(call))


async def copy_object(
    shelf: Shelf, call: Call, bucket: str, name: str, to_bucket: str, to_name: str
) -> Answer:
    source = look_up(shelf, call, bucket, name, "ifSource")
    told = writable(call.json())
    fields = merge({}, told) if set(told) - {"storageClass"} else source.fields | told
    async with shelf.drafting(to_bucket) as draft:
        await asyncio.to_thread(shelf.copy, source, draft)
        made = await shelf.commit(
            draft, to_bucket, to_name, fields, conditions(call.query), source.components
        )
    return resource(made, call.host)


async def rewrite_object(
    shelf: Shelf, call: Call, bucket: str, name: str, to_bucket: str, to_name: str
) -> Answer:
    """A copy, in a single step however large: GCS may ask to call again, this store never does."""
    made = await copy_object(shelf, call, bucket, name, to_bucket, to_name)
    assert made is not None
    size = {"totalBytesRewritten": made["size"], "objectSize": made["size"]}
    return {"kind": "storage#rewriteResponse", "done": True, "resource": made} | size


async def move_object(shelf: Shelf, call: Call, bucket: str, name: str, to_name: str) -> Answer:
    """A copy and a deletion: for a moment there are both."""
    source = look_up(shelf, call, bucket, name, "ifSource")
    made = await copy_object(shelf, call, bucket, name, bucket, to_name)
    if name != to_name:
        await shelf.delete(bucket, name, Conditions(source.generation))
    return made


async def compose_object(shelf: Shelf, call: Call, bucket: str, name: str) -> Answer:
    """Objects of the bucket, one behind the other, as a new object."""
    told = call.json()
    sources = told.get("sourceObjects", [])
    if not 1 <= len(sources) <= MOST_SOURCES:
        raise bad_request(f"sourceObjects: {len(sources)} of them; 1 to {MOST_SOURCES} compose.")
    records = [_source(shelf, bucket, source) for source in sources]
    count = sum(record.components or 1 for record in records)
    async with shelf.drafting(bucket) as draft:
        for record in records:
            await asyncio.to_thread(shelf.copy, record, draft)
        fields = merge({}, writable(told.get("destination") or {}))
        made = await shelf.commit(draft, bucket, name, fields, conditions(call.query), count)
    return resource(made, call.host)


ROUTES: tuple[tuple[str, str, str, Method], ...] = (
    ("buckets.list", "GET", "b", list_buckets),
    ("buckets.insert", "POST", "b", insert_bucket),
    ("buckets.get", "GET", "b/{bucket}", get_bucket),
    ("buckets.patch", "PATCH", "b/{bucket}", patch_bucket),
    ("buckets.delete", "DELETE", "b/{bucket}", delete_bucket),
    ("objects.list", "GET", "b/{bucket}/o", list_objects),
    ("objects.get", "GET", "b/{bucket}/o/{name}", get_object),
    ("objects.patch", "PATCH", "b/{bucket}/o/{name}", patch_object),
    ("objects.update", "PUT", "b/{bucket}/o/{name}", update_object),
    ("objects.delete", "DELETE", "b/{bucket}/o/{name}", delete_object),
    ("objects.compose", "POST", "b/{bucket}/o/{name}/compose", compose_object),
    ("objects.move", "POST", "b/{bucket}/o/{name}/moveTo/o/{to_name}", move_object),
    ("objects.copy", "POST", "b/{bucket}/o/{name}/copyTo/b/{to_bucket}/o/{to_name}", copy_object),
    ("objects.rewrite", "POST", "b/{bucket}/o/{name}/rewriteTo/b/{to_bucket}/o/{to_name}",
     rewrite_object),
)  # fmt: skip


def route(method: str, path: tuple[str, ...]) -> tuple[str, Method, dict[str, str]]:
    """GCS's name of what is asked, the function that does it, and the names in the path."""
    for kind, verb, pattern, function in ROUTES:
        words = pattern.split("/")
        fits = len(words) == len(path) and all(
            word == part or word[0] == "{" for word, part in zip(words, path, strict=True)
        )
        if verb == method and fits:
            pairs = zip(words, path, strict=True)
            return kind, function, {w.strip("{}"): part for w, part in pairs if w[0] == "{"}
    raise not_there(f"method {method} /{'/'.join(path)}")


async def perform(shelf: Shelf, call: Call) -> Answer:
    check_parameters(call)
    _, function, names = route(call.method, call.path)
    return await function(shelf, call, **names)


def look_up(shelf: Shelf, call: Call, bucket: str, name: str, prefix: str = "if") -> Record:
    """The object that a call is about, if its generation and its conditions fit."""
    found = shelf.bucket(bucket).records.get(name)
    asked = whole(call.query, "generation" if prefix == "if" else "sourceGeneration")
    if found and asked not in (None, found.generation):
        found = None
    if found is None:
        raise Refusal(404, "notFound", f"No such object: {bucket}/{name}")
    conditions(call.query, prefix).check(found, f"{bucket}/{name}")
    return found


def _exact(call: Call) -> Conditions:
    """The conditions of a change; one that names a generation means no other."""
    wanted = conditions(call.query)
    named = whole(call.query, "generation")
    return wanted if named is None else replace(wanted, generation=named)


def _source(shelf: Shelf, bucket: str, told: dict[str, Any]) -> Record:
    record = shelf.find(bucket, told.get("name", ""))
    match = (told.get("objectPreconditions") or {}).get("ifGenerationMatch")
    wanted = [int(number) for number in (match, told.get("generation")) if number is not None]
    for number in wanted:
        Conditions(number).check(record, f"{bucket}/{record.name}")
    return record


def _check_bucket(shelf: Shelf, call: Call, name: str) -> None:
    number = shelf.bucket(name).about["metageneration"]
    wanted = conditions(call.query)
    if number == wanted.not_metageneration or wanted.metageneration not in (None, number):
        raise Refusal(412, "conditionNotMet", f"{name}: its metageneration is {number}.")


def _page(kind: str, items: list[Any], token: str) -> dict[str, Any]:
    more = {"nextPageToken": token} if token else {}
    return {"kind": kind} | ({"items": items} if items else {}) | more


def _told(shelf: Shelf, name: str) -> dict[str, Any]:
    return bucket_resource(name, shelf.bucket(name).about)
