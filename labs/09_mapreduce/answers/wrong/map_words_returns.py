"""The version of the slides: it returns after its first word.

caught_by: test_map_words_gives_a_pair_for_every_word
hint: `return` ends the function
"""


def map_words(line):
    for word in line.split():
        return (word, 1)
    return None
