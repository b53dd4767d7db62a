// The jobs that a reader can choose, in the shapes of solutions/job.py. Costs are microseconds, sizes
// bytes.
export const JOBS = {
  tree: { name: "add up 16 results two by two", make: () => tree(16, 20_000, 1_000_000, 5_000) },
  slow: { name: "the same, every fourth leaf slow", make: slowTree },
  shuffle: { name: "shuffle 4 parts", make: () => shuffle(4, 20_000, 4_000_000) },
  fan: { name: "16 tasks that need nothing", make: unevenFan },
};

export function tree(leaves, cost, size, join) {
  const needs = [];
  const tops = []; // [leaves below, task]: a smaller one lies on a larger one
  const add = (below, needed) => tops.push([below, needs.push(needed) - 1]);
  const joinTwo = () => {
    const [right, last] = tops.pop();
    const [left, first] = tops.pop();
    add(left + right, [first, last]);
  };
  for (let leaf = 0; leaf < leaves; leaf++) {
    add(1, []);
    while (tops.length > 1 && tops.at(-1)[0] === tops.at(-2)[0]) joinTwo();
  }
  while (tops.length > 1) joinTwo();
  return { needs, cost: needs.map((n) => (n.length ? join : cost)), size: needs.map(() => size) };
}

export function shuffle(parts, cost, size) {
  const job = { needs: [], cost: [], size: [] };
  const add = (needs, takes, bytes) => {
    job.cost.push(takes);
    job.size.push(bytes);
    return job.needs.push(needs) - 1;
  };
  const count = [...Array(parts).keys()];
  const pieces = count.map(() => {
    const part = add([], cost, size);
    return count.map(() => add([part], 1, Math.floor(size / parts)));
  });
  for (const piece of count) add(pieces.map((of) => of[piece]), cost, size);
  return job;
}

function slowTree() {
  const job = tree(16, 20_000, 1_000_000, 5_000);
  const leaves = job.needs.flatMap((needs, task) => (needs.length ? [] : [task]));
  leaves.forEach((task, leaf) => (job.cost[task] *= leaf % 4 ? 1 : 4));
  return job;
}

function unevenFan() {
  const tasks = [...Array(16).keys()];
  const cost = tasks.map((task) => 5_000 + 3_000 * task);
  return { needs: tasks.map(() => []), cost, size: tasks.map(() => 0) };
}
