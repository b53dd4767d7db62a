// What a reader wrote and solved, kept in the browser's own store under lab and task.
// A browser may refuse to keep anything; then a reload forgets, and all else works.
const place = (cell) => `outgrow/try/${cell.dataset.lab}/${cell.dataset.task}`;

export function remembered(cell) {
  try {
    return JSON.parse(localStorage.getItem(place(cell))) ?? {};
  } catch {
    return {};
  }
}

export function remember(cell, facts) {
  const now = { ...remembered(cell), ...facts };
  try {
    localStorage.setItem(place(cell), JSON.stringify(now));
  } catch {
    // nothing is kept, and nothing is lost that was kept before
  }
  cell.classList.toggle("try-solved", Boolean(now.solved));
}
