"""Values that a vendor gives as text, whatever they are: exact, or set aside with a reason."""

from decimal import Decimal

import pytest

from pipelines.envelope import Page
from pipelines.pages import batch
from pipelines.streams import Column, Stream

READ = [
    ("decimal", "5000.00", Decimal(5000)),
    ("decimal", "3000", Decimal(3000)),
    ("decimal", "-0.000000001", Decimal("-0.000000001")),
    ("decimal", "1.5E3", Decimal(1500)),
    ("decimal", "", None),
    ("fraction", "0.200000000000000011102230246251565404236316680908203125", Decimal("0.2")),
    ("fraction", "1", Decimal(1)),
    ("fraction", "2E-1", Decimal("0.2")),
    ("int", "45000", 45000),
    ("bool", "true", True),
    ("bool", "", None),
    ("timestamp", "1743685150726", "2025-04-03T12:59:10.726Z"),
    ("timestamp", "2026-02-25T16:26:25.880Z", "2026-02-25T16:26:25.880Z"),
    ("date", "1743638400000", "2025-04-03"),
    ("text", "1743685150726", "1743685150726"),
]


def text_of(kind: str, given: str) -> tuple[object, list[str]]:
    declared = (Column("id", "text"), Column("value", kind))
    stream = Stream("deals", "deals", inside="properties", beside=("id",), columns=declared)
    made = batch(Page([b'{"id": "1", "properties": {"value": "%s"}}' % given.encode()]), stream)
    return made.rows["value"][0], [one.reason for one in made.quarantined]


@pytest.mark.parametrize(("kind", "given", "value"), READ, ids=[f"{kind} {given[:20]}" for kind, given, _ in READ])
def test_a_value_that_came_as_text_is_exactly_what_its_property_means(kind, given, value):
    assert text_of(kind, given) == (value, [])


ODD = [
    ("decimal", "1 234,50", "not a number"),
    ("decimal", "0.12345678901", "more than nine decimals"),
    ("int", "4.5", "not a whole number"),
    ("bool", "maybe", "not true or false"),
    ("fraction", "likely", "not a number"),
]


@pytest.mark.parametrize(("kind", "given", "reason"), ODD, ids=[given for _, given, _ in ODD])
def test_a_text_that_is_no_such_value_is_set_aside_with_a_reason(kind, given, reason):
    assert text_of(kind, given) == (None, [reason])
