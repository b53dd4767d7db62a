// The cells in which a reader tries a task. Until one is opened nothing more is loaded: this script
// only offers a button, and says which tasks were solved before. Python in the page needs a worker
// that is a module, which browsers refuse to pages opened from a folder ("file:"): there the cell
// goes on saying what to do instead, as it does without scripts.
(() => {
  const base = document.currentScript.src;

  function memory(cell) {
    try {
      const { lab, task } = cell.dataset;
      return JSON.parse(localStorage.getItem(`outgrow/try/${lab}/${task}`)) ?? {};
    } catch {
      return {};
    }
  }

  function offer(cell) {
    const before = memory(cell);
    cell.classList.toggle("try-solved", Boolean(before.solved));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "md-button md-button--primary try-open";
    button.textContent = before.code ? "Go on writing" : "Write it here";
    button.addEventListener("click", () => load(cell, button));
    cell.querySelector(".try-bar").append(button);
    cell.querySelector(".try-off").hidden = true;
    cell.querySelector(".try-on").hidden = false;
  }

  async function load(cell, button) {
    button.disabled = true;
    cell.querySelector(".try-on").hidden = true;
    try {
      const { open } = await import(new URL("live/cell.js", base));
      open(cell);
    } catch (error) {
      button.disabled = false;
      cell.querySelector(".try-summary").textContent = `The editor did not load (${error.message}).`;
    }
  }

  if (location.protocol !== "file:") document.querySelectorAll(".try").forEach(offer);
})();
