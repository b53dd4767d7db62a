// A cluster that exists on paper: a port of solutions/simulator.py, which explains it. The numbers
// of a run are the same there and here; tests/lectures/test_visuals.py holds this file to that.
//
// Beside the numbers a run has a log, for whoever draws it: `runs` of tasks on workers (`cut`: when
// the worker failed in the middle of it), `transfers` of inputs, `thefts` and `failures` (what was
// lost with the worker, and what has to run again).
import { less, pop, push } from "./heap.mjs";
import { divideUp, Storage } from "./storage.mjs";

const [FAIL, FINISH, SERVE] = [0, 1, 2];
const NOBODY = -1;
const FEW = 8; // workers with most of the inputs that are looked at for a task
const DEFAULTS = { overhead: 200, latency: 500, bandwidth: 100, memory: null, disk: 100, ahead: 1 };

export function simulate(job, machines) {
  const told = { ...DEFAULTS, stealing: true, offers: {}, failures: [], ...machines };
  return new Simulation({ tags: {}, ...job, wanted: wanted(job) }, told).run();
}

// The results that are kept to the end: those asked for, or those that no task needs.
export function wanted({ needs, wanted: asked }) {
  if (asked?.length) return asked;
  const used = new Set(needs.flat());
  return needs.map((_, task) => task).filter((task) => !used.has(task));
}

export function dependents(needs) {
  const found = needs.map(() => []);
  needs.forEach((needed, task) => needed.forEach((each) => found[each].push(task)));
  return found;
}

const many = (length, value) => Array.from({ length }, () => value);

class Simulation {
  constructor(job, machines) {
    const tasks = job.cost.length;
    const { workers } = machines;
    Object.assign(this, { job, machines, storage: new Storage(job, machines) });
    this.neededBy = dependents(job.needs);
    this.wanted = new Set(job.wanted);
    this.sent = new Map(); // task -> worker, until the scheduler hears of its result
    this.fetched = new Map(); // task -> when its inputs are there
    this.queue = Array.from({ length: workers }, () => []); // tasks, most urgent last
    this.running = many(workers, NOBODY);
    this.due = many(workers, 0); // when all that a worker has been sent will be done
    this.alive = many(workers, true);
    const tags = ["", ...Object.values(job.tags), ...Object.values(machines.offers).flat()];
    this.ready = new Map(tags.map((tag) => [tag, []])); // heaps of tasks without needs
    this.idle = this.alive.map((_, worker) => [worker]); // heap; may name busy workers
    this.booked = []; // heap of [-due, worker]; may be out of date
    this.inbox = []; // [when, task, worker, on disk?]
    this.events = []; // heap of [when, what, task, worker]
    for (const [when, worker] of machines.failures) push(this.events, [when, FAIL, 0, worker]);
    this.now = this.clock = this.stolen = this.executions = 0;
    [this.worker, this.start, this.finish] = [0, 1, 2].map(() => many(tasks, -1));
    this.log = { runs: [], transfers: [], thefts: [], failures: [] };
    this.current = []; // of each worker, its latest run
    this.known = new Set(); // tasks that have run to their end
  }

  run() {
    this.#restart();
    while (this.open) {
      const [now, kind, task, worker] = pop(this.events);
      this.now = now;
      if (kind === FINISH) this.#finish(task, worker);
      else if (kind === SERVE) this.#serve();
      else if (this.alive[worker]) this.#fail(worker);
    }
    const { worker, start, finish, executions, stolen, log } = this;
    const { moved, spilled, peak } = this.storage;
    return { makespan: this.now, worker, start, finish, executions, moved, spilled, stolen, peak, log };
  }

  // The scheduler

