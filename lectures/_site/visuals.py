"""The place of an interactive figure in a page: `{{ visual simulator }}`.

What stands in it is for readers without scripts; `assets/visuals.js` puts the figure there.
"""

from lectures._site.problem import PageProblem

_NEEDS = (
    "This figure needs JavaScript, and a page that a web server sends (from a folder: "
    "<code>python -m http.server</code>)."
)
# Name -> title, and where to find the same without the figure.
VISUALS = {
    "simulator": (
        "A cluster to play with",
        "It shows a task graph beside a row of time for each worker; you step through a run, and "
        "kill a worker. The same model in Python: <code>solutions/simulator.py</code>.",
    ),
    "machines": (
        "How many machines?",
        "It multiplies the size of the data by a factor, divides by the memory of a machine, and "
        "rounds up: 100 GB × 8 = 800 GB; 800 / 128 = 6.25, so 7 machines.",
    ),
    "memory": (
        "A worker's memory fills up",
        "It says what a worker of Dask does. Results beyond 60 % of its limit go to disk. So they "
        "do when its process takes more than 70 %; above 80 % no new task begins, and above 95 % "
        "the process is ended and started anew.",
    ),
    "map": (
        "A map of partitions",
        "It shows 32 rows in partitions, and which of them a filter or a look-up reads: where the "
        "rows lie in the order of the key, those whose smallest and largest key allow it; where "
        "they lie in any order, or nothing is known, nearly all.",
    ),
    "shuffle": (
        "Records find their reducers",
        "It sends the records of three map tasks, one by one, to the reducer that the hash of "
        "their key names, with a combiner and without. The same in Python: "
        "<code>solutions/shuffle.py</code>.",
    ),
    "amdahl": (
        "Amdahl's law",
        "It computes 1 / ((1 − p) + p / n): with p = 0.95, 16 workers are 9.1 times as fast as "
        "one, 1,024 workers 19.6 times, and no number of workers 20 times.",
    ),
}


def html(page: str, name: str) -> str:
    """The place of a figure. Raises PageProblem if there is no such figure."""
    if name not in VISUALS:
        fact = f"there is no figure `{name}`."
        raise PageProblem(page, fact, f"There are {', '.join(sorted(VISUALS))}.")
    title, instead = VISUALS[name]
    return (
        f'<section class="visual" data-visual="{name}" aria-labelledby="visual-{name}">'
        f'<p class="visual-head"><strong id="visual-{name}">{title}</strong></p>'
        f'<p class="visual-off">{_NEEDS} {instead}</p></section>'
    )
