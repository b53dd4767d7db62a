// Choosing an answer opens its explanation and says whether it is right.
// Without this script every explanation opens by hand.
// What was chosen is kept in this browser, for this page and this wording of the question.
function quizKey(fieldset) {
  return `outgrow quiz ${location.pathname} ${fieldset.querySelector("legend").textContent}`;
}

function kept(storage) {
  try {
    return storage();
  } catch {
    return null; // a browser that keeps nothing
  }
}

function answer(fieldset, chosen) {
  for (const option of fieldset.querySelectorAll(".option")) {
    const here = option === chosen;
    option.classList.toggle("chosen", here);
    option.querySelector("details").open = here;
    option.querySelector("input").checked = here;
  }
  const right = "right" in chosen.dataset;
  fieldset.querySelector(".verdict").textContent = right ? "✓ Right." : "✗ Not this one.";
}

function markQuiz(fieldset) {
  const options = [...fieldset.querySelectorAll(".option")];
  const text = (option) => option.querySelector("label").textContent;
  fieldset.addEventListener("change", (event) => {
    const chosen = options.find((option) => option.contains(event.target));
    answer(fieldset, chosen);
    kept(() => localStorage.setItem(quizKey(fieldset), text(chosen)));
  });
  const before = kept(() => localStorage.getItem(quizKey(fieldset)));
  const chosen = options.find((option) => text(option) === before);
  if (chosen) answer(fieldset, chosen);
}

function offerToForget(quiz) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "md-button forget";
  button.textContent = "Clear my answers";
  button.addEventListener("click", () => {
    for (const fieldset of quiz.querySelectorAll("fieldset")) {
      kept(() => localStorage.removeItem(quizKey(fieldset)));
      fieldset.querySelector(".verdict").textContent = "";
      for (const option of fieldset.querySelectorAll(".option")) {
        option.classList.remove("chosen");
        option.querySelector("details").open = false;
        option.querySelector("input").checked = false;
      }
    }
  });
  quiz.append(button);
}

document.querySelectorAll(".quiz fieldset").forEach(markQuiz);
document.querySelectorAll(".quiz").forEach(offerToForget);
