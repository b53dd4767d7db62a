"""What stands in the expressions of a dsk."""


def references(expression, dsk):
    """The keys that an expression refers to, as often as it does."""
    if isinstance(expression, tuple):
        return [key for part in expression[1:] for key in references(part, dsk)]
    return [expression] if isinstance(expression, str) and expression in dsk else []


def missing(smaller, dsk, wanted):
    """The keys of `dsk` that `smaller` should have and has not."""
    named = {key for expression in smaller.values() for key in references(expression, dsk)}
    return (named | set(wanted)) - set(smaller)


def operations(expression):
    """How many operations an expression holds, nested ones too."""
    parts = expression[1:] if isinstance(expression, tuple) else ()
    return isinstance(expression, tuple) + sum(map(operations, parts))
