"""Pipedrive, a CRM, over its API v2, and v1 for what only v1 has. BASE_URL is the company's own address.

https://developers.pipedrive.com/docs/api/v1 · https://pipedrive.readme.io/docs/pipedrive-api-v2
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import dlt
import msgspec
import polars as pl

from pipelines.extraction import Http, Page, Reading, Scope, Since, Stream, Unavailable, columns, once, resource
from pipelines.nested import with_lines
from pipelines.pages import batch
from pipelines.sources.pipedrive.about import ABOUT
from pipelines.sources.pipedrive.history import histories
from pipelines.sources.pipedrive.limits import Budget, connected
from pipelines.sources.pipedrive.lists import LARGEST_PAGE, PAGES, address, asked, lists, some
from pipelines.sources.pipedrive.streams import STREAMS, V2

NEEDS = ("BASE_URL", "API_TOKEN")
__all__ = ["ABOUT", "NEEDS", "STREAMS", "pipedrive"]

# What a deal's list tells of its products.
PRODUCTS_OF_DEAL = Stream("deals", "deals", columns=columns(int="id products_count"))
FIELDS = {"deals": "dealFields", "organizations": "organizationFields", "products": "productFields"}


class OfDeal(msgspec.Struct):
    deal_id: int


@dlt.source(name="pipedrive", max_table_nesting=0)
def pipedrive(reading: Reading) -> Iterator[Any]:
    """Every stream of one company, as far as the owner of the token sees it: that should be an administrator."""
    options = reading.options
    budget = Budget(options.number("HISTORY_RESERVE_PERCENT", 25))
    http = connected(options, budget)
    scopes = {
        "deal_stages": Scope(partial(histories, http, reading, budget), _none),
        "field_options": Scope(partial(_field_options, http, reading), _none),
    }
    for stream in STREAMS:
        if reading.wants(stream):
            scope = scopes.get(stream.name) or Scope(partial(_pages, http, reading), partial(_keys, http))
            yield resource(reading, stream, [scope], http)


def _pages(http: Http, reading: Reading, stream: Stream, since: Since) -> Iterator[Page]:
    for page in lists(http, stream, since):
        yield _with_products(http, reading, stream, page) if stream.lines else page


def _keys(http: Http, stream: Stream) -> Iterator[Page]:
    """The lists cannot be narrowed to their keys: whole records come, as many to a page."""
    return lists(http, stream, None)


def _none(*_: Any) -> Iterator[Page]:
    return iter(())


def _with_products(http: Http, reading: Reading, stream: Stream, page: Page) -> Page:
    """A page of deals, each with its products; deals without any are not asked about."""
    told = batch(page, PRODUCTS_OF_DEAL).rows
    wanted = told.filter(pl.col("products_count").fill_null(1) > 0)["id"].to_list()
    found: dict[int, list[bytes]] = {}
    try:
        for line in _products(http, wanted):
            found.setdefault(msgspec.json.decode(line, type=OfDeal, strict=False).deal_id, []).append(line)
    except Unavailable as reason:
        reading.note(stream, f"products of deals {reason}")
    except msgspec.ValidationError as error:
        raise reading.failed(stream, f"a product does not say of which deal it is ({error})") from None
    return with_lines(page, stream.lines.entity, told["id"], found)


def _products(http: Http, deals: list[int]) -> Iterator[bytes]:
    for ids in some(deals):
        for page in asked(http, V2, "deals/products", LARGEST_PAGE | {"deal_ids": ids}):
            for record in page.records:
                yield json.dumps(record).encode() if isinstance(record, dict) else bytes(record)


def _field_options(http: Http, reading: Reading, _stream: Stream, _since: Since) -> Iterator[Page]:
    """The choices of every field that has some. On the way, fields that a setting names and nobody has are told."""
    for name, path in FIELDS.items():
        fields = once(http, path, PAGES[V2], address(http, V2, path), params=LARGEST_PAGE)
        codes = {field.get("field_code"): field.get("field_name") for field in fields}
        for stream in STREAMS:
            for setting in stream.extra.values() if stream.name == name else ():
                if (code := reading.options.text(setting)) and code not in codes:
                    reading.note(stream, f"not available: {code} ({setting.upper()})")
        yield Page(
            [
                {
                    "id": f"{name}:{field.get('field_code')}:{option.get('id')}",
                    "object": name,
                    "field_code": field.get("field_code"),
                    "field_name": field.get("field_name"),
                }
                | {"option_id": option.get("id"), "label": option.get("label")}
                for field in fields
                for option in field.get("options") or ()
            ]
        )
