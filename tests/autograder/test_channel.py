"""A channel's other end may be gone, silent, slow or hostile: each has its own end."""

import socket
import threading
from collections.abc import Iterator

import pytest

from autograder import wire
from autograder.channel import SIZE, Channel, ChannelClosed, ChannelTimeout


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """The judge's channel, and the bare socket that the student's process has."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


Ends = tuple[Channel, socket.socket]


def test_a_message_arrives_whole(ends: Ends):
    judge, student = ends
    message = wire.pack(b"x" * 3_000_000)
    sender = threading.Thread(target=Channel(student).send_bytes, args=(message,))
    sender.start()
    assert judge.receive(20.0) == message
    sender.join()


def test_a_length_beyond_the_limit_is_refused_before_a_byte_of_it_is_read(ends: Ends):
    judge, student = ends
    for size in (wire.MAX_BYTES + 2**20 + 1, 2**64 - 1):
        student.sendall(SIZE.pack(size))
        with pytest.raises(wire.WireError):
            judge.receive(20.0)


@pytest.mark.parametrize("sent", [b"", b"\0\0\0", SIZE.pack(1000), SIZE.pack(1000) + b"half"])
def test_less_than_a_message_is_waited_for_no_longer_than_allowed(ends: Ends, sent: bytes):
    judge, student = ends
    student.sendall(sent)
    with pytest.raises(ChannelTimeout):
        judge.receive(0.01)


@pytest.mark.parametrize("sent", [b"", b"\0\0\0", SIZE.pack(1000) + b"half"])
def test_an_end_that_is_gone_is_noticed_at_once(ends: Ends, sent: bytes):
    judge, student = ends
    student.sendall(sent)
    student.close()
    with pytest.raises(ChannelClosed):
        judge.receive(60.0)


def test_a_stream_for_ever_ends_with_the_length_it_claims_or_the_time(ends: Ends):
    judge, student = ends
    stop = threading.Event()

    def drip() -> None:
        student.sendall(SIZE.pack(2**27))
        while not stop.wait(0.001):
            student.sendall(b"x")

    sender = threading.Thread(target=drip)
    sender.start()
    with pytest.raises(ChannelTimeout):
        judge.receive(0.1)
    stop.set()
    sender.join()


def test_an_end_that_reads_nothing_does_not_hold_the_judge(ends: Ends):
    judge, _ = ends
    with pytest.raises(ChannelClosed):
        judge.send_bytes(b"x" * 2**24, 0.05)
    with pytest.raises(ChannelClosed):  # what was sent in part cannot be gone on with
        judge.receive(1.0)
