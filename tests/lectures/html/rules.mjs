// What html-validate holds against a page of the site: all that it recommends, but for these.
const off = {
  // A matter of style, which no parser minds.
  "doctype-style": "the theme writes it in lower case",
  "no-trailing-whitespace": "the theme's templates leave it",
  "void-style": "Markdown writes <hr />",
  "presentation-role-style": "the theme says presentation, which means none",
  "no-inline-style": "a drawing has the width that was computed for it",
  // What the theme's own templates break, and where else it is looked at.
  "unique-landmark": "the contents stand twice, for wide and for narrow windows; axe looks at those shown",
  "input-attributes": "its checkboxes switch autocomplete off",
  "valid-autocomplete": "the same",
  "wcag/h32": "its forms for the colours and for the search have no button to send them",
};

export default {
  root: true,
  extends: ["html-validate:recommended"],
  // The theme gives its labels an empty tabindex.
  elements: ["html5", { label: { attributes: { tabindex: { enum: ["", "/^-?\\d+$/"] } } } }],
  rules: {
    ...Object.fromEntries(Object.keys(off).map((rule) => [rule, "off"])),
    "valid-id": ["error", { relaxed: true }], // a heading may begin with its number
  },
};
