"""Probes: they run in the notebook's process, beside the function that they ask."""


def outcome(get, dsk, keys):
    """Probe: the answer for a graph of sums, and the built-in exception it ended with."""
    graph = {key: (sum, parts) for key, parts in dsk.items()}
    try:
        return get(graph, keys), "nothing"
    except (KeyError, TypeError, RecursionError) as error:
        return None, type(error).__name__


def recorded(get, graph, keys):
    """Probe: how often each task ran, and the most results that were alive at once."""
    import gc
    import weakref
    from functools import partial

    class Result:
        pass

    ran, alive, most = {}, weakref.WeakSet(), 0

    def task(name, _inputs):
        nonlocal most
        ran[name] = ran.get(name, 0) + 1
        result = Result()
        alive.add(result)
        most = max(most, len(alive))
        return result

    gc.collect()
    get({name: (partial(task, name), list(needs)) for name, needs in graph.items()}, keys)
    return ran, most


def refusal(function, *arguments):
    """Probe: whether a call ends with ValueError, and not only after too many steps."""
    import sys

    steps = 0

    def count(*_):
        nonlocal steps
        steps += 1
        if steps > 100_000:
            raise TimeoutError
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        function(*arguments)
    except (ValueError, TimeoutError) as error:
        return type(error).__name__
    finally:
        sys.settrace(before)
    return "nothing"


def counted(function, graph, cost, move, workers, most):
    """Probe: the plan, and how often times were added up or compared (it ends after `most`)."""
    count = 0

    class TooMany(BaseException):
        pass

    def note(name):
        plain = getattr(int, name)

        def counting(self, other):
            nonlocal count
            count += 1
            if count > most:
                raise TooMany
            result = plain(self, other)
            return counting_int(result) if type(result) is int else result

        return counting

    operations = "__add__ __radd__ __sub__ __rsub__ __lt__ __le__ __gt__ __ge__ __eq__ __ne__"
    methods = {name: note(name) for name in operations.split()}
    counting_int = type("Time", (int,), {**methods, "__hash__": int.__hash__})
    times = [{task: counting_int(value) for task, value in each.items()} for each in (cost, move)]
    try:
        plan = function(graph, *times, workers)
    except TooMany:
        return None, count
    return {task: (int(worker), int(start)) for task, (worker, start) in plan.items()}, count
