"""Which clients work with the object store, and what they do there: a table, from the tests.

    python -m tests.infra.conformance

runs the conformance tests (`test_store_clients.py`, also those that CI leaves out) and prints, for
lectures/guides/buckets.md, a row a test: the client and its version, what it did, how it ended. The
exit status says whether all passed.
"""

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

TESTS = Path(__file__).with_name("test_store_clients.py")
CLIENTS = {
    "gcsfs": "gcsfs",
    "google": "google-cloud-storage",
    "arrow": "pyarrow",
    "our": "outgrow",
    "dask": "dask",
    "zarr": "zarr",
    "dvc": "dvc",
    "the_same": "s3fs",
}


class Outcomes:
    """A pytest plugin: how each test ended, all its parameters together."""

    def __init__(self) -> None:
        self.passed: dict[str, list[bool]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            name = report.nodeid.rpartition("::")[2].partition("[")[0]
            self.passed.setdefault(name.removeprefix("test_"), []).append(report.passed)


def row(name: str, ended: list[bool]) -> str:
    """A line of the table."""
    client = next((package for start, package in CLIENTS.items() if name.startswith(start)), "")
    told = f"{client} {version(client)}" if client else ""
    return f"| {told} | {name.replace('_', ' ')} | {sum(ended)} of {len(ended)} |"


def main() -> int:
    outcomes = Outcomes()
    status = pytest.main(["-p", "no:terminal", str(TESTS)], [outcomes])
    print(f"Recorded on {datetime.now(UTC):%Y-%m-%d}, Python {sys.version.split()[0]}:\n")
    print("| client | what it does | passed |\n|---|---|---|")
    for name, ended in outcomes.passed.items():
        print(row(name, ended))
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
