// Amdahl's law with a slider: how much of the work can be shared out, and among how many.
import { limit, speedup } from "./arithmetic.mjs";
import { draw, labelled, make, replaceFallback, slider, table } from "./dom.mjs";

const FLEETS = [...Array(11).keys()].map((power) => 2 ** power);
const [WIDTH, HEIGHT, LEFT, LOW] = [340, 200, 54, 36];
const COLUMNS = ["Workers", "Times as fast", "Share of the time at work"];

export function start(place) {
  const parallel = slider({ min: 0, max: 1000, step: 5, value: 950 });
  const workers = slider({ min: 0, max: 10, step: 1, value: 4 });
  const said = make("p", { className: "visual-said" });
  said.setAttribute("role", "status");
  const chart = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + LOW}`, role: "img", class: "visual-chart" });
  const { whole, fill } = table("The same for other numbers of workers", COLUMNS);
  const details = make("details", {}, make("summary", { textContent: "The same as a table" }), whole);
  const show = () => {
    const [share, count] = [Number(parallel.value) / 1000, 2 ** Number(workers.value)];
    parallel.setAttribute("aria-valuetext", percent(share));
    workers.setAttribute("aria-valuetext", `${count} workers`);
    said.textContent = sentence(share, count);
    drawCurve(chart, share, count);
    fill(FLEETS.map((each) => row(share, each)));
  };
  for (const each of [parallel, workers]) each.addEventListener("input", show);
  const sliders = [labelled("Work that can be shared out", parallel), labelled("Workers", workers)];
  replaceFallback(place, ...sliders, said, chart, details);
  show();
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const times = (factor) => factor.toFixed(factor < 100 ? 1 : 0);

function sentence(share, count) {
  const most = limit(share);
  const bound = most === null ? "There is no limit." : `No number of workers exceeds ${times(most)}.`;
  const who = count === 1 ? "1 worker is" : `${count.toLocaleString("en")} workers are`;
  return `${percent(share)} can be shared out: ${who} ${times(speedup(share, count))} times as fast as one. ${bound}`;
}

function row(share, count) {
  const factor = speedup(share, count);
  return [count.toLocaleString("en"), times(factor), percent(factor / count)];
}

// Both axes double at each step: a straight line up is what one pays for.
function drawCurve(chart, share, count) {
  const px = (workers) => LEFT + (Math.log2(workers) / 10) * (WIDTH - LEFT - 20);
  const py = (factor) => HEIGHT - (Math.log2(factor) / 10) * (HEIGHT - 12);
  const points = (of) => FLEETS.map((each) => `${px(each)},${py(of(each))}`).join(" ");
  const ideal = draw("polyline", { points: points((each) => each), class: "visual-ideal" });
  const curve = draw("polyline", { points: points((each) => speedup(share, each)), class: "visual-curve" });
  const dot = draw("circle", { cx: px(count), cy: py(speedup(share, count)), r: 6 });
  const axes = [1, 4, 16, 64, 256, 1024].flatMap((each) => [
    draw("text", { x: px(each), y: HEIGHT + 18, "text-anchor": "middle" }, each.toLocaleString("en")),
    draw("text", { x: LEFT - 8, y: py(each) + 4, "text-anchor": "end" }, `${each.toLocaleString("en")}×`),
  ]);
  axes.push(draw("text", { x: px(32), y: HEIGHT + 32, "text-anchor": "middle" }, "workers"));
  axes.push(draw("text", { x: px(40), y: py(80), "text-anchor": "end" }, "if all could be shared out"));
  chart.setAttribute("aria-label", `Times as fast against workers. ${sentence(share, count)}`);
  chart.replaceChildren(ideal, curve, dot, ...axes);
}
