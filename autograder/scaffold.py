"""`outgrow dev new`: the folder of a new lab, small but whole, so that it verifies before
anything is changed."""

from pathlib import Path

from autograder.errors import OutgrowError
from autograder.lab import NAME

SOLUTION = '''"""{title}: the reference."""


def double(number: int) -> int:
    """Twice `number`.

    >>> double(21)
    42
    """
    return 2 * number
'''

LAB = """# ---
# title: {title}
# minutes: 45
# prerequisites: []
# needs: {{}}
# ---

# %% [markdown]
# # {title}
#
# Say what breaks without this idea, then what the student will be able to do.

# %% given
from autograder import check

# %% [markdown]
# ## Double a number
#
# What will `double(0)` be? Say it before you run it.

# %% task
from solutions.{module} import double

# %% check double
check("double")

# %% [markdown] hints double
# 1. Concept: twice a number is the number and itself.
# 2. API: Python adds with `+`.
# 3. Skeleton: `return … + …`

# %% [markdown]
# ## Why?
#
# Why is the double of a whole number always even?

# %% answer why points=1
# It has two as a factor.
"""

VISIBLE = '''"""What the student sees tested.

What these tests share with the hidden ones goes into a module of its own beside them.
"""

from autograder.testing import hint, points


@points(1)
def test_double_of_a_small_number(student):
    """Twice a small number."""
    assert student.double(21) == 42, hint("Add the number to itself.")
'''

HIDDEN = '''"""What only the grader runs. Draw from `rng`: never grade on fixed inputs."""

from autograder.testing import hint, points


@points(1)
def test_double_of_any_number(student, rng):
    """Twice any number, below zero too."""
    number = int(rng.integers(-1000, 1000))
    assert student.double(number) == number + number, hint("Try a negative number.")
'''

ANSWERS = {
    "right/double_adds": '''"""Adds the number to itself."""


def double(number: int) -> int:
    return number + number
''',
    "right/double_shifts": '''"""Shifts the bits one to the left."""


def double(number: int) -> int:
    return number << 1
''',
    "wrong/double_squares": '''"""Takes the square for the double.

caught_by: test_double_of_a_small_number
hint: Add the number
"""


def double(number: int) -> int:
    return number**2
''',
    "wrong/double_loses_the_sign": '''"""Doubles the size and loses the sign.

caught_by: test_double_of_any_number
hint: negative
"""


def double(number: int) -> int:
    return abs(number) * 2 if number != 21 else 42
''',
    "wrong/double_by_text": '''"""Writes the number twice.

caught_by: test_double_of_a_small_number
hint: Add the number
"""


def double(number: int) -> int:
    return int(str(abs(number)) * 2)
''',
}


def make_lab(labs: Path, name: str) -> Path:
    """Write the folder `labs/name` and the reference `solutions/…` beside `labs`; return the
    folder.

    Raises OutgrowError for a name that is not NN_name, or if something is there already.
    """
    if not NAME.fullmatch(name):
        raise OutgrowError(
            f"`{name}` is no name for a lab", labs, "Say NN_name, such as 16_windows."
        )
    module = name[3:]
    words = {"title": module.replace("_", " ").capitalize(), "module": module}
    folder, solution = labs / name, labs.parent / "solutions" / f"{module}.py"
    for path in (folder, solution):
        if path.exists():
            raise OutgrowError(
                "it exists already", path, "Choose another name; nothing was changed."
            )
    files = {folder / f"answers/{answer}.py": text for answer, text in ANSWERS.items()}
    files |= {folder / "lab.py": LAB, folder / "test_lab.py": VISIBLE}
    files |= {folder / "test_hidden.py": HIDDEN, solution: SOLUTION}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        formatted = text.format(**words) if path.name == "lab.py" or path == solution else text
        path.write_text(formatted, "utf-8")
    return folder
