"""An object store that speaks the JSON API of Google Cloud Storage, small enough to be read.

Read it in this order. `blob`: an object is a file. `shelf`: buckets, and how a change happens
safely. `conditions`, `listing`: versions and order. `api`: the methods. `multipart`, `uploads`,
`downloads`, `batch`: how bytes come and go. `faults`, `ledger`: what goes wrong, and what was done.
`visit`, `server`, `limits`, `process`: HTTP around it. `handle`, `bucket`: how it is started and
watched.

There: the methods in `api.ROUTES`, media, multipart and resumable uploads (with 308, questions and
cancelling), downloads of an object or one range of it, batches of up to a hundred methods,
preconditions and generations, pages, prefixes and delimiters, start and end offsets, metadata,
storage classes, CRC32C and MD5 of what comes in and CRC32C of what goes out.

Not there, and refused with 501 and the reason: old generations (versioning, `versions=true`, soft
delete, restore), access control (ACLs, IAM, tokens are not looked at), HMAC keys, notifications,
channels, folders and hierarchical namespaces, retention, holds, lifecycle and other settings of
buckets, encryption keys, `matchGlob` and `includeTrailingDelimiter`, several ranges in one request,
unpacking of gzip objects, uploads and downloads within a batch, the XML API and gRPC.

Otherwise than there: `fields`, `projection`, `predefinedAcl` and `userProject` have no effect; a
rewrite is done in one call; a move is a copy and a deletion; an upload session ends with the
store's process; `If-Match` and `If-None-Match` are refused, generations are the way to compare.
"""
