"""The simulated firms, by the names the sandbox offers them under."""

from pipelines.sandbox.agency.company import Agency
from pipelines.sandbox.business.firm import Firm
from pipelines.sandbox.company import Company
from pipelines.sandbox.furniture.company import Furniture

FIRMS: dict[str, type[Firm]] = {"parts": Company, "furniture": Furniture, "agency": Agency}
