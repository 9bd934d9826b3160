"""What a source says of itself to whoever connects it; the guide, the page of the docs and `check` are made from it.

Its streams say the rest: which entities and fields are read, how changes and deletes are found.
"""

import re
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
    page: int = 0  # the most records that come with one request; 0: all of them
    # Streams that are not read page by page alone: requests for 1,000 records of theirs, or of those they belong to.
    requests: Mapping[str, float] = field(default_factory=dict)
    # What makes an answer hold as few records as can be: parameters, headers or settings. `check` asks with it.
    few: Mapping[str, str] = field(default_factory=dict)

    def rights_for(self, *names: str) -> list[str]:
        """The rights by which something of one of these names is read: sales_orders, or sales orders; or everything."""
        spelled = {*names, *(name.replace("_", " ") for name in names), "everything"}
        named = re.compile(rf"(?<![\w/.])({'|'.join(map(re.escape, spelled))})(?![\w/])")
        return [right for right, read in self.rights.items() if named.search(read)]
