// Which partitions a question has to read: rows with a key each, laid into partitions, and what is known
// of every partition. Pure functions.
export const ROWS = 32;

// The keys 0 to 31 as they lie, in partitions of the same size.
export function lay(order, partitions) {
  const keys = [...Array(ROWS).keys()];
  const lying = order === "random" ? keys.map((key) => (key * 13 + 5) % ROWS) : keys;
  const size = ROWS / partitions;
  return [...Array(partitions).keys()].map((place) => lying.slice(place * size, (place + 1) * size));
}

// Of each partition: its keys, the smallest and the largest, is it read, and how many keys are wanted.
// Nobody looks into a partition to find out: it is read unless what is known rules it out.
export function plan(order, partitions, known, from, to) {
  return lay(order, partitions).map((keys) => {
    const [smallest, largest] = [Math.min(...keys), Math.max(...keys)];
    const wanted = keys.filter((key) => from <= key && key <= to);
    const read = !known || (smallest <= to && from <= largest);
    return { keys, smallest, largest, read, wanted: wanted.length };
  });
}

export function sentence(found, from, to) {
  const read = found.filter((each) => each.read);
  const rows = read.reduce((sum, { keys }) => sum + keys.length, 0);
  const wanted = found.reduce((sum, each) => sum + each.wanted, 0);
  const asked = from === to ? `The key ${from}` : `The keys ${from} to ${to}`;
  const partitions = `${read.length} of ${found.length} partitions`;
  const idle = read.filter((each) => !each.wanted).length;
  const nothing = idle ? ` In ${idle} of them there is nothing.` : "";
  const many = wanted === 1 ? "1 row" : `${wanted} rows`;
  return `${asked}: ${many}. ${partitions} must be read, with ${rows} rows.${nothing}`;
}

export function rows(found) {
  return found.map(({ keys, smallest, largest, read, wanted }, place) => [
    String(place),
    String(keys.length),
    `${smallest} – ${largest}`,
    read ? "yes" : "no",
    String(wanted),
  ]);
}
