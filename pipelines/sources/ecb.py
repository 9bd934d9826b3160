"""The European Central Bank: reference rates, each a price of one euro.

https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import dlt

from pipelines.extraction import Broken, Page, Reading, Scope, Since, Stream, columns, resource
from pipelines.rate_tables import connected, first_day, no_keys, wanted

NEEDS = ()
ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref"
HISTORY = "eurofxref-hist.xml"  # since 1999
QUARTER = "eurofxref-hist-90d.xml"  # the last ninety days
QUARTER_DAYS = 80  # a few less than the file has
CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"

STREAMS = [
    Stream(
        "exchange_rates",
        HISTORY,
        cursor="time",
        narrowed_by="CURRENCIES START",
        columns=columns(text="id currency", decimal="rate", date="time"),
    )
]


@dlt.source(name="ecb", max_table_nesting=0)
def ecb(reading: Reading) -> Iterator[Any]:
    """One file holds all days; a smaller one the last of them."""
    http = connected(reading, ADDRESS, lambda status, body: None)

    def pages(stream: Stream, since: Since) -> Iterator[Page]:
        first = first_day(reading, since)
        is_short = first >= reading.today - timedelta(days=QUARTER_DAYS)
        name = QUARTER if is_short and since is not None else HISTORY
        rates = http.get(name, f"{http.base_url}/{name}", records)
        yield wanted(reading, [rate for rate in rates if rate["time"] >= first.isoformat()], "currency", "time")

    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [Scope(pages, no_keys)], http)


def records(body: bytes) -> list[dict[str, Any]]:
    """A cube holds days, a day its currencies."""
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError) as error:
        raise Broken("the answer is not XML") from error
    cube = root.find(CUBE)
    if cube is None:
        raise Broken(f"the answer is not a table ({root.tag[:100]})")
    return [
        {"time": day.get("time", ""), "currency": rate.get("currency", ""), "rate": rate.get("rate")}
        for day in cube
        for rate in day
    ]
