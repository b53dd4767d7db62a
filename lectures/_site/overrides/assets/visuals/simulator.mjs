// The scheduler simulator in a lecture: a job's graph beside the rows of its workers, at a time that the
// reader sets, plays, or steps through. To kill a worker means to simulate once more with that failure:
// up to that time the run is the same.
import { killing, settings, STEPS, transport } from "./controls.mjs";
import { make, replaceFallback, table } from "./dom.mjs";
import { gantt, graph } from "./drawing.mjs";
import { facts, milliseconds, moments, rows, states } from "./moments.mjs";
import { simulate } from "./simulate.mjs";

const SECONDS = 12; // that a whole run is played in
const PAUSE = 900; // milliseconds between moments, for readers who want no motion
const COLUMNS = ["Task", "Worker", "Start", "End"];
const LEGEND = "Filled: done. Thick ring: running. Dashed with ↻: run again. Pale: cut off. Thin bar: inputs travel.";

export function start(place) {
  new Simulator(place);
}

class Simulator {
  constructor(place) {
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.failures = [];
    this.time = 0;
    this.settings = settings(() => this.#anew());
    const [play, back] = [() => this.#toggle(), () => this.#step(-1)];
    const [step, scrub] = [() => this.#step(1), () => this.#scrub()];
    this.transport = transport({ play, back, step, scrub, restart: () => this.#jump(0) });
    this.killing = killing(() => this.#kill(), () => this.#revive());
    this.said = make("p", { className: "visual-said" });
    this.said.setAttribute("role", "status");
    this.facts = make("p", { className: "visual-facts" });
    this.drawings = make("div", { className: "visual-drawings" });
    this.table = table("What has begun until now", COLUMNS);
    replaceFallback(place, ...this.#elements());
    this.#anew();
  }

  #elements() {
    const words = make("p", { className: "visual-legend", textContent: LEGEND });
    this.details = make("details", {}, make("summary", { textContent: "The same as a table" }));
    this.details.append(this.table.whole);
    this.details.addEventListener("toggle", () => this.#show());
    const { elements } = this.transport;
    const above = [this.settings.element, ...elements, this.killing.element, this.said];
    return [...above, this.drawings, words, this.facts, this.details];
  }

  // Another job or cluster: nothing has happened, nobody is gone.
  #anew() {
    this.failures = [];
    this.#simulate();
    this.#jump(0);
  }

  #simulate() {
    const { job, machines } = this.settings.read();
    this.workers = machines.workers;
    this.run = simulate(job, { ...machines, failures: this.failures });
    this.moments = moments(this.run);
    this.graph = graph(job.needs);
    this.gantt = gantt(this.run, machines.workers);
    this.drawings.replaceChildren(this.graph.svg, this.gantt.svg);
    this.facts.textContent = `The whole run: ${facts(this.run)}`;
  }

  #kill() {
    const alive = this.#alive();
    if (alive.length < 2) return;
    this.#pause();
    const worker = Number(this.killing.victim.value);
    const time = Math.floor(this.time);
    // What was to happen to others later on is undone: the reader changes the past of it.
    this.failures = [...this.failures.filter(([when]) => when <= time), [time, worker]];
    this.#simulate();
    this.#jump(time);
  }

  #revive() {
    if (!this.failures.length) return;
    this.#pause();
    this.failures = [];
    this.#simulate();
    this.#jump(Math.min(this.time, this.run.makespan));
  }

  #alive() {
    const gone = new Set(this.failures.filter(([when]) => when <= this.time).map(([, w]) => w));
    return [...Array(this.workers).keys()].filter((worker) => !gone.has(worker));
  }

  // Playing

  #toggle() {
    if (this.playing) return this.#pause();
    if (this.time >= this.run.makespan) this.time = 0;
    this.playing = true;
    this.said.setAttribute("aria-live", "off"); // too much happens to read all of it aloud
    this.transport.playing.textContent = "Pause";
    this.still.matches ? this.#tick() : this.#frame(performance.now());
  }

  #pause() {
    this.playing = false;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.timer);
    this.said.setAttribute("aria-live", "polite");
    this.transport.playing.textContent = "Play";
  }

  #frame(before) {
    this.timer = requestAnimationFrame((now) => {
      const passed = ((now - before) / 1000 / SECONDS) * this.run.makespan;
      this.time = Math.min(this.run.makespan, this.time + Math.max(0, passed));
      if (this.time >= this.run.makespan) this.#pause();
      this.#show();
      if (this.playing) this.#frame(now);
    });
  }

  #tick() {
    const next = this.moments.find(({ time }) => time > this.time);
    this.time = next?.time ?? this.run.makespan;
    if (this.time >= this.run.makespan) this.#pause();
    this.#show();
    if (this.playing) this.timer = setTimeout(() => this.#tick(), PAUSE);
  }

  // Moving by hand

  #jump(time) {
    this.#pause();
    this.time = time;
    this.#show();
  }

  #step(direction) {
    const found =
      direction > 0
        ? this.moments.find(({ time }) => time > this.time)
        : this.moments.findLast(({ time }) => time < this.time);
    this.#jump(found?.time ?? (direction > 0 ? this.run.makespan : 0));
  }

  #scrub() {
    this.#jump((Number(this.transport.range.value) / STEPS) * this.run.makespan);
  }

  // What is to be seen

  #show() {
    const { range } = this.transport;
    range.value = Math.round((STEPS * this.time) / this.run.makespan);
    range.setAttribute("aria-valuetext", milliseconds(this.time));
    const now = this.moments.findLast(({ time }) => time <= this.time);
    const text = now ? ` ${now.text}` : " Nothing has begun yet.";
    const said = `At ${milliseconds(now?.time ?? this.time)}:${text}`;
    if (this.said.textContent !== said) this.said.textContent = said;
    const found = states(this.run, this.time);
    this.graph.show(found, `Graph of the tasks. ${counted(found)}`);
    const alive = this.#alive();
    const who = `${alive.length} of ${this.workers} workers`;
    this.gantt.show(this.time, `What ${who} have done until ${milliseconds(this.time)}.`);
    this.killing.offer(alive, this.failures.length > 0);
    if (this.details.open) this.table.fill(rows(this.run, this.time).map(Object.values));
  }
}

function counted(found) {
  const count = (state) => found.filter((each) => each === state).length;
  const [done, running, lost] = ["done", "running", "lost"].map(count);
  return `${done} done, ${running} running, ${lost} lost, of ${found.length}.`;
}
