// A run of the simulator as something to walk through: the moments at which something happens, each
// with a sentence, and the state of every task at any time. Pure functions of the run's log.
export const milliseconds = (time) => `${(time / 1000).toFixed(1)} ms`;

// In order of time: {time, text}; what happens at the same time is one moment.
export function moments(run) {
  const happened = [...started(run), ...ended(run), ...stolen(run), ...failed(run)];
  const byTime = new Map();
  for (const { time, text } of happened.sort((a, b) => a.time - b.time)) {
    byTime.set(time, [...(byTime.get(time) ?? []), text]);
  }
  const done = byTime.get(run.makespan) ?? [];
  byTime.set(run.makespan, [...done, "The scheduler has all that was wanted."]);
  return [...byTime].map(([time, texts]) => ({ time, text: texts.join(" ") }));
}

const begun = (each) => each.cut === undefined || each.start < each.cut;
const within = (run) => run.log.runs.filter((each) => begun(each) && each.start <= run.makespan);

function started(run) {
  return within(run).map(({ task, worker, start, again }) => ({
    time: start,
    text: `Worker ${worker} starts task ${task}${again ? " again" : ""}.`,
  }));
}

function ended(run) {
  const whole = within(run).filter((each) => each.cut === undefined && each.finish <= run.makespan);
  return whole.map(({ task, worker, finish }) => ({
    time: finish,
    text: `Worker ${worker} has the result of task ${task}.`,
  }));
}

function stolen(run) {
  return run.log.thefts.map(({ when, task, thief, victim }) => ({
    time: when,
    text: `Worker ${thief} takes over task ${task}, which waited at worker ${victim}.`,
  }));
}

function failed(run) {
  return run.log.failures.map(({ when, worker, lost, again, cut }) => ({
    time: when,
    text: [
      `Worker ${worker} is gone, and with it ${tasks(lost, "the only copy of", "no result")}.`,
      cut < 0 ? "" : `It was working on task ${cut}.`,
      `${again.length ? `To run again: ${tasks(again)}` : "No finished task has to run again"}.`,
    ]
      .filter(Boolean)
      .join(" "),
  }));
}

function tasks(numbers, before = "", none = "") {
  if (!numbers.length) return none;
  const sorted = [...numbers].sort((a, b) => a - b).join(", ");
  return `${before} task${numbers.length > 1 ? "s" : ""} ${sorted}`.trim();
}

// Of each task: "waiting", "running", "done", or "lost" (it had run, and has to run again).
export function states(run, time) {
  const found = run.worker.map(() => "waiting");
  const steps = [
    ...within(run).map((each) => [each.start, 1, () => (found[each.task] = "running")]),
    ...within(run).map((each) => [each.cut ?? each.finish, 0, () => (found[each.task] = after(each))]),
    ...run.log.failures.map((each) => [each.when, 2, () => lose(found, each.again)]),
  ];
  const past = steps.filter(([when]) => when <= time);
  past.sort(([a, first], [b, second]) => a - b || first - second).forEach(([, , step]) => step());
  return found;
}

const after = (each) => (each.cut === undefined ? "done" : "waiting");

function lose(found, again) {
  for (const task of again) if (found[task] === "done") found[task] = "lost";
}

// The rows of the table: what has begun until a time, in that order.
export function rows(run, time) {
  const seen = within(run).filter(({ start }) => start <= time);
  return seen
    .sort((a, b) => a.start - b.start || a.worker - b.worker)
    .map(({ task, worker, start, finish, cut, again }) => ({
      task: `${task}${again ? " (again)" : ""}`,
      worker: String(worker),
      start: milliseconds(start),
      end: cut !== undefined && cut <= time ? `lost at ${milliseconds(cut)}` : milliseconds(finish),
    }));
}

// The run in numbers.
export function facts(run) {
  const again = within(run).filter((each) => each.again).length;
  return (
    `${run.worker.length} tasks in ${milliseconds(run.makespan)}; ${again} run again; ` +
    `${(run.moved / 1e6).toFixed(0)} MB moved between workers; ${run.stolen} stolen.`
  );
}
