"""A quiz for another system: QTI 1.2, which Canvas imports, and Moodle's own XML.

Moodle's question bank reads no plain QTI, so it gets its own format. Both carry each question, all
of its options, which one is right, and the explanation of every option as its feedback.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import markdown

from lectures._site.downloads import archive
from lectures._site.quiz import Option, Question

_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def package(name: str, title: str, questions: tuple[Question, ...]) -> bytes:
    """A zip for Canvas: the manifest of the package, and the quiz as QTI 1.2.

    `name` begins the file's name. Every identifier begins with a letter: those of a manifest must,
    and importers that turn QTI 1.2 into QTI 2 change the others, here and there in different ways.
    """
    quiz = f"{name}.xml"
    manifest = _manifest(name, quiz)
    return archive({"imsmanifest.xml": manifest, quiz: assessment(name, title, questions)})


def _manifest(name: str, quiz: str) -> bytes:
    root = ET.Element("manifest", {"xmlns": _PACKAGE, "identifier": f"package_{name}"})
    about = _below(root, "metadata")
    _below(about, "schema", "IMS Content")
    _below(about, "schemaversion", "1.1.3")
    _below(root, "organizations")
    kind = {"identifier": f"quiz_{name}", "type": "imsqti_xmlv1p2", "href": quiz}
    resource = _below(_below(root, "resources"), "resource", **kind)
    _below(resource, "file", href=quiz)
    return _HEAD + ET.tostring(root)


def assessment(name: str, title: str, questions: tuple[Question, ...]) -> bytes:
    """The quiz as a QTI 1.2 document, a point a question."""
    root = ET.Element("questestinterop", {"xmlns": _QTI})
    quiz = _below(root, "assessment", ident=f"quiz_{name}", title=title)
    section = _below(quiz, "section", ident="root_section")
    for number, question in enumerate(questions, start=1):
        _item(section, f"question_{name}_{number}", f"{title}: question {number}", question)
    return _HEAD + ET.tostring(root)


def _item(section: ET.Element, ident: str, title: str, question: Question) -> None:
    item = _below(section, "item", ident=ident, title=title)
    about = _below(_below(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", "multiple_choice_question"), ("points_possible", "1")):
        field = _below(about, "qtimetadatafield")
        _below(field, "fieldlabel", label)
        _below(field, "fieldentry", entry)
    shown = _below(item, "presentation")
    _material(shown, question.question)
    asked = _below(shown, "response_lid", ident="answer", rcardinality="Single")
    choices = _below(asked, "render_choice")
    for key, option in _options(ident, question):
        _material(_below(choices, "response_label", ident=key), option.text)
    _scores(_below(item, "resprocessing"), ident, question)
    for key, option in _options(ident, question):
        told = _below(item, "itemfeedback", ident=_feedback(key))
        _material(_below(told, "flow_mat"), option.why)


def _scores(rules: ET.Element, ident: str, question: Question) -> None:
    score = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
    _below(_below(rules, "outcomes"), "decvar", **score)
    for key, _ in _options(ident, question):
        rule = _chosen(rules, key, "Yes")
        _below(rule, "displayfeedback", feedbacktype="Response", linkrefid=_feedback(key))
    for key, option in _options(ident, question):
        if option.right:
            _below(_chosen(rules, key, "No"), "setvar", "100", action="Set", varname="SCORE")


def _chosen(rules: ET.Element, key: str, go_on: str) -> ET.Element:
    rule = _below(rules, "respcondition", **{"continue": go_on})
    _below(_below(rule, "conditionvar"), "varequal", key, respident="answer")
    return rule


def _options(ident: str, question: Question) -> Iterator[tuple[str, Option]]:
    return ((f"{ident}_{n}", option) for n, option in enumerate(question.options, start=1))


def _feedback(key: str) -> str:
    """An option's feedback, without the unit's name: Canvas reads a meaning into "correct",
    "wrong", "solution" or "_all" in this identifier, and then drops what belongs to one option."""
    return "fb_" + "_".join(key.split("_")[-2:])


def moodle(title: str, questions: tuple[Question, ...]) -> bytes:
    """The quiz as Moodle XML, in a category of its own in the question bank."""
    root = ET.Element("quiz")
    category = _below(_below(root, "question", type="category"), "category")
    _below(category, "text", f"$course$/top/{title.replace('/', '//')}")
    for number, question in enumerate(questions, start=1):
        made = _below(root, "question", type="multichoice")
        _below(_below(made, "name"), "text", f"{title}: question {number}")
        _html(made, "questiontext", question.question)
        for label, value in (("defaultgrade", "1"), ("single", "true"), ("shuffleanswers", "true")):
            _below(made, label, value)
        for option in question.options:
            fraction = "100" if option.right else "0"
            answer = _html(made, "answer", option.text, fraction=fraction)
            _html(answer, "feedback", option.why)
    return _HEAD + ET.tostring(root)


def _html(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    made = _below(parent, tag, format="html", **attributes)
    _below(made, "text", markdown.markdown(text.strip()))
    return made


def _material(parent: ET.Element, text: str) -> None:
    html = markdown.markdown(text.strip())
    _below(_below(parent, "material"), "mattext", html, texttype="text/html")


def _below(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, tag, attributes)
    made.text = text
    return made
