"""Objects and buckets as GCS describes them in JSON, and what of that a client may write."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from infra.store.blob import Record
from infra.store.refusal import bad_request, not_there

FIELDS = {
    "cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "contentType",
    "customTime", "metadata", "storageClass",
}  # fmt: skip
BUCKET_FIELDS = {"labels", "location", "locationType", "storageClass", "iamConfiguration"}
CLASSES = {"STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"}


def writable(told: dict[str, Any]) -> dict[str, Any]:
    """What a writer may say of an object, of all that was told."""
    fields = {name: value for name, value in told.items() if name in FIELDS}
    metadata = fields.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise bad_request("metadata: give an object of texts.")
    if fields.get("storageClass", "STANDARD") not in CLASSES:
        raise bad_request(f"storageClass: one of {', '.join(sorted(CLASSES))}.")
    return fields


def bucket_fields(told: dict[str, Any]) -> dict[str, Any]:
    refused = set(told) - BUCKET_FIELDS - {"name", "kind", "projectNumber"}
    if any(told[name] for name in refused):
        raise not_there(f"bucket setting {min(refused)!r}")
    return {name: value for name, value in told.items() if name in BUCKET_FIELDS}


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**old, **new}.items() if value is not None}


def bucket_resource(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """A bucket as GCS describes it."""
    usual = {"location": "US", "locationType": "multi-region", "storageClass": "STANDARD"}
    told = usual | about | {"metageneration": str(about["metageneration"])}
    return {"kind": "storage#bucket", "id": name, "name": name, "projectNumber": "0"} | told


def resource(record: Record, host: str) -> dict[str, Any]:
    """An object as GCS describes it."""
    where = f"b/{record.bucket}/o/{quote(record.name, safe='')}"
    generation = str(record.generation)
    told = {
        "kind": "storage#object",
        "id": f"{record.bucket}/{record.name}/{generation}",
        "selfLink": f"{host}/storage/v1/{where}",
        "mediaLink": f"{host}/download/storage/v1/{where}?generation={generation}&alt=media",
        "name": record.name,
        "bucket": record.bucket,
        "generation": generation,
        "metageneration": str(record.metageneration),
        "size": str(record.size),
        "crc32c": record.crc32c,
        "md5Hash": record.md5,
        "etag": etag(record),
        "timeCreated": record.created,
        "updated": record.updated,
        "timeStorageClassUpdated": record.created,
        "storageClass": "STANDARD",
        "componentCount": record.components,
    }
    return {name: value for name, value in (told | record.fields).items() if value is not None}


def etag(record: Record) -> str:
    return f"{record.generation:x}-{record.metageneration:x}"
