// A word count as a walk: three map tasks give records, each record goes to the reducer that its key's
// hash names, and the reducers add up. Pure functions; a record is [key, number].
import { partition } from "./crc32.mjs";

export const TEXTS = {
  page: { name: "three short lines", lines: ["to be or not to be", "be that as it may", "may it not be so"] },
  repeated: { name: "few words, many times", lines: ["go go go stop go", "stop stop go stop", "go go stop go go"] },
  skewed: { name: "one word everywhere", lines: ["the cat the dog", "the the bird the", "the fish the end"] },
};
export const lines = (name) => TEXTS[name].lines;

// What the map task of a line hands on: a record for each word, or, combined, for each different word.
export function mapped(line, combines) {
  const records = line.split(" ").map((word) => [word, 1]);
  return combines ? reduced(records) : records;
}

// Records of the same key added up, in the order of the keys.
export function reduced(records) {
  const sums = new Map();
  for (const [key, number] of records) sums.set(key, (sums.get(key) ?? 0) + number);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
}

// All records that are sent, in the order in which they are: a record of each task in turn.
export function sent(lines, combines, reducers) {
  const tasks = lines.map((line) => mapped(line, combines));
  const longest = Math.max(...tasks.map((records) => records.length));
  return [...Array(longest).keys()].flatMap((row) =>
    tasks.flatMap((records, task) => {
      if (!records[row]) return [];
      const [key, number] = records[row];
      return [{ key, number, task, row, reducer: partition(key, reducers) }];
    }),
  );
}

// What has happened after so many steps: first all map, then one record a step, then all reduce.
export function moment(lines, combines, reducers, step) {
  const records = sent(lines, combines, reducers);
  const moved = Math.max(0, Math.min(step - 1, records.length));
  const shares = [...Array(reducers).keys()].map((reducer) =>
    records.slice(0, moved).filter((record) => record.reducer === reducer),
  );
  const done = step > records.length + 1;
  const results = shares.map((share) => (done ? reduced(share.map((r) => [r.key, r.number])) : []));
  const found = { records, moved, shares, done, results, steps: records.length + 2 };
  return { ...found, text: sentence(found, lines, combines, step) };
}

function sentence({ records, moved, shares, done }, lines, combines, step) {
  if (!step) return `${lines.length} map tasks have a line each.`;
  const words = lines.join(" ").split(" ").length;
  const given = combines ? `${words} words are combined into ${records.length} records` : `${words} words give ${words} records`;
  if (step === 1) return `The map tasks are done: ${given}. None has been moved.`;
  const counts = shares.map((share) => share.length).join(", ");
  if (done) return `All ${records.length} records have been moved; the reducers got ${counts}. They add up.`;
  const { key, number, task, reducer } = records[moved - 1];
  return `${moved} of ${records.length} records moved: map ${task} sends ${key} ${number} to reducer ${reducer}.`;
}

// The rows of the table.
export function rows({ records, moved }) {
  return records.map(({ key, number, task, reducer }, place) => {
    const where = place < moved ? "moved" : "waits";
    return [`${key} ${number}`, `map ${task}`, `reducer ${reducer}`, where];
  });
}
