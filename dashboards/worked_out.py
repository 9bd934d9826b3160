"""What was worked out of a generation, for a reader, in a currency and a language, is not worked out again."""

from collections.abc import Callable
from functools import lru_cache, wraps

from dashboards import access, generation, money, words

# Frames of a row per customer: some megabytes each in a large firm.
KEPT = 64


def once(function: Callable) -> Callable:
    """For answers that are more than a statement's: a rerun asks for the same again. Arguments are values."""

    @lru_cache(maxsize=KEPT)
    def answered(_generation: str | None, _reader: access.Reader, _rate: money.Rate | None, _language: str, *asked):
        return function(*asked)

    @wraps(function)
    def asking(*asked):
        values = (tuple(each) if isinstance(each, list) else each for each in asked)
        return answered(generation.current(), access.reader(), money.chosen(), words.language(), *values)

    return asking
