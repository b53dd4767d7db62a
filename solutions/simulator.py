"""A cluster that exists on paper: what a scheduler and its workers do with a job, and when.

The clock is a heap of events, and jumps from one to the next. Two kinds make up a task's life:

    FINISH  a worker has a result; it goes on with the next task of its own queue, and a message to
            the scheduler is on its way;
    SERVE   the scheduler takes one message: it releases what nobody needs any more, and sends out
            tasks. Each task sent costs it `overhead`, one after the other: it is one thread.

and a third, FAIL, ends a worker. The policies are those of Dask's scheduler in their plainest form:

- tasks that need nothing wait at the scheduler, and a worker gets few of them ahead (`ahead`);
- a task that needs results goes where it can start first: to a worker that holds many of them, or
  to an idle one. Its inputs travel at once, one transfer after another for each worker;
- a worker with nothing to do takes the last task from the worker that is booked out longest, if
  the task starts sooner that way;
- a result is released when the last task that needs it has run. Beyond `memory` a worker writes
  results to disk, and reads them from there;
- when a worker fails, its results are gone, and what is still needed of them is computed again.

A smaller number is a more urgent task. All times are whole microseconds, all sizes whole bytes, all
ties are broken by numbers: the same job and cluster give the same run, in any language.
"""

from bisect import insort
from collections import deque
from heapq import heapify, heappop, heappush

from solutions.job import Job
from solutions.machines import Machines, Run
from solutions.storage import Storage

FAIL, FINISH, SERVE = range(3)
NOBODY = -1
FEW = 8  # workers with most of the inputs that are looked at for a task


def simulate(job: Job, machines: Machines) -> Run:
    """Run a job on machines that need not exist.

    Raises ValueError if a task asks for a resource that no living worker offers, or if no worker
    is left.

    >>> simulate(Job([[], [], [0, 1]], [5, 5, 9], [0, 0, 0]), Machines(2, 0, 0)).makespan
    14
    """
    return _Simulation(job, machines).run()


