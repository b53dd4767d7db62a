"""Lists by the prefix alone, so that `raw-old` is taken along.

caught_by: test_move_gives_new_names
hint: begins with the same letters
"""


def move(old: str, new: str) -> int:
    source, target = blob_of(old), blob_of(new)
    bucket = source.bucket
    found = list(bucket.client.list_blobs(bucket, prefix=source.name))
    for blob in found:
        name = str(target.name) + blob.name.removeprefix(source.name)
        bucket.copy_blob(blob, bucket, name)
        blob.delete()
    return len(found)
