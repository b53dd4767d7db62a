// What a run gave, as a list: a line for each test with what it says, and a hint where it failed.
// All that a reader's code printed or raised is put in as text, never as HTML.
const MARKS = { passed: "✔", wrong: "✘", untried: "○", elsewhere: "–" };

export function showResults(cell, answer) {
  const place = cell.querySelector(".try-results");
  place.replaceChildren();
  if (!answer) return;
  cell.querySelector(".try-summary").replaceChildren(prose(summary(cell, answer)));
  if (answer.broken) place.append(block("pre", "try-message", answer.broken));
  if (answer.lines.length) {
    const list = block("ul", "try-lines");
    list.append(...answer.lines.map(line));
    place.append(list);
  }
  if (answer.printed) {
    place.append(block("p", "try-label", "Your code printed:"));
    place.append(block("pre", "try-message", answer.printed));
  }
}

export function showTrouble(cell, text) {
  showResults(cell, null);
  cell.querySelector(".try-summary").textContent = text;
}

function summary(cell, { broken, passed, lines }) {
  if (broken) return "Your code does not run yet:";
  const here = lines.filter(({ state }) => state !== "elsewhere");
  const good = here.filter(({ state }) => state === "passed").length;
  if (!passed) return `${good} of ${here.length} tests pass.`;
  const lab = `\`outgrow start ${cell.dataset.lab}\``;
  return `All tests that run here pass. The lab has more: ${lab}`;
}

function line(told) {
  const item = block("li", `try-${told.state}`);
  const head = block("p", "try-test");
  head.append(block("span", "try-mark", `${MARKS[told.state]} ${told.phrase}`), " ", prose(told.title));
  item.append(head);
  if (told.expected || told.actual) {
    item.append(pair("expected", told.expected), pair("got", told.actual));
  }
  if (told.message) item.append(block("pre", "try-message", told.message));
  if (told.hint) item.append(labelled("Hint:", prose(told.hint)));
  return item;
}

function pair(name, value) {
  return labelled(name, block("code", "try-value", value));
}

function labelled(label, content) {
  const row = block("p", "try-row");
  row.append(block("b", "", label), " ", content);
  return row;
}

// Text with `names` in it as code.
function prose(text) {
  const span = block("span");
  text.split(/`([^`]+)`/).forEach((part, odd) => {
    span.append(odd % 2 ? block("code", "", part) : part);
  });
  return span;
}

function block(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
