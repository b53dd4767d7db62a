"""Quizzes for other systems: what goes out holds every word that stands on the page."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest

from lectures._site import qti
from lectures._site.quiz import Option, Question, load

QUIZZES = sorted((Path(__file__).parents[2] / "lectures").glob("*.quiz.yml"))
NS = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
PACKAGE = {"p": "http://www.imsglobal.org/xsd/imscp_v1p1"}
# What QTI 1.2.1's own grammar lets stand in each element of ours, in which order; and attributes.
GRAMMAR = {
    "questestinterop": ("assessment ", set()),
    "assessment": ("(section )+", {"ident", "title"}),
    "section": ("(item )*", {"ident", "title"}),
    "item": (
        "(itemmetadata )?(presentation )?(resprocessing )*(itemfeedback )*",
        {"ident", "title"},
    ),
    "itemmetadata": ("(qtimetadata )*", set()),
    "qtimetadata": ("(qtimetadatafield )+", set()),
    "qtimetadatafield": ("fieldlabel fieldentry ", set()),
    "presentation": ("((material |response_lid ))+", {"label"}),
    "response_lid": ("(material )?render_choice (material )?", {"ident", "rcardinality"}),
    "render_choice": ("(response_label )*", {"shuffle"}),
    "response_label": ("(material )*", {"ident", "rshuffle"}),
    "resprocessing": ("outcomes (respcondition )+", set()),
    "outcomes": ("(decvar )+", set()),
    "decvar": ("", {"varname", "vartype", "minvalue", "maxvalue"}),
    "respcondition": ("conditionvar (setvar )*(displayfeedback )*", {"continue", "title"}),
    "conditionvar": ("(varequal )+", set()),
    "varequal": ("", {"respident", "case"}),
    "setvar": ("", {"varname", "action"}),
    "displayfeedback": ("", {"feedbacktype", "linkrefid"}),
    "itemfeedback": ("(flow_mat |material )+", {"ident", "title"}),
    "flow_mat": ("(material )+", {"class"}),
    "material": ("(mattext )+", {"label"}),
    **dict.fromkeys(("fieldlabel", "fieldentry"), ("", set[str]())),
    "mattext": ("", {"texttype"}),
}
each = pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.name)


@each
def test_qti_holds_each_question_option_answer_and_explanation(file: Path):
    questions = load(file)
    root = ET.fromstring(qti.assessment("unit", "A unit", questions))
    assert root.tag == f"{{{NS['q']}}}questestinterop"
    items = root.findall("q:assessment/q:section/q:item", NS)
    assert [_read(item) for item in items] == [_shown(question) for question in questions]
    idents = [item.get("ident") for item in root.iter() if item.tag.endswith("}item")]
    assert len(set(idents)) == len(questions)


@each
def test_qti_is_written_as_its_grammar_wants_it(file: Path):
    root = ET.fromstring(qti.assessment("02_unit", "A unit", load(file)))
    for element in root.iter():
        order, attributes = GRAMMAR[_name(element)]
        inside = "".join(f"{_name(child)} " for child in element)
        assert re.fullmatch(order, inside), (element.tag, inside)
        assert set(element.attrib) <= attributes


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NS['q']}}}")


def test_every_identifier_begins_with_a_letter_and_is_there_once():
    with zipfile.ZipFile(io.BytesIO(qti.package("02_unit", "A unit", load(QUIZZES[0])))) as made:
        roots = [ET.fromstring(made.read(name)) for name in made.namelist()]
    for root in roots:
        found = [e.get(a) for e in root.iter() for a in ("ident", "identifier") if e.get(a)]
        own = [each for each in found if each != "answer"]  # which is once in each question
        assert len(own) == len(set(own))
        assert all(re.fullmatch(r"[A-Za-z][\w-]*", each or "") for each in found)


def test_no_word_of_a_unit_s_name_is_in_the_name_of_a_feedback():
    root = ET.fromstring(qti.assessment("16_all_correct", "A unit", load(QUIZZES[0])))
    links = [e.get("linkrefid", "") for e in root.iter() if _name(e) == "displayfeedback"]
    # What Canvas's importer takes for feedback on the whole question, or for its solution.
    special = re.compile("general_|_all|wrong|correct|solution|_I?C$", re.IGNORECASE)
    assert links
    assert [link for link in links if special.search(link)] == []


def _read(item: ET.Element) -> Question:
    """A question as a system that imports QTI reads it: by references, not by position."""
    text = item.find("q:presentation/q:material/q:mattext", NS)
    told = {fb.get("ident"): _all_text(fb) for fb in item.findall("q:itemfeedback", NS)}
    means, right = {}, set()
    for rule in item.findall("q:resprocessing/q:respcondition", NS):
        chosen = rule.findtext("q:conditionvar/q:varequal", "", NS)
        feedback = rule.find("q:displayfeedback", NS)
        if feedback is not None:
            means[chosen] = told[feedback.get("linkrefid")]
        if rule.findtext("q:setvar", "0", NS) == "100":
            right.add(chosen)
    labels = item.findall("q:presentation/q:response_lid/q:render_choice/q:response_label", NS)
    options = [
        Option(_all_text(label), label.get("ident") in right, means[label.get("ident")])
        for label in labels
    ]
    assert text is not None
    return Question(text.text or "", tuple(options))


def _all_text(element: ET.Element) -> str:
    return "".join(element.itertext())


def _shown(question: Question) -> Question:
    html = markdown.markdown
    options = (Option(html(o.text.strip()), o.right, html(o.why.strip())) for o in question.options)
    return Question(html(question.question.strip()), tuple(options))


@each
def test_moodle_s_xml_holds_them_too(file: Path):
    questions = load(file)
    root = ET.fromstring(qti.moodle("02 Graphs", questions))
    category, *asked = root.findall("question")
    assert category.findtext("category/text") == "$course$/top/02 Graphs"
    read = [
        Question(
            q.findtext("questiontext/text", ""),
            tuple(
                Option(
                    answer.findtext("text", ""),
                    answer.get("fraction") == "100",
                    answer.findtext("feedback/text", ""),
                )
                for answer in q.findall("answer")
            ),
        )
        for q in asked
    ]
    assert read == [_shown(question) for question in questions]


def test_a_package_names_what_is_in_it_and_is_the_same_every_day():
    questions = load(QUIZZES[0])
    made = qti.package("unit", "A unit", questions)
    assert made == qti.package("unit", "A unit", questions)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        manifest = ET.fromstring(archive.read("imsmanifest.xml"))
        (resource,) = manifest.findall("p:resources/p:resource", PACKAGE)
        assert resource.get("type") == "imsqti_xmlv1p2"
        assert sorted(archive.namelist()) == sorted(["imsmanifest.xml", resource.get("href", "")])


def test_the_teacher_s_page_offers_both_for_each_unit(site: Path):
    class Downloads(HTMLParser):
        names: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a" and (name := dict(attrs).get("download")):
                self.names.append(name)

    page = Downloads()
    page.names = []
    page.feed((site / "guides" / "teach.html").read_text("utf-8"))
    units = [file.name.removesuffix(".quiz.yml") for file in QUIZZES]
    assert page.names == [f"{u}{end}" for u in units for end in (".qti.zip", ".moodle.xml")]
