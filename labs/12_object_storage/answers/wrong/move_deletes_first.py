"""Takes the bytes along and deletes before the new object is there.

caught_by: test_move_loses_nothing_when_it_is_broken_off
hint: the object was gone already
"""


def move(old: str, new: str) -> int:
    source, target = blob_of(f"{old}/"), blob_of(f"{new}/")
    bucket = source.bucket
    found = list(bucket.client.list_blobs(bucket, prefix=source.name))
    for blob in found:
        name = str(target.name) + blob.name.removeprefix(source.name)
        data = blob.download_as_bytes()
        blob.delete()
        bucket.blob(name).upload_from_string(data)
    return len(found)
