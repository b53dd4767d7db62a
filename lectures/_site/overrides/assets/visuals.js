// The interactive figures. Each is a module of its own, loaded when its place comes near the window.
// Browsers refuse modules to pages opened from a folder ("file:"): there, and without scripts, the
// text that stands in the place goes on saying what one would see.
(() => {
  const base = document.currentScript.src;

  async function begin(place) {
    try {
      const { start } = await import(new URL(`visuals/${place.dataset.visual}.mjs`, base));
      start(place);
    } catch (error) {
      console.warn(`The figure did not load (${error.message}).`);
    }
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        near.unobserve(target);
        begin(target);
      }
    },
    { rootMargin: "400px" },
  );
  if (location.protocol !== "file:") document.querySelectorAll(".visual").forEach((e) => near.observe(e));
})();
