"""A generator expression."""


def map_words(line):
    return ((word, 1) for word in line.split())
