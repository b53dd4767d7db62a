// What a worker of Dask does at a level of memory. All numbers are percent of the worker's limit; the
// defaults of `distributed`, which a test compares with those that are installed.
export const THRESHOLDS = { target: 60, spill: 70, pause: 80, terminate: 95 };
export const thresholds = () => THRESHOLDS;

// Managed are the results that it holds, unmanaged is all else in its process. The target looks at
// the managed alone, as each result comes in; so results never fill more than that. The others look
// at the process, ten times a second. Only what is managed can be written to disk.
export function worker(managed, unmanaged) {
  const { target, spill, pause, terminate } = THRESHOLDS;
  const held = Math.min(managed, target);
  const process = held + unmanaged;
  const killed = process > terminate;
  const full = !killed && process > spill;
  const left = full ? Math.max(0, Math.min(held, target - unmanaged)) : held;
  const found = { managed, unmanaged, held, process, killed, full, left, disk: managed - left };
  found.paused = !killed && left + unmanaged > pause;
  found.briefly = full && process > pause && !found.paused;
  return { ...found, text: sentence(found) };
}

function sentence(found) {
  const { killed, disk, paused, briefly } = found;
  if (killed) return killedText(found);
  const memory = found.left + found.unmanaged;
  const written = disk ? `Results worth ${disk} % are on its disk` : "All results are in memory";
  const pause = briefly ? " While it wrote, no new task began." : "";
  if (!paused) return `${written}; its process takes ${memory} %.${pause} It takes new tasks.${slow(found)}`;
  return `${written}; its process still takes ${memory} %. It pauses: running tasks go on, new ones do not begin.`;
}

const killedText = ({ process }) =>
  `The process takes ${process} %. The nanny ends it and starts a new one. ` +
  "Results whose only copy was here are computed again.";

const slow = ({ left, disk }) =>
  disk && !left ? " Whatever a task needs, it reads back from disk: what fills the memory is none of its results." : "";

// The rows of the table.
export function meanings({ managed, killed, full, left, held, paused, briefly }) {
  const { target, spill, pause, terminate } = THRESHOLDS;
  const yes = (holds) => (holds ? "yes" : "no");
  const stopped = briefly ? "for a moment" : yes(paused);
  return [
    [`target ${target} %`, "results: the oldest go to disk", yes(managed > target)],
    [`spill ${spill} %`, `process: results go to disk, down to ${target} %`, yes(full && left < held)],
    [`pause ${pause} %`, "process: no new task begins", stopped],
    [`terminate ${terminate} %`, "process: it is ended and started anew", yes(killed)],
  ];
}