class _Simulation:
    def __init__(self, job: Job, machines: Machines) -> None:
        self.job, self.machines, self.storage = job, machines, Storage(job, machines)
        tasks, workers = len(job.cost), machines.workers
        self.needed_by = job.dependents()
        self.wanted = set(job.wanted)
        self.missing = [0] * tasks  # results that a task still waits for
        self.uses = [0] * tasks  # tasks that still wait for a result
        self.open = 0  # tasks whose result the scheduler still has to hear of
        self.sent: dict[int, int] = {}  # task -> worker, until the scheduler hears of its result
        self.fetched: dict[int, int] = {}  # task -> when its inputs are there
        self.queue: list[list[int]] = [[] for _ in range(workers)]  # -task, most urgent last
        self.running = [NOBODY] * workers
        self.due = [0] * workers  # when all that a worker has been sent will be done
        self.alive = [True] * workers
        tags = {"", *job.tags.values(), *(tag for o in machines.offers.values() for tag in o)}
        self.ready: dict[str, list[int]] = {tag: [] for tag in tags}  # heaps of tasks without needs
        self.idle: list[int] = list(range(workers))  # heap; may name workers that are busy again
        self.booked: list[tuple[int, int]] = []  # heap of (-due, worker); may be out of date
        self.inbox: deque[tuple[int, int, int, bool]] = deque()  # when, task, worker, on disk?
        self.events = [(when, FAIL, 0, worker) for when, worker in machines.failures]
        heapify(self.events)
        self.now = self.clock = 0  # the time, and when the scheduler is free again
        self.stolen = self.executions = 0
        self.worker, self.start, self.finish = ([-1] * tasks for _ in range(3))

    def run(self) -> Run:
        self._restart()
        while self.open:
            self.now, kind, task, worker = heappop(self.events)
            if kind == FINISH:
                self._finish(task, worker)
            elif kind == SERVE:
                self._serve()
            elif self.alive[worker]:
                self._fail(worker)
        stored = (self.storage.moved, self.storage.spilled, self.stolen, self.storage.peak)
        return Run(self.now, self.worker, self.start, self.finish, self.executions, *stored)

    # The scheduler

    def _serve(self) -> None:
        """Take one message: a task has run on a worker."""
        _, task, worker, on_disk = self.inbox.popleft()
        self.clock = max(self.clock, self.now)
        if self.sent.get(task) == worker:  # else its worker has failed in the meantime
            del self.sent[task]
            self.storage.copies[task] = {worker: on_disk}
            self.open -= 1
            for needed in self.job.needs[task]:
                self.uses[needed] -= 1
                self._release(needed)
            for dependent in self.needed_by[task]:
                self.missing[dependent] -= 1
                if not self.missing[dependent]:
                    self._send(dependent, self._place(dependent))
            self._release(task)
            self._feed(worker, self.machines.ahead + 1)
        if self.inbox:
            heappush(self.events, (max(self.clock, self.inbox[0][0]), SERVE, 0, 0))

    def _release(self, task: int) -> None:
        if not self.uses[task] and task not in self.wanted:
            self.storage.release(task)

    def _place(self, task: int) -> int:
        """Where a task with inputs can start first: where some of them are, or where it is idle."""
        tag = self.job.tags.get(task, "")
        fits = [w for w in self.storage.holders(task) if self._offers(w, tag)][:FEW]
        while self.idle and self._busy(self.idle[0]):
            heappop(self.idle)
        if tag:
            self._check(tag)
            fits += [w for w in self.machines.offers if self._offers(w, tag)]
        elif self.idle:
            fits.append(self.idle[0])
        begin = self.clock + self.machines.overhead + self.machines.latency
        return min((max(self.due[w], self.storage.travel(task, w, begin)), w) for w in fits)[1]

    def _send(self, task: int, worker: int) -> None:
        """Send a task to a worker; its inputs begin to travel when the worker hears of it."""
        self.clock += self.machines.overhead
        there = self.storage.fetch(task, worker, self.clock + self.machines.latency)
        self.sent[task], self.fetched[task] = worker, there
        self.due[worker] = max(self.due[worker], there) + self.job.cost[task]
        if self.running[worker] == NOBODY:
            self._begin(task, worker)
        else:
            insort(self.queue[worker], -task)
            heappush(self.booked, (-self.due[worker], worker))

    def _feed(self, worker: int, most: int) -> None:
        """Give a worker tasks that need nothing, until it has `most` in all."""
        heaps = [self.ready[tag] for tag in ("", *self.machines.offers.get(worker, ()))]
        while len(self.queue[worker]) + (self.running[worker] != NOBODY) < most:
            waiting = [heap for heap in heaps if heap]
            if not waiting:
                break
            self._send(heappop(min(waiting)), worker)
        if self.running[worker] == NOBODY:
            if self.machines.stealing:
                self._steal(worker)
            if self.running[worker] == NOBODY:
                heappush(self.idle, worker)

    def _steal(self, thief: int) -> None:
        """Take the last task of the worker that is booked out longest, if it starts sooner here."""
        while self.booked:
            due, victim = -self.booked[0][0], self.booked[0][1]
            if due == self.due[victim] and self.queue[victim]:
                break
            heappop(self.booked)
        else:
            return
        task = -self.queue[victim][0]
        cost = self.job.cost[task]
        begin = self.clock + self.machines.overhead + self.machines.latency
        fits = self._offers(thief, self.job.tags.get(task, ""))
        if fits and self.storage.travel(task, thief, begin) < due - cost:
            del self.queue[victim][0]
            self.due[victim] -= cost
            heappush(self.booked, (-self.due[victim], victim))
            self.stolen += 1
            self._send(task, thief)

    # A worker

    def _begin(self, task: int, worker: int) -> None:
        start = max(self.now, self.fetched.pop(task))
        full = self.storage.full(task, worker)
        writing = -(-self.job.size[task] // self.machines.disk) if full else 0
        finish = start + self.job.cost[task] + writing
        self.running[worker], self.worker[task] = task, worker
        self.start[task], self.finish[task] = start, finish
        self.due[worker] = max(self.due[worker], finish)
        heappush(self.events, (finish, FINISH, task, worker))

    def _finish(self, task: int, worker: int) -> None:
        if not self.alive[worker]:
            return
        self.executions += 1
        arrival = self.now + self.machines.latency
        if not self.inbox:
            heappush(self.events, (max(arrival, self.clock), SERVE, 0, 0))
        self.inbox.append((arrival, task, worker, self.storage.store(task, worker)))
        self.running[worker] = NOBODY
        if self.queue[worker]:
            self._begin(-self.queue[worker].pop(), worker)

    # Resources and failures

    def _busy(self, worker: int) -> bool:
        return self.running[worker] != NOBODY or not self.alive[worker]

    def _offers(self, worker: int, tag: str) -> bool:
        return self.alive[worker] and (not tag or tag in self.machines.offers.get(worker, ()))

    def _check(self, tag: str) -> None:
        if not any(self._offers(worker, tag) for worker in range(len(self.alive))):
            lack = f"with resource {tag!r} is left" if tag else "is left"
            raise ValueError(f"simulate: no worker {lack}. Offer one, or drop the failure.")

    def _add(self, task: int) -> None:
        """A task that needs nothing waits at the scheduler."""
        tag = self.job.tags.get(task, "")
        self._check(tag)
        heappush(self.ready[tag], task)

    def _feed_all(self) -> None:
        for most in range(1, self.machines.ahead + 2):
            for worker, alive in enumerate(self.alive):
                if alive:
                    self._feed(worker, most)

    def _fail(self, failed: int) -> None:
        """A worker ends. Look again at what is there, and at what is still to be done."""
        self.alive[failed] = False
        self.clock = max(self.clock, self.now)
        self.storage.lose(failed)
        queued = {-task for queue in self.queue for task in queue}
        self.sent = {t: w for t, w in self.sent.items() if w != failed and t not in queued}
        for worker, queue in enumerate(self.queue):
            queue.clear()
            running = self.running[worker]
            self.due[worker] = self.now if running == NOBODY else self.finish[running]
        for heap in self.ready.values():
            heap.clear()
        self._restart()

    def _needed(self) -> list[int]:
        """The tasks that have to run: wanted ones and what they need, back to what is there."""
        found: set[int] = set()
        frontier = list(self.wanted)
        while frontier:
            task = frontier.pop()
            if not (task in found or task in self.sent or task in self.storage.copies):
                found.add(task)
                frontier += self.job.needs[task]
        return sorted(found)

    def _restart(self) -> None:
        """Count anew who waits for what, and send out what can run."""
        tasks = self._needed()
        self.open = len(tasks) + len(self.sent)
        self.missing, self.uses = [0] * len(self.missing), [0] * len(self.uses)
        for task in [*tasks, *self.sent]:
            for needed in self.job.needs[task]:
                self.uses[needed] += 1
        for task in list(self.storage.copies):
            self._release(task)
        for task in tasks:
            needs = self.job.needs[task]
            self.missing[task] = sum(needed not in self.storage.copies for needed in needs)
            if not needs:
                self._add(task)
            elif not self.missing[task]:
                self._send(task, self._place(task))
        self._feed_all()
