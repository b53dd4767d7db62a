// Where the tasks of a graph stand: in columns, each task right of all that it needs. In a column they
// stand in the order of what they need, spread over the height of the longest column.
export const COLUMN = 62;
export const ROW = 27;

// A list of {x, y}, by task, and the width and height of all.
export function layout(needs) {
  const column = [];
  needs.forEach((needed, task) => {
    column[task] = Math.max(-1, ...needed.map((each) => column[each])) + 1;
  });
  const columns = [];
  column.forEach((at, task) => (columns[at] ??= []).push(task));
  const height = ROW * Math.max(1, ...columns.map((tasks) => tasks.length));
  const places = [];
  columns.forEach((tasks, at) => {
    inOrder(tasks, needs, places).forEach((task, row) => {
      places[task] = { x: COLUMN * (at + 0.5), y: (height * (row + 0.5)) / tasks.length };
    });
  });
  return { places, width: COLUMN * columns.length, height };
}

function inOrder(tasks, needs, places) {
  const mean = (task) => {
    const heights = needs[task].map((each) => places[each].y);
    return heights.reduce((sum, y) => sum + y, 0) / (heights.length || 1);
  };
  const keyed = tasks.map((task) => [mean(task), task]);
  return keyed.sort(([a, one], [b, two]) => a - b || one - two).map(([, task]) => task);
}
