"""What each directive stands for: Markdown, or HTML put aside in the page's stash.

`ALONE` are the directives of one word, `NAMING` those that name something: `{{ api infra }}`.
"""

from collections.abc import Callable

from markdown import Markdown

from lectures._site import (
    api,
    claims,
    commands,
    downloads,
    labs,
    outputs,
    qti,
    quiz,
    route,
    run_fences,
    schemas,
    try_cells,
    units,
    visuals,
)
from lectures._site.blocks import PageFile
from lectures._site.drawings import from_dot
from lectures._site.problem import PageProblem


def _quiz(md: Markdown, page: PageFile) -> str:
    if page.path is None:
        remedy = "Put the page into the folder of the lectures."
        raise PageProblem(page.name, "a page that is no file has no quiz.", remedy)
    return md.htmlStash.store(quiz.html(quiz.load(page.path.with_suffix(".quiz.yml"))))


def _quizzes(md: Markdown, page: PageFile) -> str:
    del md, page
    rows = [
        "| Unit | Questions | Canvas and others (QTI 1.2) | Moodle (XML) |",
        "|---|--:|---|---|",
    ]
    for file in sorted(units.LECTURES.glob("*.quiz.yml")):
        name = file.name.removesuffix(".quiz.yml")
        questions = quiz.load(file)
        title = f"{name[:2]} {claims.title_of(file.with_name(f'{name}.md'))}"
        canvas, moodle = qti.package(name, title, questions), qti.moodle(title, questions)
        links = [
            downloads.link(f"{name}.qti.zip", canvas, f"{name[:2]} as QTI"),
            downloads.link(f"{name}.moodle.xml", moodle, f"{name[:2]} for Moodle"),
        ]
        rows.append(f"| {title} | {len(questions)} | {' | '.join(links)} |")
    return "\n".join(rows)


def _units(md: Markdown, page: PageFile) -> str:
    del md
    return units.table(units.units(), _to_lectures(page))


def _route(md: Markdown, page: PageFile) -> str:
    found = units.units()
    place = f"{page.name} ({{{{ route }}}})"
    svg = from_dot(route.dot(found), place)
    caption = "An arrow leads to what comes after. The times are for lecture and lab together."
    alt = route.words(found)
    drawn = outputs.figure(svg, alt=alt, caption=caption, prefix="route-", place=place)
    return f"{md.htmlStash.store(drawn)}\n\n{route.items(found, _to_lectures(page))}"


def _claims(md: Markdown, page: PageFile) -> str:
    del md
    found = {}
    for path in sorted(units.LECTURES.glob("[0-9][0-9]_*.md")):
        given = run_fences.outputs_of(PageFile(path.name, path))
        found[path.name] = (claims.title_of(path), claims.of(given, path.name))
    return claims.table(found, _to_lectures(page))


def _lab(md: Markdown, page: PageFile) -> str:
    del md
    return labs.page(page.name.rpartition("/")[2].removesuffix(".md"))


def _commands(md: Markdown, page: PageFile) -> str:
    del md, page
    return commands.reference(commands.command())


def _schemas(md: Markdown, page: PageFile) -> str:
    del md, page
    return schemas.schemas()


def _api(md: Markdown, page: PageFile, module: str) -> str:
    del md, page
    return api.reference(module)


def _try(md: Markdown, page: PageFile, task: str) -> str:
    return md.htmlStash.store(try_cells.html(page.name, task))


def _visual(md: Markdown, page: PageFile, name: str) -> str:
    return md.htmlStash.store(visuals.html(page.name, name))


def _to_lectures(page: PageFile) -> str:
    return "../" * page.name.count("/")


ALONE: dict[str, Callable[[Markdown, PageFile], str]] = {
    "claims": _claims,
    "commands": _commands,
    "lab": _lab,
    "quiz": _quiz,
    "quizzes": _quizzes,
    "route": _route,
    "schemas": _schemas,
    "units": _units,
}
NAMING: dict[str, Callable[[Markdown, PageFile, str], str]] = {
    "api": _api,
    "try": _try,
    "visual": _visual,
}
