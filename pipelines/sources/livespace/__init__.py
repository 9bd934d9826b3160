"""Livespace, a CRM, over its public JSON interface. BASE_URL is the account's own address. https://api-docs.livespace.io"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dlt

from pipelines.extraction import Http, Page, Reading, Scope, Since, Stream, resource
from pipelines.sources.livespace.about import ABOUT
from pipelines.sources.livespace.calls import call, connected, listed, whole
from pipelines.sources.livespace.deals import Deals, pages
from pipelines.sources.livespace.streams import STREAMS

NEEDS = ("BASE_URL", "API_KEY", "API_SECRET")
__all__ = ["ABOUT", "NEEDS", "STREAMS", "livespace"]


@dlt.source(name="livespace", max_table_nesting=0)
def livespace(reading: Reading) -> Iterator[Any]:
    """Every stream of one account, as far as the owner of the key sees it: that should be an administrator."""
    http = connected(reading.options)
    deals = Deals(http, reading)
    scopes = {
        "companies": Scope(partial(_companies, http, deals.rows), _none),
        "deals": Scope(deals.pages, deals.keys),
        "deal_versions": Scope(deals.versions, _none),
        "stages": Scope(partial(_stages, http), _none),
    }
    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [scopes.get(stream.name) or Scope(partial(_whole, http), _none)], http)


def _companies(http: Http, rows: int, stream: Stream, _since: Since) -> Iterator[Page]:
    return pages(http, stream.entity, "company", rows, type="company")


def _whole(http: Http, stream: Stream, _since: Since) -> Iterator[Page]:
    """A short list, which comes in one answer whatever limit it is given."""
    yield Page(listed(call(http, stream.entity), "product"))


def _stages(http: Http, stream: Stream, _since: Since) -> Iterator[Page]:
    """Processes and their stages, keyed by their ids, in the order in which they are shown."""
    processes = whole(call(http, stream.entity)) or {}
    yield Page(
        [
            {"id": stage, "name": told.get("name"), "process_id": process, "process_name": of.get("name")}
            | {"place": str(place)}
            for process, of in processes.items()
            for place, (stage, told) in enumerate((of.get("main_stages") or {}).items())
        ]
        if processes
        else []
    )


def _none(*_: Any) -> Iterator[Page]:
    """Keys of what is read in full at each load, and of what stays for ever."""
    return iter(())
