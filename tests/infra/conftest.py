"""An object store, and a client that speaks plain HTTP to it, shared by a module's tests."""

from collections.abc import Iterator

import pytest

from infra.store.handle import Store
from tests.infra.store_client import Client


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[Client]:
    store.create("lab")
    client = Client(store.address, "lab")
    yield client
    client.http.close()
