// The two drawings of the simulator: the graph, and a row of time for each worker. Both are made once
// for a run, and then shown as they are at a time. What colour says is also said by a mark or a dash.
import { draw } from "./dom.mjs";
import { layout } from "./layout.mjs";
import { milliseconds } from "./moments.mjs";

const RADIUS = 11;
const [LEFT, WIDTH, TALL, TOP] = [60, 330, 34, 6];

export function graph(needs) {
  const { places, width, height } = layout(needs);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "visual-graph" });
  svg.style.maxWidth = `${width}px`;
  needs.forEach((needed, task) => svg.append(...needed.map((each) => edge(places[each], places[task]))));
  const nodes = places.map((place, task) => node(place, task));
  svg.append(...nodes);
  return { svg, show: (states, alt) => showGraph(svg, nodes, states, alt) };
}

function edge(from, to) {
  const ends = { x1: from.x + RADIUS, y1: from.y, x2: to.x - RADIUS, y2: to.y };
  return draw("line", { ...ends, class: "visual-edge" });
}

function node({ x, y }, task) {
  const text = draw("text", { y: 4, "text-anchor": "middle" }, String(task));
  return draw("g", { transform: `translate(${x} ${y})` }, draw("circle", { r: RADIUS }), text);
}

function showGraph(svg, nodes, states, alt) {
  svg.setAttribute("aria-label", alt);
  states.forEach((state, task) => nodes[task].setAttribute("class", `visual-task is-${state}`));
}

// A row a worker, a bar a task; a thin bar below: its inputs are on their way.
export function gantt(run, workers) {
  const height = TOP + TALL * workers + 20;
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", class: "visual-gantt" });
  const scale = (WIDTH - LEFT - 4) / run.makespan;
  const px = (time) => LEFT + scale * time;
  const rows = [...Array(workers).keys()].map((worker) => row(worker));
  const bars = [
    ...run.log.transfers.map((each) => transfer(each, px)),
    ...run.log.runs.map((each) => bar(each, px)),
  ];
  const cursor = draw("line", { class: "visual-cursor", y1: 0, y2: height - 18 });
  svg.append(...rows.flat(), ...bars.map((each) => each.element), ...ticks(run.makespan, px, height));
  const gone = run.log.failures.map((each) => grave(each, px, run.makespan));
  svg.append(...gone.map((each) => each.element), cursor);
  const show = (time, alt) => {
    svg.setAttribute("aria-label", alt);
    for (const each of [...bars, ...gone]) each.show(time);
    cursor.setAttribute("x1", px(time));
    cursor.setAttribute("x2", px(time));
  };
  return { svg, show };
}

function row(worker) {
  const y = TOP + TALL * worker;
  const line = { x1: LEFT, x2: WIDTH, y1: y + TALL - 4, y2: y + TALL - 4, class: "visual-edge" };
  const label = draw("text", { x: LEFT - 6, y: y + 17, "text-anchor": "end" }, `worker ${worker}`);
  return [draw("line", line), label];
}

function ticks(makespan, px, height) {
  const anchors = [[0, "start"], [makespan / 2, "middle"], [makespan, "end"]];
  return anchors.map(([time, anchor]) =>
    draw("text", { x: px(time), y: height - 4, "text-anchor": anchor }, milliseconds(time)),
  );
}

function bar({ task, worker, start, finish, cut, again }, px) {
  const y = TOP + TALL * worker;
  const end = Math.min(finish, cut ?? finish);
  const rect = draw("rect", { x: px(start), y, height: 22 });
  const look = `visual-bar${again ? " is-again" : ""}${cut === undefined ? "" : " is-cut"}`;
  const element = draw("g", { class: look }, rect);
  const wide = px(end) - px(start);
  const words = `${task}${again ? "↻" : ""}`;
  const label = draw("text", { x: px(start) + wide / 2, y: y + 15, "text-anchor": "middle" }, words);
  if (wide > 8 * words.length) element.append(label);
  const show = (time) => {
    const begun = start <= time && end > start;
    element.toggleAttribute("hidden", !begun);
    if (!begun) return;
    rect.setAttribute("width", Math.max(1, px(Math.min(time, end)) - px(start)));
    label.toggleAttribute("hidden", time < end);
  };
  return { element, show };
}

function transfer({ worker, begin, there }, px) {
  const y = TOP + TALL * worker + 24;
  const element = draw("rect", { x: px(begin), y, height: 4, class: "visual-transfer" });
  const show = (time) => {
    element.toggleAttribute("hidden", begin > time);
    element.setAttribute("width", Math.max(0, px(Math.min(time, there)) - px(begin)));
  };
  return { element, show };
}

function grave({ when, worker }, px, makespan) {
  const y = TOP + TALL * worker;
  const rect = draw("rect", { x: px(when), y, height: 28, width: px(makespan) - px(when) });
  const text = draw("text", { x: px(when) + 4, y: y + 17 }, "✕ gone");
  const element = draw("g", { class: "visual-gone" }, rect, text);
  return { element, show: (time) => element.toggleAttribute("hidden", when > time) };
}
