"""Word count as two pure functions: all that a MapReduce job asks its author to write.

Neither knows about files, processes or other records, so an engine may run them anywhere, in any
order, on any share of the data, and once more after a failure.

    line --map_words--> (word, 1), (word, 1), ...
    word, [1, 1, ...] --reduce_counts--> (word, 2)
"""

from collections.abc import Iterable, Iterator


def map_words(line: str) -> Iterator[tuple[str, int]]:
    """Give the pair (word, 1) for every word of a line, in the order of the words.

    A word is what stands between whitespace (`str.split`): case and punctuation belong to it, and a
    word that occurs three times gives three pairs. A line without words gives none. The function is
    a generator: it yields its pairs one after the other and builds no list.

    >>> list(map_words("to be or not to be\\n"))
    [('to', 1), ('be', 1), ('or', 1), ('not', 1), ('to', 1), ('be', 1)]
    """
    for word in line.split():
        yield word, 1


def reduce_counts(word: str, counts: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Give one pair: the word and the sum of its counts.

    `counts` holds at least one integer. It may be an iterator of millions, which can be gone
    through once and has no length. Its numbers need not be ones: what has been added up before
    comes as a partial sum. So the same function serves as combiner and as reducer.

    >>> list(reduce_counts("be", iter([1, 1, 40])))
    [('be', 42)]
    """
    yield word, sum(counts)