  #serve() {
    const [, task, worker, onDisk] = this.inbox.shift();
    this.clock = Math.max(this.clock, this.now);
    if (this.sent.get(task) === worker) this.#result(task, worker, onDisk);
    if (this.inbox.length) push(this.events, [Math.max(this.clock, this.inbox[0][0]), SERVE, 0, 0]);
  }

  #result(task, worker, onDisk) {
    this.sent.delete(task);
    this.storage.copies.set(task, new Map([[worker, onDisk]]));
    this.open--;
    for (const needed of this.job.needs[task]) {
      this.uses[needed]--;
      this.#release(needed);
    }
    for (const dependent of this.neededBy[task]) {
      this.missing[dependent]--;
      if (!this.missing[dependent]) this.#send(dependent, this.#place(dependent));
    }
    this.#release(task);
    this.#feed(worker, this.machines.ahead + 1);
  }

  #release(task) {
    if (!this.uses[task] && !this.wanted.has(task)) this.storage.release(task);
  }

  #place(task) {
    const tag = this.#tag(task);
    const fits = this.storage.holders(task).filter((w) => this.#offers(w, tag)).slice(0, FEW);
    while (this.idle.length && this.#busy(this.idle[0][0])) pop(this.idle);
    if (tag) {
      this.#check(tag);
      const offering = Object.keys(this.machines.offers).map(Number);
      fits.push(...offering.filter((w) => this.#offers(w, tag)));
    } else if (this.idle.length) fits.push(this.idle[0][0]);
    const when = (w) => Math.max(this.due[w], this.storage.travel(task, w, this.#next()));
    const choices = fits.map((worker) => [when(worker), worker]);
    return choices.reduce((best, each) => (less(each, best) ? each : best))[1];
  }

  // When a task that is sent next is there.
  #next() {
    return this.clock + this.machines.overhead + this.machines.latency;
  }

  #send(task, worker) {
    const { moved } = this.storage;
    const begin = this.#next();
    this.clock += this.machines.overhead;
    const there = this.storage.fetch(task, worker, begin);
    if (this.storage.moved > moved) this.log.transfers.push({ task, worker, begin, there });
    this.sent.set(task, worker);
    this.fetched.set(task, there);
    this.due[worker] = Math.max(this.due[worker], there) + this.job.cost[task];
    if (this.running[worker] === NOBODY) return this.#begin(task, worker);
    const queue = this.queue[worker];
    const at = queue.findIndex((other) => other < task);
    queue.splice(at < 0 ? queue.length : at, 0, task);
    push(this.booked, [-this.due[worker], worker]);
  }

  #feed(worker, most) {
    const tags = ["", ...(this.machines.offers[worker] ?? [])];
    const heaps = tags.map((tag) => this.ready.get(tag));
    const free = () => this.running[worker] === NOBODY;
    while (this.queue[worker].length + !free() < most) {
      const waiting = heaps.filter((heap) => heap.length);
      if (!waiting.length) break;
      const first = waiting.reduce((best, heap) => (less(heap[0], best[0]) ? heap : best));
      this.#send(pop(first)[0], worker);
    }
    if (free() && this.machines.stealing) this.#steal(worker);
    if (free()) push(this.idle, [worker]);
  }

  #steal(thief) {
    const [due, victim] = this.#busiest();
    if (victim === NOBODY) return;
    const task = this.queue[victim][0];
    const cost = this.job.cost[task];
    const fits = this.#offers(thief, this.#tag(task));
    if (!fits || this.storage.travel(task, thief, this.#next()) >= due - cost) return;
    this.queue[victim].shift();
    this.due[victim] -= cost;
    push(this.booked, [-this.due[victim], victim]);
    this.stolen++;
    this.log.thefts.push({ when: this.now, task, thief, victim });
    this.#send(task, thief);
  }

  // The worker that is booked out longest and has tasks waiting: [due, worker].
  #busiest() {
    while (this.booked.length) {
      const [due, victim] = [-this.booked[0][0], this.booked[0][1]];
      if (due === this.due[victim] && this.queue[victim].length) return [due, victim];
      pop(this.booked);
    }
    return [0, NOBODY];
  }

  // A worker

  #begin(task, worker) {
    const start = Math.max(this.now, this.fetched.get(task));
    this.fetched.delete(task);
    const full = this.storage.full(task, worker);
    const writing = full ? divideUp(this.job.size[task], this.machines.disk) : 0;
    const finish = start + this.job.cost[task] + writing;
    this.running[worker] = task;
    [this.worker[task], this.start[task], this.finish[task]] = [worker, start, finish];
    this.due[worker] = Math.max(this.due[worker], finish);
    push(this.events, [finish, FINISH, task, worker]);
    this.current[worker] = { task, worker, start, finish, again: this.known.has(task) };
    this.log.runs.push(this.current[worker]);
  }

  #finish(task, worker) {
    if (!this.alive[worker]) return;
    this.executions++;
    this.known.add(task);
    const arrival = this.now + this.machines.latency;
    if (!this.inbox.length) push(this.events, [Math.max(arrival, this.clock), SERVE, 0, 0]);
    this.inbox.push([arrival, task, worker, this.storage.store(task, worker)]);
    this.running[worker] = NOBODY;
    if (this.queue[worker].length) this.#begin(this.queue[worker].pop(), worker);
  }

  // Resources and failures

  #tag(task) {
    return this.job.tags[task] ?? "";
  }

  #busy(worker) {
    return this.running[worker] !== NOBODY || !this.alive[worker];
  }

  #offers(worker, tag) {
    return this.alive[worker] && (!tag || (this.machines.offers[worker] ?? []).includes(tag));
  }

  #check(tag) {
    if (this.alive.some((_, worker) => this.#offers(worker, tag))) return;
    const lack = tag ? `with resource '${tag}' is left` : "is left";
    throw new Error(`simulate: no worker ${lack}. Offer one, or drop the failure.`);
  }

  #fail(failed) {
    this.alive[failed] = false;
    this.clock = Math.max(this.clock, this.now);
    const cut = this.running[failed] === NOBODY ? NOBODY : this.running[failed];
    if (cut !== NOBODY) this.current[failed].cut = this.now;
    const lost = this.storage.lose(failed);
    const queued = new Set(this.queue.flat());
    for (const [task, worker] of [...this.sent]) {
      if (worker === failed || queued.has(task)) this.sent.delete(task);
    }
    this.queue.forEach((queue, worker) => {
      queue.length = 0;
      const running = this.running[worker];
      this.due[worker] = running === NOBODY ? this.now : this.finish[running];
    });
    for (const heap of this.ready.values()) heap.length = 0;
    const again = this.#needed().filter((task) => this.known.has(task));
    this.log.failures.push({ when: this.now, worker: failed, cut, lost, again });
    this.#restart();
  }

  #needed() {
    const found = new Set();
    const frontier = [...this.wanted];
    while (frontier.length) {
      const task = frontier.pop();
      if (found.has(task) || this.sent.has(task) || this.storage.copies.has(task)) continue;
      found.add(task);
      frontier.push(...this.job.needs[task]);
    }
    return [...found].sort((a, b) => a - b);
  }

  #restart() {
    const tasks = this.#needed();
    this.open = tasks.length + this.sent.size;
    this.missing = many(this.job.cost.length, 0);
    this.uses = many(this.job.cost.length, 0);
    for (const task of [...tasks, ...this.sent.keys()]) {
      for (const needed of this.job.needs[task]) this.uses[needed]++;
    }
    for (const task of [...this.storage.copies.keys()]) this.#release(task);
    for (const task of tasks) this.#open(task, this.job.needs[task]);
    for (let most = 1; most <= this.machines.ahead + 1; most++) {
      this.alive.forEach((alive, worker) => alive && this.#feed(worker, most));
    }
  }

  #open(task, needs) {
    this.missing[task] = needs.filter((needed) => !this.storage.copies.has(needed)).length;
    if (!needs.length) {
      this.#check(this.#tag(task));
      push(this.ready.get(this.#tag(task)), [task]);
    } else if (!this.missing[task]) this.#send(task, this.#place(task));
  }
}
