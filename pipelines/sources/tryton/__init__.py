"""Tryton, a CRM and an ERP in one, over its own REST interface.

https://docs.tryton.org/latest/server/topics/rest.html
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dlt

from pipelines.about import About
from pipelines.extraction import Http, Reading, Scope, SourceFailed, Stream, Unavailable, columns, resource
from pipelines.pages import batch
from pipelines.sources.tryton.asking import Company, Ranges, connected
from pipelines.sources.tryton.history import histories
from pipelines.sources.tryton.streams import HISTORY, STREAMS

NEEDS = ("BASE_URL", "DATABASE", "KEY")
COMPANIES = Stream("companies", "company.company", columns=columns(int="id", text="party.name currency.code"))

ABOUT = About(
    name="Tryton",
    kind="erp",
    interface="REST (series 7.4 and later; seen on 8.2)",
    user="A user of its own under Administration / Users / Users, in every company that is to be read, with a user"
    " application REST whose key is validated (on the user's preferences, tab Applications)",
    rights={
        "Sales": "sales, parties, products, complaints",
        "Sale Opportunity": "opportunities and their revisions",
        "Stock": "shipments, returns and stock moves",
        "Accounting": "invoices, payments and the ledger",
    },
    settings={
        "BASE_URL": "address of the server: https://tryton.example.com",
        "DATABASE": "name of its database: firm",
        "KEY": "the validated key of the user application",
        "COMPANIES": "names of the companies to read, with commas between them; empty: all that the user may see",
    },
    history="Stages of opportunities come from the revisions that Tryton keeps of each. Sales have none: their days are"
    " those that the documents state.",
    deletes="The numbers of all records are compared once a day.",
    limits=(
        "Delivery to the customer is not recorded: what was shipped counts from the shipment's effective date.",
        "Payment terms and credit limits of parties are not read; what is due is read from the ledger.",
        "Stock levels and exchange rates are not read; an invoice carries the rate it was booked at.",
        "Goods that leave without a shipment, or straight from a supplier, are not read as shipments.",
        "A complaint does not say when it was closed: the moment of its last change stands for it.",
    ),
)


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
