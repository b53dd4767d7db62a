// Small helpers to make elements; text is put in as text, never as HTML.
const SVG = "http://www.w3.org/2000/svg";

export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// A labelled control: `label` around it, so that the label is its name.
export function labelled(text, control) {
  return make("label", {}, make("span", { textContent: text }), control);
}

export function choice(options, value) {
  const select = make("select");
  for (const [key, text] of options) select.append(make("option", { value: key, textContent: text }));
  select.value = value;
  return select;
}

export function slider(properties) {
  return make("input", { type: "range", ...properties });
}

export function button(text, act, look = "") {
  const found = make("button", { type: "button", className: `md-button ${look}`, textContent: text });
  found.addEventListener("click", act);
  return found;
}

// A table that replaces its rows; `rows` are lists of text.
export function table(caption, columns) {
  const body = make("tbody");
  const head = columns.map((text) => make("th", { scope: "col", textContent: text }));
  const whole = make(
    "table",
    { className: "visual-table" },
    make("caption", { textContent: caption }),
    make("thead", {}, make("tr", {}, ...head)),
    body,
  );
  const fill = (rows) =>
    body.replaceChildren(
      ...rows.map((row) => make("tr", {}, ...row.map((text) => make("td", { textContent: text })))),
    );
  return { whole, fill };
}

// What the fallback text says is no longer true once a figure is there.
export function replaceFallback(place, ...children) {
  place.querySelector(".visual-off").remove();
  place.append(...children);
}
