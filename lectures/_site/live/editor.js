// The editor of a cell: CodeMirror with Python, in the colours of the page.
//
// Tab leaves the editor, so that nobody is caught in it; Enter indents as Python wants it.
import { HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { python } from "@codemirror/lang-python";
import { tags } from "@lezer/highlight";
import { minimalSetup } from "codemirror";

const colour = (name) => `var(--md-code-hl-${name}-color)`;
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: colour("keyword") },
  { tag: [tags.string, tags.special(tags.string), tags.docString], color: colour("string") },
  { tag: [tags.number, tags.bool, tags.null], color: colour("number") },
  { tag: tags.comment, color: colour("comment") },
  { tag: tags.definition(tags.function(tags.variableName)), color: colour("function") },
  { tag: [tags.operator, tags.compareOperator], color: colour("operator") },
  { tag: [tags.punctuation, tags.bracket], color: colour("punctuation") },
]);
const look = EditorView.theme({
  "&": { color: "var(--md-code-fg-color)", backgroundColor: "var(--md-code-bg-color)" },
  "&.cm-focused": { outline: "0.1rem solid var(--md-accent-fg-color)" },
  ".cm-content": { caretColor: "var(--md-code-fg-color)", fontFamily: "inherit" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family)", lineHeight: "1.4" },
  ".cm-gutters": { color: "var(--md-default-fg-color--light)", background: "none", border: "0" },
  ".cm-cursor": { borderLeftColor: "var(--md-code-fg-color)" },
  "& .cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--md-accent-fg-color) 25%, transparent) !important",
  },
});

export function makeEditor(cell, name, code, { run, changed }) {
  const place = cell.querySelector(".try-code");
  const view = new EditorView({ state: stateOf(name, code, run, changed) });
  place.hidden = true;
  place.after(view.dom);
  return {
    code: () => view.state.doc.toString(),
    focus: () => view.focus(),
    replace: (text) =>
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}

function stateOf(name, doc, run, changed) {
  const keys = [{ key: "Mod-Enter", run: () => (run(), true) }];
  return EditorState.create({
    doc,
    extensions: [
      Prec.highest(keymap.of(keys)),
      minimalSetup,
      lineNumbers(),
      EditorView.lineWrapping,
      indentOnInput(),
      indentUnit.of("    "),
      python(),
      syntaxHighlighting(colours),
      look,
      EditorView.contentAttributes.of({
        "aria-label": `Your code for ${name}. Control and Enter runs the tests.`,
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
    ],
  });
}
