"""An order to the zygote: what is to run, in which room, and with which descriptors."""

import array
import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from autograder.sandbox.confine import Limits

MAX_BYTES = 2**16


@dataclass(frozen=True)
class Order:
    """A process to be. `descriptors` are, in this order: the report pipe, the tar file of what goes
    into `/submission`, and what the job needs."""

    job: str  # a name in `inside.RUN`
    room: int = 0  # the host's pid of the room's first process
    outside: Mapping[str, str] = field(default_factory=dict)  # the grader's namespaces
    environment: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, object] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    descriptors: tuple[int, ...] = ()

    @property
    def report(self) -> int:
        return self.descriptors[0]

    @property
    def bundle(self) -> int:
        return self.descriptors[1]


def send_order(link: socket.socket, order: Order) -> None:
    """Send an order, its descriptors beside it; those of the sender stay open."""
    rights = array.array("i", order.descriptors)
    control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights.tobytes())]
    link.sendmsg([json.dumps(asdict(order)).encode()], control)


def receive_order(link: socket.socket) -> Order | None:
    """The next order, its descriptors as they are called here; None when the other end is gone."""
    message, fds, _, _ = socket.recv_fds(link, MAX_BYTES, 32)
    return _order(json.loads(message), fds) if message else None


def _order(plain: dict, fds: Sequence[int]) -> Order:
    limits = Limits(**plain.pop("limits"))
    return Order(**{**plain, "limits": limits, "descriptors": tuple(fds)})
