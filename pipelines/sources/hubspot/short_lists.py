"""What a HubSpot portal has little of, read in full at each load: the account itself, owners, pipelines, campaigns."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.envelope import Page
from pipelines.reading import Since
from pipelines.sources.hubspot.portal import Portal
from pipelines.streams import Stream


class ShortLists:
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.pipelines = cache(self._pipelines)

    def pages(self, stream: Stream, _since: Since) -> Iterator[Page]:
        room, _, kind = stream.entity.partition("/")
        if room == "pipelines":
            yield Page(self.pipelines(kind))
        elif room == "stages":
            yield Page([stage | {"pipelineId": one["id"]} for one in self.pipelines(kind) for stage in one["stages"]])
        elif room == "owners":
            yield from self.owners(stream)
        elif room == "account":
            address = f"{self.portal.http.base_url}/account-info/{self.portal.version}/details"
            found = self.portal.once(stream.entity, address)
            yield Page([found] if found.get(stream.key or "") else [])
        else:
            yield from self.campaigns(stream)

    def keys(self, _stream: Stream) -> Iterator[Page]:
        """Never asked for apart: these lists are read in full."""
        return iter(())

    def _pipelines(self, kind: str) -> list[dict[str, Any]]:
        address = self.portal.address("crm", "pipelines", kind)
        return [one for page in self.portal.listed(f"pipelines/{kind}", address) for one in page.parsed()]

    def owners(self, stream: Stream) -> Iterator[Page]:
        """Those who left too: their deals still name them."""
        for archived in ("false", "true"):
            for page in self.portal.listed(stream.entity, self.portal.address("crm", "owners"), archived=archived):
                yield Page([owner | {"team": _team(owner)} for owner in page.parsed()])

    def campaigns(self, stream: Stream) -> Iterator[Page]:
        fields = ",".join(column.field for column in stream.columns if column.field not in stream.beside)
        return self.portal.listed(stream.entity, self.portal.address("marketing", "campaigns"), properties=fields)


def _team(owner: dict[str, Any]) -> str | None:
    """An owner's main team."""
    teams = sorted(owner.get("teams") or [], key=lambda team: not team.get("primary"))
    return teams[0].get("name") if teams else None
