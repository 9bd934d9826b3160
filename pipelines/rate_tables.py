"""What sources of exchange rates share: from which day on, of which currencies, and one record per currency and day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pipelines.envelope import Page
from pipelines.failures import SourceFailed
from pipelines.http import Http
from pipelines.reading import Reading, Since
from pipelines.streams import Stream

START = "2020-01-01"
# Banks correct a table now and then, and some come late.
OVERLAP_DAYS = 7


def connected(reading: Reading, address: str, explain: Any) -> Http:
    """No credentials: the tables are public. They are small, and nobody says how fast they may be read."""
    options = reading.options
    return Http(options.source, options.text("BASE_URL", address), options.limits(requests_per_second=5), explain)


def first_day(reading: Reading, since: Since) -> date:
    """START, or some days before the last one that is known."""
    text = reading.options.text("START", START)
    try:
        start = date.fromisoformat(text)
    except ValueError:
        raise SourceFailed(reading.source, "", f"START={text} is not a date; write it as {START}") from None
    if since is None:
        return start
    return max(start, since.date() - timedelta(days=int(reading.options.number("OVERLAP_DAYS", OVERLAP_DAYS))))


def wanted(reading: Reading, records: list[dict[str, Any]], currency: str, day: str) -> Page:
    """The records of the currencies that are asked for, none of them newer than today; each gets a key."""
    only = reading.options.text("CURRENCIES").upper().replace(",", " ").split()
    today = reading.today.isoformat()
    return Page(
        [
            {"id": f"{record[currency]} {record[day]}", **record}
            for record in records
            if (not only or record[currency] in only) and record[day] <= today
        ]
    )


def spans(first: date, last: date, days: int) -> Iterator[tuple[date, date]]:
    """First and last day of each question, none of them longer than so many days."""
    while first <= last:
        yield first, min(last, first + timedelta(days=days - 1))
        first += timedelta(days=days)


def no_keys(_: Stream) -> Iterator[Page]:
    """A published rate is never taken back: there are no keys to compare."""
    return iter(())
