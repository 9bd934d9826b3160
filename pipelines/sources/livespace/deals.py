"""Lists of Livespace by offset, and what each load saw of a deal."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from pipelines.extraction import Http, Page, Reading, Since, Stream, columns, turned
from pipelines.pages import batch
from pipelines.sources.livespace.calls import call, listed
from pipelines.sources.livespace.streams import DEALS

PAGE_ROWS = 100  # two hundred deals took the vendor up to twenty seconds
VERSION = Stream("deals", DEALS, columns=columns(text="id stage_id status modified"))


def pages(http: Http, entity: str, wrapper: str, rows: int, **given: Any) -> Iterator[Page]:
    """Every page of a list, which says neither how many there are nor where it ends: with a page that is not full.

    While it is read rows may be deleted, and all that follow move up: each page begins some rows before the last ended.
    """
    again = rows // 10

    def ask(start: str | None) -> Page:
        here = int(start or 0)
        records = listed(call(http, entity, **given, limit=rows, offset=here), wrapper)
        return Page(records, str(here + len(records) - again) if len(records) >= rows else None)

    return turned(http, entity, ask)


class Deals:
    """The deals of one load, read once: for themselves, and for what was seen of them."""

    def __init__(self, http: Http, reading: Reading) -> None:
        self.http, self.rows = http, int(reading.options.number("PAGE_ROWS", PAGE_ROWS))
        self._seen: dict[Since, list[pl.DataFrame]] = {}

    def pages(self, _stream: Stream, since: Since) -> Iterator[Page]:
        """Deals that changed since. The filter's clock is not documented: it is asked for a day more."""
        changed = {"modified": f"{since - timedelta(days=1):%Y-%m-%d}"} if since else {}
        seen = []
        for page in pages(self.http, DEALS, "deal", self.rows, status="all", **changed):
            seen.append(batch(page, VERSION).rows)
            yield page
        self._seen[since] = seen

    def keys(self, stream: Stream) -> Iterator[Page]:
        return self.pages(stream, None)

    def versions(self, stream: Stream, since: Since) -> Iterator[Page]:
        """A row for each state in which a load found a deal. Those of earlier loads stay where they are."""
        if since not in self._seen:
            for _ in self.pages(stream, since):
                pass
        for rows in self._seen[since]:
            version = pl.concat_str("id", "modified", separator=" ").alias("id")
            told = rows.select(version, pl.col("id").alias("deal_id"), "stage_id", "status", "modified")
            lines: list[Any] = told.write_ndjson().encode().split(b"\n")
            yield Page([line for line in lines if line])
