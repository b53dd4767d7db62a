// The calculator of a cluster's size: data, the rule for what is done with them, a machine's memory.
import { machines } from "./arithmetic.mjs";
import { choice, labelled, make, replaceFallback, table } from "./dom.mjs";

const RULES = {
  4: "× 4: read, filter, add up",
  8: "× 8: shuffle, sort, join",
  48: "× 48: data that grow on the way",
};
const SIZES = [8, 16, 32, 64, 128, 256, 512];

export function start(place) {
  const data = number(100);
  const rule = choice(Object.entries(RULES), "8");
  const memory = number(128);
  const said = make("p", { className: "visual-said" });
  said.setAttribute("role", "status");
  const all = table("The same data and rule on other machines", ["GB a machine", "Machines"]);
  const settings = make(
    "div",
    { className: "visual-settings" },
    labelled("Data in memory, GB", data),
    labelled("Rule", rule),
    labelled("Memory of a machine, GB", memory),
  );
  const show = () => {
    const valid = data.checkValidity() && memory.checkValidity();
    const [gigabytes, factor, each] = [data, rule, memory].map((field) => Number(field.value));
    said.textContent = valid ? sentence(gigabytes, factor, each) : "Both sizes are whole numbers from 1 to 1,000,000.";
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

function sentence(data, factor, memory) {
  const { needed, count } = machines(data, factor, memory);
  const exact = (needed / memory).toLocaleString("en", { maximumFractionDigits: 2 });
  const plural = count === 1 ? "machine" : "machines";
  return (
    `${data} GB × ${factor} = ${needed.toLocaleString("en")} GB. Divided by ${memory} GB: ${exact}. ` +
    `Rounded up: ${count.toLocaleString("en")} ${plural}.`
  );
}

function row(data, factor, memory) {
  return [String(memory), machines(data, factor, memory).count.toLocaleString("en")];
}
