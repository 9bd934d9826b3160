"""Tryton, a CRM and an ERP in one, over its own REST interface.

https://docs.tryton.org/latest/server/topics/rest.html
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dlt

from pipelines.extraction import Http, Reading, Scope, SourceFailed, Stream, Unavailable, columns, resource
from pipelines.pages import batch
from pipelines.sources.tryton.about import ABOUT
from pipelines.sources.tryton.asking import Company, Ranges, connected
from pipelines.sources.tryton.history import histories
from pipelines.sources.tryton.streams import HISTORY, STREAMS

__all__ = ["ABOUT", "NEEDS", "STREAMS", "tryton"]

NEEDS = ("BASE_URL", "DATABASE", "KEY")
COMPANIES = Stream("companies", "company.company", columns=columns(int="id", text="party.name currency.code"))


@dlt.source(name="tryton", max_table_nesting=0)
def tryton(reading: Reading) -> Iterator[Any]:
    """Every stream of every company. Parties and products belong to all: each company has them as its own."""
    ranges = Ranges()
    http = connected(reading.options, ranges)
    found = companies(reading, http, ranges)
    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [_scope(reading, stream, *one) for one in found], http)


def _scope(reading: Reading, stream: Stream, company: Company, leading: dict[str, str]) -> Scope:
    if stream.name == HISTORY:
        return Scope(partial(histories, company, reading), lambda _: iter(()), leading=leading)
    return Scope(company.pages, company.keys, company.some, leading)


def companies(reading: Reading, http: Http, ranges: Ranges) -> list[tuple[Company, dict[str, str]]]:
    """The companies the user may see, or those that COMPANIES names; with what stands on every row of theirs."""
    try:
        pages = list(Company(http, ranges, 0).ask(COMPANIES, []))
    except Unavailable as reason:
        raise SourceFailed(reading.source, COMPANIES.entity, str(reason)) from None
    rows = [row for page in pages for row in batch(page, COMPANIES).rows.iter_rows(named=True)]
    wanted = [name.strip() for name in reading.options.text("COMPANIES").split(",") if name.strip()]
    if unknown := set(wanted) - {row["party.name"] for row in rows}:
        raise SourceFailed(reading.source, COMPANIES.entity, f"there is no company {', '.join(sorted(unknown))}")
    return [
        (
            Company(http, ranges, row["id"]),
            {
                "company_id": str(row["id"]),
                "company_name": row["party.name"],
                "company_currency": row["currency.code"],
            },
        )
        for row in rows
        if not wanted or row["party.name"] in wanted
    ]
