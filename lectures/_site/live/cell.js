// A cell that a reader opened: an editor, its buttons, and a run that judges what stands there.
//
// This is the entry of the bundle; `try.js` loads it when the first cell of a page is opened. The
// worker with Python starts at the same moment, so it is often ready when the reader is.
import { Engine } from "./engine.js";
import { makeEditor } from "./editor.js";
import { remember, remembered } from "./memory.js";
import { showResults, showTrouble } from "./results.js";

const SECONDS = 10;
let engine;

export function open(cell) {
  engine ??= new Engine(new URL("worker.mjs", import.meta.url));
  const task = taskOf(cell);
  const editor = makeEditor(cell, task.name, remembered(cell).code ?? task.stub, {
    run: () => run(cell, task, editor),
    changed: (code) => remember(cell, { code }),
  });
  addButtons(cell, task, editor);
  editor.focus();
  engine.prepare(orderOf(task, task.stub));
  say(cell, "Python is starting. You can write already.");
  engine.ready.then(
    () => cell.classList.contains("try-running") || say(cell, "Python is ready."),
    (error) => showTrouble(cell, `Python did not start (${error.message}). Reload the page.`),
  );
}

function taskOf(cell) {
  const code = (name) => cell.querySelector(`${name} pre code`)?.textContent ?? "";
  return {
    lab: cell.dataset.lab,
    name: cell.dataset.task,
    tasks: cell.dataset.tasks.split(" "),
    given: code(".try-given"),
    stub: code(".try-code").trimEnd(),
  };
}

function orderOf({ lab, tasks, name, given }, code) {
  return JSON.stringify({ lab, tasks, task: name, given, code });
}

function addButtons(cell, task, editor) {
  const bar = cell.querySelector(".try-bar");
  const add = (label, title, act) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "md-button", textContent: label, title });
    button.addEventListener("click", act);
    bar.append(button);
    return button;
  };
  bar.replaceChildren();
  const runIt = add("Run the tests", "Control+Enter in the editor", () => run(cell, task, editor));
  runIt.classList.add("md-button--primary", "try-run");
  const stop = add("Stop", "End a run that takes too long", () => {
    engine.stop();
    runIt.focus();
  });
  stop.classList.add("try-stop");
  const reset = add("Reset", "Put the beginning back", () => {
    editor.replace(task.stub);
    remember(cell, { code: undefined, solved: undefined });
    showResults(cell, null);
    say(cell, "The beginning is back.");
  });
  reset.classList.add("try-reset");
  running(cell, false);
}

async function run(cell, task, editor) {
  if (engine.busy) return say(cell, "Another run is not over yet. Stop it first.");
  running(cell, true);
  showResults(cell, null);
  say(cell, "Running …");
  const done = await engine.run(orderOf(task, editor.code()), SECONDS);
  running(cell, false);
  if (done.answer) {
    showResults(cell, done.answer);
    if (done.answer.passed) remember(cell, { solved: true });
  } else {
    showTrouble(cell, troubles[done.ended] ?? `Python ended: ${done.ended}. It starts anew.`);
  }
}

const troubles = {
  time: `Stopped: no result after ${SECONDS} seconds. Is there a loop that does not end?`,
  stop: "Stopped.",
};

function running(cell, now) {
  cell.classList.toggle("try-running", now);
  cell.querySelector(".try-run").setAttribute("aria-disabled", String(now));
  cell.querySelector(".try-stop").disabled = !now;
  cell.querySelector(".try-reset").disabled = now;
}

function say(cell, text) {
  cell.querySelector(".try-summary").textContent = text;
}
