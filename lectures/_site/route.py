"""Which unit comes before which: drawn, and said in words, both from the labs' headers."""

from lectures._site.units import Unit

_PLANNED = "not written yet"


def dot(units: list[Unit]) -> str:
    """The units as a graph in DOT, with their minutes; an arrow leads to what comes after."""
    known = {unit.name: unit for unit in units}
    names = sorted({*known, *(before for unit in units for before in unit.before)})
    nodes = [f'  "{name}" [{_look(name, known.get(name))}]' for name in names]
    edges = [f'  "{before}" -> "{unit.name}"' for unit in units for before in unit.before]
    frame = [
        "digraph route {",
        "  rankdir=TB nodesep=0.3 ranksep=0.4",
        "  node [shape=box height=0.45]",
    ]
    return "\n".join([*frame, *nodes, *edges, "}"])


def _look(name: str, unit: Unit | None) -> str:
    if unit is None:
        return f'style="rounded,dashed" label="{_title(name)}\\n({_PLANNED})"'
    minutes = (unit.lecture or 0) + (unit.lab or 0)
    return f'style=rounded label="{name[:2]} {unit.title}\\n{_hours(minutes)}"'


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def _title(name: str) -> str:
    number, _, title = name.partition("_")
    return f"{number} {title.replace('_', ' ').capitalize()}"


def words(units: list[Unit]) -> str:
    """The same in one sentence a unit: the drawing's alternative text."""
    known = {unit.name: unit for unit in units}
    return " ".join(_sentence(unit, known) for unit in units)


def _sentence(unit: Unit, known: dict[str, Unit]) -> str:
    before = [_named(name, known) for name in unit.before]
    return f"{_named(unit.name, known)} comes after {' and '.join(before) or 'nothing'}."


def _named(name: str, known: dict[str, Unit]) -> str:
    if name in known:
        return f"{name[:2]} {known[name].title}"
    return f"{_title(name)} ({_PLANNED})"


def items(units: list[Unit], to_lectures: str) -> str:
    """The same as a Markdown list with links."""
    return "\n".join(f"- {_item(unit, to_lectures)}" for unit in units)


def _item(unit: Unit, to_lectures: str) -> str:
    before = " and ".join(f"[{_title(name)}]({to_lectures}{name}.md)" for name in unit.before)
    return f"{unit.name[:2]} {unit.title}: after {before or 'nothing else'}"
