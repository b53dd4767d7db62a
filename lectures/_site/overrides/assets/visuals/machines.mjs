// The calculator of a cluster's size: data, a factor (of a rule, or measured), a machine's memory.
import { machines } from "./arithmetic.mjs";
import { choice, labelled, make, replaceFallback, table } from "./dom.mjs";

const OWN = "own";
const RULES = {
  4: "× 4: read, filter, add up",
  8: "× 8: join, sort, shuffle",
  48: "× 48: the largest that is told",
  [OWN]: "a factor that I have measured",
};
const SIZES = [8, 16, 32, 64, 128, 256, 512];
const WRONG = "Both sizes are whole numbers from 1 to 1,000,000. A factor lies between 0.01 and 1,000.";

export function start(place) {
  const data = number(100);
  const rule = choice(Object.entries(RULES), "8");
  const own = make("input", { type: "number", min: 0.01, max: 1000, step: 0.01, required: true, value: 1.5 });
  const memory = number(128);
  const said = make("p", { className: "visual-said" });
  said.setAttribute("role", "status");
  const all = table("The same data and factor on other machines", ["GB a machine", "Machines"]);
  const ownLabel = labelled("My factor", own);
  const settings = make(
    "div",
    { className: "visual-settings" },
    labelled("Data in memory, GB", data),
    labelled("Rule", rule),
    ownLabel,
    labelled("Memory of a machine, GB", memory),
  );
  const show = () => {
    ownLabel.hidden = rule.value !== OWN;
    const fields = ownLabel.hidden ? [data, memory] : [data, memory, own];
    const valid = fields.every((field) => field.checkValidity());
    const factor = Number(ownLabel.hidden ? rule.value : own.value);
    const [gigabytes, each] = [Number(data.value), Number(memory.value)];
    said.textContent = valid ? sentence(gigabytes, factor, each) : WRONG;
    all.fill(valid ? SIZES.map((size) => row(gigabytes, factor, size)) : []);
  };
  settings.addEventListener("input", show);
  replaceFallback(place, settings, said, all.whole);
  show();
}

function number(value) {
  const limits = { min: 1, max: 1_000_000, step: 1, required: true };
  return make("input", { type: "number", inputMode: "numeric", ...limits, value });
}

export function sentence(data, factor, memory) {
  const { needed, count } = machines(data, factor, memory);
  const exact = (needed / memory).toLocaleString("en", { maximumFractionDigits: 2 });
  const plural = count === 1 ? "machine" : "machines";
  return (
    `${data.toLocaleString("en")} GB × ${factor} = ${needed.toLocaleString("en")} GB. Divided by ` +
    `${memory.toLocaleString("en")} GB: ${exact}. Rounded up: ${count.toLocaleString("en")} ${plural}.`
  );
}

function row(data, factor, memory) {
  return [String(memory), machines(data, factor, memory).count.toLocaleString("en")];
}
