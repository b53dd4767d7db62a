// A shuffle to watch: records leave their map tasks and travel to their reducers, one a step.
import { button, choice, draw, labelled, make, replaceFallback, slider, table } from "./dom.mjs";
import { lines, mapped, moment, rows, TEXTS } from "./records.mjs";

const PAUSE = 700; // milliseconds between two steps
const COLUMNS = ["Record", "From", "To", "Now"];
const LEGEND = "Each reducer has a look of its own, and so have the records that belong to it.";
const [WIDTH, CHIP, TALL, ROW, RIGHT] = [300, 84, 17, 20, 196];

export function start(place) {
  new Shuffle(place);
}

class Shuffle {
  constructor(place) {
    this.text = choice(Object.entries(TEXTS).map(([key, { name }]) => [key, name]), "page");
    this.combiner = choice([["no", "none"], ["yes", "in each map task"]], "no");
    this.reducers = choice([1, 2, 3, 4].map((count) => [count, `${count}`]), "2");
    this.playing = button("Play", () => this.#toggle(), "md-button--primary");
    this.range = slider({ min: 0, max: 1, step: 1, value: 0 });
    this.said = make("p", { className: "visual-said" });
    this.said.setAttribute("role", "status");
    this.results = make("p", { className: "visual-facts" });
    this.svg = draw("svg", { role: "img", class: "visual-chart" });
    this.svg.style.maxWidth = "360px";
    this.table = table("The records", COLUMNS);
    this.range.addEventListener("input", () => this.#jump(Number(this.range.value)));
    replaceFallback(place, ...this.#elements());
    this.#anew();
  }

  #elements() {
    const settings = make(
      "div",
      { className: "visual-settings" },
      labelled("Input", this.text),
      labelled("Combiner", this.combiner),
      labelled("Reducers", this.reducers),
    );
    settings.addEventListener("change", () => this.#anew());
    const by = (step) => () => this.#jump(this.step + step);
    const moves = [button("Step back", by(-1)), button("Step", by(1))];
    const again = button("From the start", () => this.#jump(0));
    const buttons = make("div", { className: "visual-buttons" }, this.playing, ...moves, again);
    const summary = make("summary", { textContent: "The same as a table" });
    const details = make("details", {}, summary, this.table.whole);
    const legend = make("p", { textContent: LEGEND });
    return [settings, buttons, labelled("Step", this.range), this.said, this.svg, legend, this.results, details];
  }

  #anew() {
    const tasks = lines(this.text.value);
    const read = () => [tasks, this.combiner.value === "yes", Number(this.reducers.value)];
    this.moment = (step) => moment(...read(), step);
    this.last = this.moment(0).steps;
    this.range.max = this.last;
    this.drawn = scene(this.moment(this.last), tasks, read()[1]);
    this.svg.setAttribute("viewBox", `0 0 ${WIDTH} ${this.drawn.height}`);
    this.svg.replaceChildren(...this.drawn.elements);
    this.#jump(0);
  }

  // Playing

  #toggle() {
    if (this.timer) return this.#pause();
    if (this.step >= this.last) this.#show(0);
    this.playing.textContent = "Pause";
    this.said.setAttribute("aria-live", "off"); // too much happens to read all of it aloud
    this.timer = setInterval(() => this.#next(), PAUSE);
  }

  #next() {
    if (this.step + 1 >= this.last) this.#pause();
    this.#show(this.step + 1);
  }

  #pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.playing.textContent = "Play";
    this.said.setAttribute("aria-live", "polite");
  }

  #jump(step) {
    this.#pause();
    this.#show(Math.max(0, Math.min(step, this.last)));
  }

  #show(step) {
    this.step = step;
    const found = this.moment(step);
    this.range.value = step;
    this.range.setAttribute("aria-valuetext", `step ${step} of ${this.last}`);
    if (this.said.textContent !== found.text) this.said.textContent = found.text;
    this.svg.setAttribute("aria-label", `Map tasks on the left, reducers on the right. ${found.text}`);
    this.drawn.show(step ? found.moved : -1);
    this.results.textContent = results(found);
    this.table.fill(rows(found));
  }
}

function results({ done, results }) {
  if (!done) return "Results: none yet.";
  const texts = results.map((each, reducer) => {
    const words = each.map(([key, sum]) => `${key} ${sum}`).join(", ") || "nothing";
    return `reducer ${reducer}: ${words}`;
  });
  return `Results: ${texts.join("; ")}.`;
}

// Boxes with room for all records on both sides; each record is drawn once, and moves.
function scene({ records, shares }, tasks, combines) {
  const left = boxes(tasks.map((line) => mapped(line, combines).length), 4, "map");
  const right = boxes(shares.map((share) => share.length), RIGHT, "reducer");
  const chips = records.map((record) => {
    const row = shares[record.reducer].indexOf(record);
    const from = `translate(${4 + 8}px, ${left.tops[record.task] + ROW * record.row}px)`;
    const to = `translate(${RIGHT + 8}px, ${right.tops[record.reducer] + ROW * row}px)`;
    return { element: chip(record), from, to };
  });
  const show = (moved) =>
    chips.forEach(({ element, from, to }, place) => {
      element.toggleAttribute("hidden", moved < 0);
      element.style.transform = place < moved ? to : from;
    });
  const elements = [...left.elements, ...right.elements, ...chips.map(({ element }) => element)];
  return { elements, show, height: Math.max(left.bottom, right.bottom) };
}

function boxes(counts, x, name) {
  const [elements, tops] = [[], []];
  let y = 4;
  counts.forEach((count, number) => {
    const height = ROW * Math.max(1, count) + 5;
    elements.push(draw("text", { x, y: y + 11 }, `${name} ${number}`));
    elements.push(draw("rect", { x, y: y + 16, width: CHIP + 16, height, rx: 4, class: "visual-box" }));
    tops.push(y + 20);
    y += height + 26;
  });
  return { elements, tops, bottom: y };
}

function chip({ key, number, reducer }) {
  const box = draw("rect", { width: CHIP, height: TALL, rx: 3 });
  const text = draw("text", { x: CHIP / 2, y: 13, "text-anchor": "middle" }, `${key} ${number}`);
  return draw("g", { class: `visual-record is-${reducer}` }, box, text);
}
