"""With the client's `rename_blob`, which is a copy and a deletion."""


def move(old: str, new: str) -> int:
    source, target = blob_of(old + "/"), blob_of(new + "/")
    count = 0
    for blob in list(source.bucket.list_blobs(prefix=source.name)):
        source.bucket.rename_blob(blob, f"{target.name}{blob.name[len(str(source.name)) :]}")
        count += 1
    return count
