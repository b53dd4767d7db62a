"""A bucket by plain HTTP, with as little as possible in between."""

from typing import Any
from urllib.parse import quote

import requests


class Client:
    """Requests to a bucket of a store; what comes back is looked at as it is."""

    def __init__(self, address: str, bucket: str) -> None:
        self.address, self.bucket, self.http = address, bucket, requests.Session()

    def __call__(self, verb: str, path: str, root: str = "", **more: Any) -> requests.Response:
        path = path if path.startswith("http") else f"{self.address}{root}/storage/v1/{path}"
        return self.http.request(verb, path, timeout=20, **more)

    def put(self, name: str, data: bytes, **query: object) -> requests.Response:
        told = {"uploadType": "media", "name": name, **query}
        return self("POST", f"b/{self.bucket}/o", "/upload", params=told, data=data)

    def path(self, name: str) -> str:
        return f"b/{self.bucket}/o/{quote(name, safe='')}"

    def get(self, name: str, wanted: str = "", **query: object) -> requests.Response:
        headers = {"Range": wanted} if wanted else {}
        return self("GET", self.path(name), params={"alt": "media", **query}, headers=headers)
