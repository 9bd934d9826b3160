"""Erasing one person: out of every file we keep, and never in again.

Who was put on the list is erased by the next refresh, whichever that is: the one that `erase` starts, or, should that
one be killed, any other. Until all is done the mark in the data folder is not that of the list.
"""

from pathlib import Path

from pipelines import erased
from pipelines.at_work import Refresh
from pipelines.crash_points import reached
from pipelines.erasing import rewriting, tidying


class Due:
    """What a refresh at work has to erase; nothing, nearly always."""

    def __init__(self, refresh: Refresh) -> None:
        configuration = refresh.configuration
        self.refresh, self.company_dir = refresh, configuration.company_dir
        self.known = erased.read(self.company_dir)
        self.is_due = tidying.is_due(configuration.data_dir, self.company_dir)

    def from_landing(self) -> None:
        if not self.is_due:
            return
        tidying.company(self.company_dir, self.known)
        for path, source, system in self._landings(self.refresh.folder):
            rewriting.landing(path, source, system, self.known)
        self.refresh.attempt.sources = tidying.without(self.refresh.attempt.sources, self.known)
        reached("landing_rewritten")

    def from_remembered(self, path: Path) -> None:
        if self.is_due:
            by_key = rewriting.codes_by_key(self._landings(self.refresh.folder), self.known)
            rewriting.remembered(path, self.known, by_key)

    def from_data_folder(self, published: Path) -> None:
        if self.is_due:
            landings = self._landings(published)
            tidying.data_folder(self.refresh.configuration.data_dir, self.company_dir, self.known, landings)

    def _landings(self, folder: Path) -> list[tuple[Path, str, str]]:
        found = self.refresh.attempt.sources.values()
        places = [(folder / "landing" / f"{one['stem']}.duckdb", one["source"], one["system"]) for one in found]
        return [place for place in places if place[0].exists()]
