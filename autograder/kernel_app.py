"""The kernel that runs a submission: IPython's own, in an environment that holds no answers.

`python -P -m autograder.kernel_app -f FILE`. It takes the checkout off the import path, so that the
notebook can import Outgrow's packages but not `solutions`, `labs` or `tests`, and loads what the
judge's service needs before the first cell runs.
"""

import sys
from pathlib import Path

import autograder
from autograder import service

PRELOADED = (service,)  # imported before any cell could shadow what it needs


def hide_checkout() -> None:
    """Remove the folder that holds our packages from the import path, unless it is site-
    packages."""
    import infra

    root = Path(autograder.__path__[0]).parent
    if (root / "solutions").is_dir():
        sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != root.resolve()]
        assert infra.__path__


def main() -> None:
    hide_checkout()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=[*sys.argv[1:], "--HistoryManager.hist_file=:memory:"])


if __name__ == "__main__":
    main()
