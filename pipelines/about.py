"""What a source says of itself to whoever connects it; the guide and the page of the docs are made from it.

Its streams say the rest: which entities and fields are read, how changes and deletes are found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class About:
    name: str  # as the vendor writes it
    kind: Literal["crm", "erp"]
    interface: str  # its name and version, as the vendor writes them
    user: str  # which user to make for reading, and where in the vendor's screens
    rights: Mapping[str, str]  # what to ask the administrator for, as the vendor calls it: what is read by it
    settings: Mapping[str, str]  # variables after the system's name, as in `.env`: what each is, with an example
    history: str  # where the history of stages and statuses comes from, or that there is none
    deletes: str  # how a row that is gone is noticed
    limits: tuple[str, ...] = field(default=())  # what is known not to work, each a sentence
