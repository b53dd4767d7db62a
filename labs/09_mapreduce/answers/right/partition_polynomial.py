"""A polynomial of the bytes, modulo a prime."""


def partition(key, reducers):
    number = 7
    for byte in key.encode():
        number = (number * 1_000_003 + byte) % 2_147_483_647
    return number // 16 % reducers
