// What a reader can set and press in the simulator: made here, without any behaviour.
import { button, choice, labelled, make, slider } from "./dom.mjs";
import { JOBS } from "./jobs.mjs";

export const STEPS = 200; // positions of the slider
const WORKERS = [1, 2, 3, 4, 5, 6].map((count) => [count, `${count}`]);
const POLICIES = {
  usual: { name: "one task ahead, idle workers steal", ahead: 1, stealing: true },
  waiting: { name: "one task ahead, nobody steals", ahead: 1, stealing: false },
  pushed: { name: "30 tasks ahead, idle workers steal", ahead: 30, stealing: true },
  stuck: { name: "30 tasks ahead, nobody steals", ahead: 30, stealing: false },
};
const BANDWIDTHS = [1000, 100, 10, 1].map((each) => [each, `${each} MB/s`]);
const named = (found) => Object.entries(found).map(([key, { name }]) => [key, name]);

export function settings(change) {
  const job = choice(named(JOBS), "tree");
  const workers = choice(WORKERS, "3");
  const policy = choice(named(POLICIES), "usual");
  const bandwidth = choice(BANDWIDTHS, "100");
  const element = make(
    "div",
    { className: "visual-settings" },
    labelled("Job", job),
    labelled("Workers", workers),
    labelled("Policy", policy),
    labelled("Network", bandwidth),
  );
  element.addEventListener("change", change);
  const read = () => {
    const { ahead, stealing } = POLICIES[policy.value];
    const machines = { workers: Number(workers.value), bandwidth: Number(bandwidth.value) };
    return { job: JOBS[job.value].make(), machines: { ...machines, ahead, stealing } };
  };
  return { element, read };
}

export function transport({ play, back, step, scrub, restart }) {
  const playing = button("Play", play, "md-button--primary");
  const range = slider({ min: 0, max: STEPS, value: 0, className: "visual-range" });
  range.addEventListener("input", scrub);
  const buttons = [playing, button("Step back", back), button("Step", step)];
  const row = make("div", { className: "visual-buttons" }, ...buttons, button("From the start", restart));
  return { elements: [row, labelled("Time", range)], playing, range };
}

export function killing(kill, revive) {
  const victim = choice([], "");
  const end = button("Kill it now", kill);
  const back = button("Bring all back", revive);
  const element = make("div", { className: "visual-buttons" }, labelled("Worker", victim), end, back);
  // Offer the workers that are alive; the last one stays.
  const offer = (alive, anybodyGone) => {
    const before = victim.value;
    victim.replaceChildren(
      ...alive.map((worker) => make("option", { value: worker, textContent: `worker ${worker}` })),
    );
    if (alive.map(String).includes(before)) victim.value = before;
    end.setAttribute("aria-disabled", alive.length < 2);
    back.setAttribute("aria-disabled", !anybodyGone);
  };
  return { element, victim, offer };
}
