// Choosing an answer opens its explanation and says whether it is right.
// Without this script every explanation opens by hand.
function markQuiz(fieldset) {
  const verdict = fieldset.querySelector(".verdict");
  fieldset.addEventListener("change", (event) => {
    for (const option of fieldset.querySelectorAll(".option")) {
      const chosen = option.contains(event.target);
      option.classList.toggle("chosen", chosen);
      option.querySelector("details").open = chosen;
      if (chosen) verdict.textContent = "right" in option.dataset ? "✓ Right." : "✗ Not this one.";
    }
  });
}

document.querySelectorAll(".quiz fieldset").forEach(markQuiz);
