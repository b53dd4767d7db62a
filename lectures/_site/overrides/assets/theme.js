// What the theme leaves out for those who listen to a page: the search dialog has no name, and each block
// of code has a landmark of its own, all of them without a name.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");

function quieten(root) {
  for (const nav of root.querySelectorAll("nav.md-code__nav:not([role])")) nav.setAttribute("role", "presentation");
}

const article = document.querySelector(".md-content");
if (article) {
  new MutationObserver(() => quieten(article)).observe(article, { childList: true, subtree: true });
  quieten(article);
}
