// The map of a table's partitions: how its rows lie, and which of them a filter or a look-up reads.
import { choice, labelled, make, replaceFallback, slider, table } from "./dom.mjs";
import { plan, ROWS, rows, sentence } from "./partitions.mjs";

const ORDERS = { sorted: "sorted by the key", random: "in any order" };
const KNOWN = { yes: "smallest and largest key of each", no: "nothing" };
const QUESTIONS = { range: "a range of keys", key: "one key" };
const COUNTS = [2, 4, 8, 16].map((count) => [count, `${count}`]);
const COLUMNS = ["Partition", "Rows", "Keys", "Read", "Wanted"];
const LEGEND = "A box is a partition, with its smallest and its largest key. Filled: read. Ringed: a row that is wanted.";

export function start(place) {
  const order = choice(Object.entries(ORDERS), "sorted");
  const count = choice(COUNTS, "8");
  const known = choice(Object.entries(KNOWN), "yes");
  const question = choice(Object.entries(QUESTIONS), "range");
  const first = slider({ min: 0, max: ROWS - 1, step: 1, value: 13 });
  const length = slider({ min: 1, max: ROWS, step: 1, value: 6 });
  const said = make("p", { className: "visual-said" });
  said.setAttribute("role", "status");
  const map = make("div", { className: "visual-map" });
  map.setAttribute("role", "img");
  const { whole, fill } = table("What is read", COLUMNS);
  const details = make("details", {}, make("summary", { textContent: "The same as a table" }), whole);
  const lengthLabel = labelled("How many keys", length);
  const settings = make(
    "div",
    { className: "visual-settings" },
    labelled("The rows lie", order),
    labelled("Partitions", count),
    labelled("Known of partitions", known),
    labelled("Wanted", question),
  );
  const show = () => {
    lengthLabel.hidden = question.value === "key";
    const from = Number(first.value);
    const to = lengthLabel.hidden ? from : Math.min(ROWS - 1, from + Number(length.value) - 1);
    first.setAttribute("aria-valuetext", `key ${from}`);
    length.setAttribute("aria-valuetext", `${to - from + 1} keys, to ${to}`);
    const found = plan(order.value, Number(count.value), known.value === "yes", from, to);
    said.textContent = sentence(found, from, to);
    drawMap(map, found, from, to);
    map.setAttribute("aria-label", `A map of the partitions. ${said.textContent}`);
    fill(rows(found));
  };
  for (const each of [settings, first, length]) each.addEventListener("input", show);
  const legend = make("p", { textContent: LEGEND });
  replaceFallback(place, settings, labelled("First key", first), lengthLabel, said, map, legend, details);
  show();
}

// A box for each partition, with its smallest and largest key, that breaks where a line is full.
function drawMap(map, found, from, to) {
  map.replaceChildren(
    ...found.map(({ keys, smallest, largest, read }) => {
      const label = make("span", { className: "visual-range", textContent: `${smallest} – ${largest}` });
      const cells = keys.map((key) => {
        const className = from <= key && key <= to ? "visual-key is-wanted" : "visual-key";
        return make("span", { className, textContent: String(key) });
      });
      const box = make("span", { className: "visual-keys" }, ...cells);
      return make("span", { className: `visual-partition${read ? " is-read" : ""}` }, label, box);
    }),
  );
}
