"""What the systems declare of themselves, found by their files: what is read of each, and what is made of it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from pipelines.about import About
from pipelines.configuration import STAGING, SYSTEMS
from pipelines.files.contract import read_contract
from pipelines.streams import Stream

RAW = re.compile(r"raw\('\w+',\s*'(\w+)'\)")
REF = re.compile(r"ref\('(stg_\w+)'\)")
THOUSAND = 1000


@dataclass(frozen=True)
class System:
    name: str  # as SOURCES has it
    title: str
    needs: tuple[str, ...]
    streams: tuple[Stream, ...]
    about: About | None  # None: nothing to connect, as with a bank's public tables
    feeds: Mapping[str, tuple[str, ...]]  # raw table: the entities of the contract that rest on it

    @property
    def prefix(self) -> str:
        return f"{self.name}__".upper()

    def entities(self, stream: Stream) -> list[str]:
        """The entities of the contract that rest on a stream or on its lines."""
        tables = [stream.name, *([stream.lines.name] if stream.lines else [])]
        return sorted({entity for table in tables for entity in self.feeds.get(table, ())})

    def rights(self, stream: Stream) -> list[str]:
        return self.about.rights_for(stream.name, stream.entity) if self.about else []

    def requests(self, stream: Stream) -> float:
        """For 1,000 records: full pages of as many as the vendor gives, unless the source says that it takes more."""
        page = self.about.page if self.about else 0
        pages = math.ceil(THOUSAND / page) if page else 1
        return self.about.requests.get(stream.name, pages) if self.about else pages


def systems() -> list[System]:
    """Every system of the network that is offered, those with something to connect first."""
    found = [_system(name) for name in SYSTEMS if hasattr(import_module(f"pipelines.sources.{name}"), "STREAMS")]
    return sorted(found, key=lambda one: (one.about is None, one.about.kind if one.about else "", one.title.lower()))


def _system(name: str) -> System:
    module = import_module(f"pipelines.sources.{name}")
    about = getattr(module, "ABOUT", None)
    said = re.split(r": |\. |\n", module.__doc__ or name)[0].rstrip(".")
    return System(name, about.name if about else said, module.NEEDS, tuple(module.STREAMS), about, _feeds(name))


@cache
def _feeds(system: str) -> dict[str, tuple[str, ...]]:
    """Which entities rest on a raw table, themselves or through other models of staging: read from its SQL."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((STAGING / system).glob("stg_*.sql"))}
    found: dict[str, set[str]] = {}
    for entity in read_contract():
        model = f"stg_{system}__{entity}"
        for table in _tables(model, texts, set()) if model in texts else ():
            found.setdefault(table, set()).add(entity)
    return {table: tuple(sorted(entities)) for table, entities in found.items()}


def _tables(model: str, texts: Mapping[str, str], seen: set[str]) -> set[str]:
    seen.add(model)
    text = texts.get(model, "")
    through = [other for other in REF.findall(text) if other in texts and other not in seen]
    return set(RAW.findall(text)).union(*(_tables(other, texts, seen) for other in through))
