"""A HubSpot portal that is asked for its deals and for nothing else, without a landing file."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pipelines.envelope import Page
from pipelines.sandbox.server import Sandbox
from pipelines.source_options import Options
from pipelines.sources.hubspot.portal import Portal
from tests.source_at_work import QUICK


class Asking:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.vendor = sandbox.vendors["hubspot"]
        self.portal = Portal(Options("hubspot", sandbox.settings("hubspot") | QUICK))

    def listed(self) -> list[str]:
        return self.ids(self.portal.objects("deals", ["dealname"]))

    def changed(self, minutes: float) -> list[str]:
        """Ids of the deals that changed since, each once, in the order of their numbers."""
        since = datetime(2026, 1, 1, 8) + timedelta(minutes=minutes)
        return self.ids(self.portal.changed("deals", ["dealname"], since))

    @staticmethod
    def ids(pages: Iterator[Page], key: Any = int) -> list[str]:
        return sorted({record["id"] for page in pages for record in page.parsed()}, key=key)
