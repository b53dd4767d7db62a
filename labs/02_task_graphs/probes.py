"""Probes: they run in the notebook's process, beside the function that they ask."""


def outcome(function, *arguments):
    """Probe: the result of a call, and the built-in exception that it ended with."""
    try:
        return function(*arguments), "nothing"
    except (RecursionError, ValueError, KeyError) as error:
        kinds = (RecursionError, ValueError, KeyError)
        return None, next(kind.__name__ for kind in kinds if isinstance(error, kind))


def unchanged(function, *arguments):
    """Probe: whether a call leaves its arguments as they were."""
    from copy import deepcopy

    before = deepcopy(arguments)
    function(*arguments)
    return arguments == before


def counted(function, graph, other, most):
    """Probe: a call's result, and how often it looked names up (it ends after `most`)."""
    count = 0

    class TooMany(BaseException):
        pass

    class Name(str):
        def __hash__(self):
            nonlocal count
            count += 1
            if count > most:
                raise TooMany
            return str.__hash__(self)

        def __eq__(self, other):
            hash(self)
            return str.__eq__(self, other)

    names = {task: Name(task) for task in graph}
    tasks = {names[task]: [names[d] for d in needs] for task, needs in graph.items()}
    costs = isinstance(other, dict) and {names[task]: other[task] for task in other}
    count = 0
    try:
        return function(tasks, costs or names[other]), count
    except TooMany:
        return None, count
