// Where results are: a port of solutions/storage.py, which explains it.

// Whole numbers, divided and rounded up, without a detour over fractions.
export function divideUp(amount, by) {
  const rest = amount % by;
  return (amount - rest) / by + (rest ? 1 : 0);
}

export class Storage {
  constructor(job, machines) {
    this.job = job;
    this.machines = machines;
    this.copies = new Map(); // result -> Map(who holds it -> on disk?)
    this.used = Array(machines.workers).fill(0);
    this.link = Array(machines.workers).fill(0);
    this.held = this.peak = this.moved = this.spilled = 0;
  }

  holders(task) {
    const there = new Map();
    for (const needed of this.job.needs[task]) {
      for (const worker of this.copies.get(needed).keys()) {
        there.set(worker, (there.get(worker) ?? 0) + this.job.size[needed]);
      }
    }
    const most = ([a, bytes], [b, others]) => others - bytes || a - b;
    return [...there].sort(most).map(([worker]) => worker);
  }

  travel(task, worker, begin) {
    let moving = 0;
    let reading = 0;
    let away = false;
    for (const needed of this.job.needs[task]) {
      const copies = this.copies.get(needed);
      if (!copies.has(worker)) {
        moving += this.job.size[needed];
        away = true;
      }
      const onDisk = copies.has(worker) ? copies.get(worker) : [...copies.values()].every(Boolean);
      if (onDisk) reading += this.job.size[needed];
    }
    let when = begin + divideUp(reading, this.machines.disk);
    if (away) when = Math.max(when, this.link[worker]) + this.machines.latency;
    return when + divideUp(moving, this.machines.bandwidth);
  }

  fetch(task, worker, begin) {
    const there = this.travel(task, worker, begin);
    for (const needed of this.job.needs[task]) {
      const copies = this.copies.get(needed);
      if (copies.has(worker)) continue;
      copies.set(worker, this.store(needed, worker));
      this.moved += this.job.size[needed];
      this.link[worker] = there;
    }
    return there;
  }

  full(task, worker) {
    const { memory } = this.machines;
    return memory !== null && this.used[worker] + this.job.size[task] > memory;
  }

  store(task, worker) {
    const full = this.full(task, worker);
    const size = this.job.size[task];
    if (full) this.spilled += size;
    else this.#hold(worker, size);
    return full;
  }

  release(task) {
    for (const [worker, onDisk] of this.copies.get(task) ?? []) {
      if (!onDisk) this.#hold(worker, -this.job.size[task]);
    }
    this.copies.delete(task);
  }

  // Everything that a worker holds is gone; gives the results of which no copy is left.
  lose(worker) {
    this.#hold(worker, -this.used[worker]);
    const lost = [];
    for (const [task, copies] of [...this.copies]) {
      if (!copies.delete(worker) || copies.size) continue;
      this.copies.delete(task);
      lost.push(task);
    }
    return lost;
  }

  #hold(worker, size) {
    this.used[worker] += size;
    this.held += size;
    this.peak = Math.max(this.peak, this.held);
  }
}
