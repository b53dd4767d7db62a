// A lecture as slides: the page itself, opened with "?slides". Each "##" is a stack of slides. What is
// shown is what one looks at: code, what it gave, figures, tables, lists, predictions. The prose becomes
// the speaker's notes (press s). What the code gave appears one key press after the code, so that an
// audience can predict it. What one plays with (figures, cells) needs more room than a slide has: the
// slide leads to its place in the page. What is too tall is made smaller, and scrolls if that is not enough.
const ROOM = { width: 1100, height: 720 };
const SMALLEST = 60; // percent
const slidesHome = document.currentScript.src.replace(/[^/]*$/, "live/");

function makeDeck(article) {
  const deck = document.createElement("div");
  deck.className = "slides";
  let stack, slide, headings, notes;

  function open(...titles) {
    slide = document.createElement("section");
    headings = titles;
    notes = null;
    for (const title of titles) {
      const heading = document.createElement(title.tagName);
      heading.innerHTML = title.innerHTML;
      heading.querySelector(".headerlink")?.remove();
      slide.append(heading);
    }
    stack.append(slide);
  }

  function note(paragraph) {
    if (!notes) {
      notes = document.createElement("aside");
      notes.className = "notes";
      slide.append(notes);
    }
    notes.append(paragraph.cloneNode(true));
  }

  function show(block) {
    const code = block.matches(".highlight");
    const given = block.matches(".output");
    const behind = slide.lastElementChild === notes ? notes?.previousElementSibling : slide.lastElementChild;
    const shown = slide.querySelector(":scope > :is(.highlight, .output, table, .quiz, .try, .visual)");
    if (shown && !(given && behind?.matches(".highlight"))) open(...headings);
    else if (given && code === false && behind?.matches(".highlight")) block.classList.add("fragment");
    slide.append(block);
  }

  for (const block of [...article.children]) {
    if (/^H[12]$/.test(block.tagName)) {
      stack = document.createElement("section");
      deck.append(stack);
      open(block);
    } else if (!stack || block.matches(".unit, .md-source-file, form, script, style")) continue;
    else if (/^H[3-6]$/.test(block.tagName)) open(headings[0], block);
    else if (block.matches("p") && !/^Predict/.test(block.querySelector("strong")?.textContent ?? "")) note(block);
    else if (block.matches(".quiz")) quiz(block);
    else show(block.matches(".try, .visual") ? way(block) : block);
  }

  function way(place) {
    const title = place.querySelector("[id]");
    const link = document.createElement("a");
    link.href = `${location.pathname}#${title.id}`;
    link.target = "_blank";
    link.textContent = `${title.textContent} ↗`;
    const division = document.createElement("div");
    division.className = "way";
    division.append(link);
    return division;
  }

  function quiz(block) {
    for (const question of block.querySelectorAll("fieldset")) {
      const alone = document.createElement("div");
      alone.className = "quiz";
      alone.append(question);
      show(alone);
    }
  }
  return deck;
}

// Makes what stands below the headings smaller until the slide has room for it; then lets it scroll.
function fit(slide) {
  const body = [...slide.children].filter((block) => !block.matches("h1, h2, h3, h4, aside"));
  const tall = () => slide.scrollHeight - ROOM.height;
  for (const block of body) {
    block.style.maxHeight = "";
    block.classList.remove("scrolls");
  }
  for (let size = 100; size >= SMALLEST; size -= 5) {
    slide.style.setProperty("--size", `${size}%`);
    if (tall() <= 0) return;
  }
  const tallest = body.reduce((a, b) => (a.offsetHeight < b.offsetHeight ? b : a));
  tallest.classList.add("scrolls");
  tallest.tabIndex = 0;
  tallest.style.maxHeight = `${Math.floor(tallest.offsetHeight - (tall() * 100) / SMALLEST)}px`;
}

function load(tag, attributes) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });
}

async function startSlides() {
  const article = document.querySelector(".md-content article");
  const reveal = document.createElement("div");
  reveal.className = "reveal md-typeset";
  reveal.append(makeDeck(article));
  document.body.append(reveal);
  document.documentElement.classList.add("deck");
  await load("link", { rel: "stylesheet", href: slidesHome + "reveal.css" });
  await load("script", { src: slidesHome + "reveal.js" });
  await load("script", { src: slidesHome + "notes.js" });
  Reveal.on("ready", ({ currentSlide }) => fit(currentSlide));
  Reveal.on("slidechanged", ({ currentSlide }) => fit(currentSlide));
  reveal.addEventListener("toggle", () => fit(Reveal.getCurrentSlide()), true);
  await Reveal.initialize({
    ...ROOM, margin: 0.04, center: false, hash: true, transition: "none",
    scrollActivationWidth: null, plugins: [RevealNotes],
  });
}

if (new URLSearchParams(location.search).has("slides")) startSlides();
