"""Ids and tax numbers as the vendors and the states make them, many at a time."""

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.sandbox.dice import Dice

SIXTY_TWO = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
THIRTY_TWO = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype=np.uint8)
HEXADECIMAL = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def texts(letters: np.ndarray) -> pl.Series:
    """A matrix of ASCII codes as texts of one length."""
    count, width = letters.shape
    offsets = pa.py_buffer(np.arange(0, (count + 1) * width, width, dtype=np.int64))
    data = pa.py_buffer(np.ascontiguousarray(letters))
    array = pa.Array.from_buffers(pa.large_string(), count, [None, offsets, data])
    return pl.Series(pl.from_arrow(array))


def salesforce_ids(prefix: str, numbers: np.ndarray) -> pl.Series:
    """Eighteen characters: prefix, instance, number to base 62, and three that carry the capitals of the rest."""
    numbers = np.asarray(numbers).astype(np.int64)
    letters = np.empty((len(numbers), 18), dtype=np.uint8)
    letters[:, :6] = np.frombuffer(f"{prefix}5f0".encode(), dtype=np.uint8)
    for place in range(9):
        letters[:, 14 - place] = SIXTY_TWO[numbers // 62**place % 62]
    capitals = (letters[:, :15] >= ord("A")) & (letters[:, :15] <= ord("Z"))
    weights = 1 << np.arange(5)
    for part in range(3):
        letters[:, 15 + part] = THIRTY_TWO[capitals[:, 5 * part : 5 * part + 5] @ weights]
    return texts(letters)


def guids(kind: str, numbers: np.ndarray) -> pl.Series:
    """The same GUID for the same kind and number in every company, at every scale."""
    numbers = np.asarray(numbers)
    halves = np.stack([Dice(0).bits(numbers, kind), Dice(1).bits(numbers, kind)], axis=1)
    octets = halves.astype(">u8").view(np.uint8).reshape(len(numbers), 16)
    nibbles = np.empty((len(numbers), 32), dtype=np.uint8)
    nibbles[:, 0::2], nibbles[:, 1::2] = octets >> 4, octets & 15
    letters = np.full((len(numbers), 36), ord("-"), dtype=np.uint8)
    places = [place for place in range(36) if place not in (8, 13, 18, 23)]
    letters[:, places] = HEXADECIMAL[nibbles]
    return texts(letters)


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    return np.asarray(numbers)[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10


def _joined(digits: np.ndarray) -> pl.Series:
    return texts((digits + ord("0")).astype(np.uint8))


def polish(numbers: np.ndarray) -> pl.Series:
    """NIP. The ninth digit is raised where the check would be ten, which no NIP has."""
    digits = np.concatenate([_digits(50_000_000 + numbers * 37 % 49_999_991, 8), np.zeros((len(numbers), 1), int)], 1)
    weights = np.array([6, 5, 7, 2, 3, 4, 5, 6, 7])
    digits[:, 8] = np.where(digits @ weights % 11 == 10, 1, 0)
    return _joined(np.column_stack([digits, digits @ weights % 11]))


def german(numbers: np.ndarray) -> pl.Series:
    digits = _digits(10_000_000 + numbers * 97 % 89_999_999, 8)
    product = np.full(len(digits), 10)
    for place in range(8):
        total = (digits[:, place] + product) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    return "DE" + _joined(np.column_stack([digits, (11 - product) % 10]))


def lithuanian(numbers: np.ndarray) -> pl.Series:
    digits = np.column_stack([_digits(1_000_000 + numbers * 89 % 8_999_993, 7), np.ones(len(numbers), int)])
    first = digits @ (1 + np.arange(8) % 9) % 11
    second = digits @ (1 + (np.arange(8) + 2) % 9) % 11
    return "LT" + _joined(np.column_stack([digits, np.where(first == 10, second, first) % 10]))


def czech(numbers: np.ndarray) -> pl.Series:
    digits = _digits(1_000_000 + numbers * 83 % 7_999_993, 7)
    check = (11 - digits @ np.arange(8, 1, -1) % 11) % 11
    return "CZ" + _joined(np.column_stack([digits, np.where(check == 0, 1, check) % 10]))
