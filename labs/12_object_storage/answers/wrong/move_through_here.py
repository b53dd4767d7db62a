"""Downloads each object and uploads it again.

caught_by: test_move_leaves_the_bytes_where_they_are
hint: a journey to you and back
"""


def move(old: str, new: str) -> int:
    source, target = blob_of(f"{old}/"), blob_of(f"{new}/")
    bucket = source.bucket
    found = list(bucket.client.list_blobs(bucket, prefix=source.name))
    for blob in found:
        name = str(target.name) + blob.name.removeprefix(source.name)
        bucket.blob(name).upload_from_string(blob.download_as_bytes())
        blob.delete()
    return len(found)
