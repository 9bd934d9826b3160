"""What one source was told: its address, its credentials, its pace."""

from collections.abc import Mapping
from dataclasses import fields

import dlt

from pipelines.failures import SourceFailed
from pipelines.http import Limits


class Options:
    """Settings of one source, under the names of design and README: BASE_URL, CLIENT_SECRET, HTTP__BACKOFF_SECONDS.

    What the caller gives comes first, under the short name; then dlt's own configuration (the environment, its secrets
    file): SALESFORCE__NORTH__X for salesforce@north. A pace may also be set for a system or for all of them; an
    address or a credential belongs to one source only, so that no secret reaches another's host.
    """

    def __init__(self, source: str, given: Mapping[str, str] | None = None) -> None:
        self.source = source
        self._given = {name.lower(): value for name, value in (given or {}).items()}
        system, _, label = source.lower().partition("@")
        self._own = [system, label] if label else [system]

    def text(self, name: str, default: str = "") -> str:
        own = ".".join([*self._own, name.lower().replace("__", ".")])
        return str(self._given.get(name.lower()) or dlt.config.get(own, str) or default)

    def secret(self, name: str) -> str:
        """A credential; SourceFailed, naming the variable, when there is none."""
        own = ".".join([*self._own, name.lower()])
        value = self._given.get(name.lower()) or dlt.secrets.get(own, str)
        if not value:
            raise SourceFailed(self.source, "", f"{self.variable(name)} is not set")
        return str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SourceFailed(self.source, "", f"{self.variable(name)} is not set")
        return value

    def number(self, name: str, default: float) -> float:
        spelled = name.lower().replace("__", ".")
        found = self.text(name)
        for place in (f"{self._own[0]}.{spelled}", spelled):
            found = found or dlt.config.get(place, str) or ""
        try:
            return float(found or default)
        except ValueError:
            raise SourceFailed(self.source, "", f"{self.variable(name)}={found} is not a number") from None

    def limits(self, **defaults: float) -> Limits:
        return Limits(
            **{
                field.name: self.number(f"HTTP__{field.name.upper()}", defaults.get(field.name, field.default))
                for field in fields(Limits)
            }
        )

    def variable(self, name: str) -> str:
        return "__".join([*self._own, name]).upper()
