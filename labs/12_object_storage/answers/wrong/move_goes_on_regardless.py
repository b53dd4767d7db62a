"""Goes on when the store refuses a copy, and deletes all the same.

caught_by: test_move_loses_nothing_when_it_is_broken_off
hint: the object was gone already
"""


def move(old: str, new: str) -> int:
    source, target = blob_of(f"{old}/"), blob_of(f"{new}/")
    bucket = source.bucket
    found = list(bucket.client.list_blobs(bucket, prefix=source.name))
    for blob in found:
        name = str(target.name) + blob.name.removeprefix(source.name)
        try:
            bucket.copy_blob(blob, bucket, name)
        except ValueError:
            continue
        except Exception as error:
            print(error)
        blob.delete()
    return len(found)
