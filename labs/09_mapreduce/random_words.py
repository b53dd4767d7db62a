"""Words and records, drawn at random."""


def words(rng, many, kinds=40):
    """So many words; the frequent ones are much more frequent."""
    return [f"w{int(rank)}" for rank in rng.geometric(3 / kinds, many)]


def records_of(rng, many, kinds=40):
    """So many words, each with a number."""
    return [(word, int(rng.integers(1, 50))) for word in words(rng, many, kinds)]
