"""How tests look at a kernel in the sandbox."""

import json

from autograder.judge.kernel import Kernel
from autograder.judge.run import Run

MIB = 2**20
STATUS = """
import json, os
from pathlib import Path
status = dict(line.split(":\\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "status": {k: v.strip() for k, v in status.items()},
    "folders": sorted(os.listdir("/")),
    "processes": sorted(int(n) for n in os.listdir("/proc") if n.isdigit()),
    "environment": sorted(os.environ),
    "interfaces": sorted(n for _, n in __import__("socket").if_nameindex()),
    "packages": sorted(p.name for p in Path(__import__("infra").__file__).parents[1].iterdir()),
}))
"""


def text(run: Run) -> str:
    assert run.ended == "ok", run
    return "".join(output.get("text", "") for output in run.outputs).strip()


def tell(kernel: Kernel, source: str, seconds: float = 30.0) -> str:
    return text(kernel.execute(source, seconds))


def assert_confined(kernel: Kernel) -> None:
    found = json.loads(tell(kernel, STATUS))
    status = found["status"]
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {
        "0" * 16
    }
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert set(status["Uid"].split()) == {"1000"}
    assert set(found["folders"]).isdisjoint({"home", "mnt", "srv", "sys", "var", "run", "opt"})
    assert max(found["processes"]) < 20
    assert found["interfaces"] == ["lo"]
    assert set(found["packages"]).isdisjoint({"solutions", "labs", "tests", ".git"})
    names = set(found["environment"]) - {"SSL_CERT_DIR"}  # set for pygit2; it names /etc
    assert not {n for n in names if "PYTEST" in n or "NBGRADER" in n or "SSL" in n}
