"""What a worker does before anything else; every local worker imports this module.

Some of Dask's loggers call the ordinary a warning: a P2P shuffle announces its begin and its end,
and a worker that is told to end mourns the tasks it was running. Another calls it an error if who
is spoken to has ended meanwhile: a worker that asked for data, or the scheduler, with which the
workers end. Warnings about memory and about lost workers stay.

Ctrl-C, or the interrupt of a notebook's cell, goes to all processes of the group. It is meant for
the one that waits, which may then end the cluster, or run the next cell with the same workers.
"""

import logging
import signal
import threading
from multiprocessing import parent_process

GONE = ("failed during get data", "Failed to communicate with scheduler during heartbeat")

for name in ("distributed.shuffle", "distributed.worker.state_machine"):
    logging.getLogger(name).setLevel(logging.ERROR)


def is_news(record: logging.LogRecord) -> bool:
    """Whether a worker's log line is more than that somebody it spoke with has gone."""
    return not str(record.msg).startswith(GONE)


logging.getLogger("distributed.worker").addFilter(is_news)

if parent_process() and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
