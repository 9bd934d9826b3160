"""The simulated firms, by the names the sandbox offers them under."""

from collections.abc import Callable
from functools import partial

from pipelines.sandbox.agency.company import Agency
from pipelines.sandbox.business.firm import Firm
from pipelines.sandbox.company import Company
from pipelines.sandbox.furniture.company import Furniture
from pipelines.sandbox.group import Group

FIRMS: dict[str, type[Firm]] = {"parts": Company, "furniture": Furniture, "agency": Agency}
# What can be served: each firm alone, or all of them.
SIMULATED: dict[str, Callable[..., Firm | Group]] = FIRMS | {"group": partial(Group, FIRMS)}
