// What a worker of Dask does when its memory fills up: two sliders, a bar as it is asked for, and a bar
// of what is in memory after the worker has written results to its disk.
import { draw, labelled, make, replaceFallback, slider, table } from "./dom.mjs";
import { meanings, THRESHOLDS, worker } from "./worker.mjs";

const [WIDTH, LEFT, TALL, WIDEST] = [340, 2, 22, 130];
const [UPPER, LOWER, BOTTOM] = [22, 74, 104];
const COLUMNS = ["Threshold", "Who is above it", "Now"];

export function start(place) {
  const managed = slider({ min: 0, max: 100, step: 1, value: 50 });
  const unmanaged = slider({ min: 0, max: 100, step: 1, value: 15 });
  const said = make("p", { className: "visual-said" });
  said.setAttribute("role", "status");
  const chart = draw("svg", { viewBox: `0 0 ${WIDTH} 124`, role: "img", class: "visual-chart" });
  const { whole, fill } = table("In percent of the worker's memory limit", COLUMNS);
  const show = () => {
    const found = worker(Number(managed.value), Number(unmanaged.value));
    for (const each of [managed, unmanaged]) each.setAttribute("aria-valuetext", `${each.value} % of the limit`);
    if (said.textContent !== found.text) said.textContent = found.text;
    drawBars(chart, found);
    fill(meanings(found));
  };
  for (const each of [managed, unmanaged]) each.addEventListener("input", show);
  const names = ["Results that it holds for Dask (managed)", "All else in its process (unmanaged)"];
  const sliders = [labelled(names[0], managed), labelled(names[1], unmanaged)];
  const legend = "Filled: results. Striped: all else. The lines are the thresholds, in percent of the limit.";
  replaceFallback(place, ...sliders, said, chart, make("p", { textContent: legend }), whole);
  show();
}

const px = (percent) => LEFT + ((WIDTH - 2 * LEFT) * Math.min(percent, WIDEST)) / WIDEST;

function drawBars(chart, found) {
  const levels = Object.values(THRESHOLDS);
  const lines = [...levels, 100].flatMap((at) => {
    const look = at === 100 ? "visual-limit" : "visual-threshold";
    const ends = (y) => ({ x1: px(at), x2: px(at), y1: y - 2, y2: y + TALL + 6, class: look });
    return [UPPER, LOWER].map((y) => draw("line", ends(y)));
  });
  const marks = levels.map((at) => draw("text", { x: px(at), y: BOTTOM + 14, "text-anchor": "middle" }, String(at)));
  marks.push(draw("text", { x: px(100) + 4, y: BOTTOM + 14 }, "limit"));
  const before = bar(UPPER, "asked for", found.managed, found.unmanaged);
  const after = found.killed
    ? [draw("text", { x: LEFT, y: LOWER + 14 }, "✕ the process is ended")]
    : bar(LOWER, "in memory then", found.left, found.unmanaged);
  chart.setAttribute("aria-label", `Asked for: ${found.managed} % and ${found.unmanaged} %. ${found.text}`);
  chart.replaceChildren(stripes(), ...before, ...after, ...lines, ...marks);
}

function bar(y, name, managed, unmanaged) {
  const part = (from, to, look) => {
    const wide = { x: px(from), width: px(to) - px(from) };
    return draw("rect", { ...wide, y, height: TALL, class: look });
  };
  const sum = `${name}: ${managed} + ${unmanaged} = ${managed + unmanaged} %`;
  return [
    draw("text", { x: LEFT, y: y - 5 }, sum),
    part(0, managed, "visual-managed"),
    part(managed, managed + unmanaged, "visual-unmanaged"),
  ];
}

function stripes() {
  const line = draw("path", { d: "M0 6 6 0", stroke: "currentColor" });
  const size = { width: 6, height: 6, patternUnits: "userSpaceOnUse" };
  return draw("pattern", { id: "visual-stripes", ...size }, line);
}
