"""HubSpot, a CRM, over its CRM objects interface. https://developers.hubspot.com/docs/api-reference/crm-objects/guide"""

from collections.abc import Iterator
from typing import Any

import dlt

from pipelines.extraction import Page, Reading, Scope, Since, Stream, resource
from pipelines.sources.hubspot.about import ABOUT
from pipelines.sources.hubspot.companions import Companions
from pipelines.sources.hubspot.portal import Portal
from pipelines.sources.hubspot.short_lists import ShortLists
from pipelines.sources.hubspot.streams import STREAMS

NEEDS = ("ACCESS_TOKEN",)
__all__ = ["ABOUT", "NEEDS", "STREAMS", "hubspot"]


@dlt.source(name="hubspot", max_table_nesting=0)
def hubspot(reading: Reading) -> Iterator[Any]:
    """Every stream of one portal. What changed is searched for, what was archived listed; the rest is read in full."""
    portal = Portal(reading.options)
    companions = Companions(portal)
    short = ShortLists(portal)

    def objects(stream: Stream, since: Since) -> Iterator[Page]:
        fields = [column.field for column in stream.columns if column.field not in stream.beside]
        if since is None:
            yield from companions.in_full(stream, fields, f"{stream.entity}/history" in wanted)
        else:
            yield from companions.passed(stream.entity, since, portal.changed(stream.entity, fields, since))
            yield from portal.objects(stream.entity, fields, archived=True)

    def scope(stream: Stream) -> Scope:
        if stream.inside == "properties" and stream.cursor:
            return Scope(objects, companions.keys)
        if stream.entity.endswith("/history"):
            return Scope(companions.history, short.keys)
        return Scope(companions.associations if stream.in_full_daily else short.pages, short.keys)

    streams = [stream for stream in STREAMS if reading.wants(stream)]
    wanted = {stream.entity for stream in streams}
    for stream in streams:
        yield resource(reading, stream, [scope(stream)], portal.http)
