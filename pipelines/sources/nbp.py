"""NBP, the central bank of Poland: table A, the middle rates in zloty. https://api.nbp.pl/en.html"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dlt
import msgspec

from pipelines.extraction import Broken, Page, Reading, Scope, Since, Stream, columns, resource
from pipelines.rate_tables import connected, first_day, no_keys, spans, wanted

NEEDS = ()
ADDRESS = "https://api.nbp.pl/api"
TABLES = "exchangerates/tables/a"
LONGEST_DAYS = 93

STREAMS = [
    Stream(
        "exchange_rates",
        TABLES,
        cursor="effectiveDate",
        narrowed_by="CURRENCIES START",
        columns=columns(text="id no code", decimal="mid", date="effectiveDate"),
    )
]


class NoTable(Exception):
    """No table was published within the days that were asked for."""


class Rate(msgspec.Struct):
    code: str
    mid: msgspec.Raw  # as it is spelled: a float would already be another number


class Table(msgspec.Struct):
    no: str
    effectiveDate: str
    rates: list[Rate]


@dlt.source(name="nbp", max_table_nesting=0)
def nbp(reading: Reading) -> Iterator[Any]:
    """Every table from a day on, a quarter of a year at a time: the bank allows no more."""
    http = connected(reading, ADDRESS, refused)

    def pages(stream: Stream, since: Since) -> Iterator[Page]:
        for first, last in spans(first_day(reading, since), reading.today, LONGEST_DAYS):
            try:
                yield wanted(reading, asked(first, last), "code", "effectiveDate")
            except NoTable:
                continue

    def asked(first: date, last: date) -> list[dict[str, Any]]:
        return http.get(TABLES, f"{http.base_url}/{TABLES}/{first}/{last}/", records, params={"format": "json"})

    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [Scope(pages, no_keys)], http)


def records(body: bytes) -> list[dict[str, Any]]:
    try:
        tables = msgspec.json.decode(body, type=list[Table])
    except msgspec.DecodeError as error:
        raise Broken("the answer is not a list of tables") from error
    return [
        {"no": table.no, "effectiveDate": table.effectiveDate, "code": rate.code, "mid": bytes(rate.mid).decode()}
        for table in tables
        for rate in table.rates
    ]


def refused(status: int, body: bytes) -> Exception | str | None:
    """Days without a table are a 404 in the bank's own words; any other 404 is a wrong address."""
    said = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").strip()
    if status == 404 and said.startswith("404 NotFound"):
        return NoTable()
    if status == 400:
        return f"the question is refused ({said[:200]})"
    return None
