"""Copies, and leaves the old names.

caught_by: test_move_gives_new_names
hint: no longer at its old place
"""


def move(old: str, new: str) -> int:
    source, target = blob_of(f"{old}/"), blob_of(f"{new}/")
    bucket = source.bucket
    found = list(bucket.client.list_blobs(bucket, prefix=source.name))
    for blob in found:
        name = str(target.name) + blob.name.removeprefix(source.name)
        bucket.copy_blob(blob, bucket, name)
    return len(found)
