"""What a run was asked to do: environment variables and `.env`, read once, checked, then passed as a value."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.numbers import get_territory_currencies
from dotenv import dotenv_values

from pipelines import sources
from pipelines.outcomes import SettingsError

STAGING = Path(__file__).parents[1] / "dbt_project/models/staging"
# A system is offered once what is read of it reaches the figures.
SYSTEMS = tuple(sorted(found.name for found in iter_modules(sources.__path__) if (STAGING / found.name).is_dir()))
# What may be said once for all sources; a source's own word wins.
PACE = ("SWEEP_DAYS", "OVERLAP_MINUTES", "OVERLAP_ENTRIES", "QUARANTINE_PERCENT", "ROWS_AT_ONCE")
FIRMS = {
    "parts": ("salesforce", "business_central"),
    "furniture": ("pipedrive", "comarch_xl", "nbp"),
    "agency": ("hubspot", "enova365", "timesheets", "nbp"),
}
# The sandbox's companies, and the group of them all.
COMPANIES = FIRMS | {"group": tuple(dict.fromkeys(system for systems in FIRMS.values() for system in systems))}
# What the people of a sandbox company export by hand: folders, as a real firm has them under FILES_DIR.
FOLDERS = ("timesheets",)
# Central banks, whose tables of rates every company may read.
BANKS = ("nbp", "cbr", "ecb")
SANDBOX_TIME_ZONE = "Europe/Warsaw"
# Names dbt or DuckDB already use for a database or a schema: a source called so could not be attached.
TAKEN = {"work", "remembered", "warehouse", "raw", "main", "memory", "system", "temp", "staging", "canonical", "marts"}


@dataclass(frozen=True)
class Source:
    """One instance of a system: `salesforce`, `salesforce@north`, or a folder of files."""

    name: str
    system: str
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    # Where its rows come from: rows of another address are never mixed with these.
    address: str = ""

    @property
    def stem(self) -> str:
        return self.name.replace("@", "__")


@dataclass(frozen=True)
class Configuration:
    sources: tuple[Source, ...]
    company: str | None  # the sandbox's company, or None for real systems
    data_dir: Path
    company_dir: Path
    as_of: date
    now: datetime  # what no row can be newer than: UTC, without a zone, as everywhere in the warehouse
    time_zone: str
    reporting_currency: str | None  # None: the remembered one, or the default
    sandbox_scale: float
    accept_fewer_rows: frozenset[str]
    # Where the vendors' own screens show a record, by the name of the variable.
    record_urls: Mapping[str, str]
    # What a source's own process inherits: everything but credentials, which it is given one by one.
    environment: Mapping[str, str] = field(repr=False)

    @property
    def world(self) -> str:
        """Whose figures these are. Rows of one world never meet another's."""
        return f"sandbox:{self.company}:{self.sandbox_scale:g}" if self.company else "real"

    @property
    def default_currency(self) -> str:
        """The money of the country the time zone is in."""
        territory = get_global("zone_territories").get(self.time_zone)
        usual = get_territory_currencies(territory) if territory else []
        return usual[0] if usual else "EUR"


def read(environment: Mapping[str, str] | None = None, clock: datetime | None = None, only: str = "") -> Configuration:
    """The configuration that the environment, completed by `.env`, describes; SettingsError says what is wrong.

    `only` is a source that is asked about, whatever SOURCES names.
    """
    values = dict(environment) if environment is not None else _environment()
    values |= {"SOURCES": only} if only else {}
    company = values.get("COMPANY") or (None if values.get("SOURCES") else "parts")
    zone = _time_zone(values, company)
    clock = clock or datetime.now(UTC)
    as_of = _date(values.get("AS_OF"), "AS_OF") or clock.astimezone(ZoneInfo(zone)).date()
    folder = data_dir(values)
    return Configuration(
        sources=_sandbox_sources(values, company) if company else _real_sources(values, zone),
        company=company,
        data_dir=folder,
        company_dir=Path(values.get("COMPANY_DIR") or folder / "company").absolute(),
        as_of=as_of,
        now=_now(as_of, clock, zone, company),
        time_zone=zone,
        reporting_currency=_currency(values.get("REPORTING_CURRENCY")),
        sandbox_scale=_scale(values.get("SANDBOX_SCALE")),
        accept_fewer_rows=frozenset((values.get("ACCEPT_FEWER_ROWS") or "").split()),
        record_urls={name: value for name, value in values.items() if name.endswith("__RECORD_URL")},
        environment={name: value for name, value in values.items() if not is_credential(name)},
    )


def named() -> list[str]:
    """The sources of real systems that are on."""
    values = _environment()
    return [] if values.get("COMPANY") else (values.get("SOURCES") or "").split()


def data_dir(values: Mapping[str, str] | None = None) -> Path:
    return Path((values or _environment()).get("DATA_DIR") or "data").absolute()


def _environment() -> dict[str, str]:
    """`.env` first, the environment over it: what is set for one run wins over what is written down."""
    written = {key: value for key, value in dotenv_values(Path.cwd() / ".env").items() if value is not None}
    return {**written, **os.environ}


def _time_zone(values: Mapping[str, str], company: str | None) -> str:
    name = values.get("TIME_ZONE") or (SANDBOX_TIME_ZONE if company else "")
    if not name:
        raise SettingsError("TIME_ZONE is not set: it says on which day something happened, for example Europe/Warsaw.")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(f"TIME_ZONE={name} is not a time zone; Europe/Warsaw is one.") from error
    return name


def _now(as_of: date, clock: datetime, zone: str, company: str | None) -> datetime:
    """The clock, or the end of the day that was asked for. The sandbox's day is always over: it never varies."""
    local = clock.astimezone(ZoneInfo(zone))
    if company or as_of != local.date():
        end = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(zone)) - timedelta(seconds=1)
        return end.astimezone(UTC).replace(tzinfo=None)
    return clock.astimezone(UTC).replace(tzinfo=None)


def _date(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError(f"{name}={text} is not a date; write it as 2026-11-21.") from error


def _currency(text: str | None) -> str | None:
    if text and not re.fullmatch(r"[A-Z]{3}", text):
        raise SettingsError(f"REPORTING_CURRENCY={text} is not a currency code; PLN or EUR is one.")
    return text or None


def _scale(text: str | None) -> float:
    try:
        scale = float(text or 1)
    except ValueError:
        scale = -1
    if not 0 <= scale <= 1000:
        raise SettingsError(f"SANDBOX_SCALE={text} is not a size; 1 is about 12,000 orders, 0 an empty company.")
    return scale


def _sandbox_sources(values: Mapping[str, str], company: str) -> tuple[Source, ...]:
    if company not in COMPANIES:
        raise SettingsError(f"COMPANY={company} is not a sandbox company; there is {', '.join(COMPANIES)}.")
    spoken = COMPANIES[company]
    wanted = tuple((values.get("SOURCES") or " ".join(spoken)).split())
    for name in wanted:
        if name not in (*spoken, *BANKS):
            raise SettingsError(
                f"SOURCES names {name}, but the sandbox company {company} has only {' and '.join(spoken)}, "
                f"and rates of {', '.join(BANKS)}; "
                "leave COMPANY unset to read real systems."
            )
    return tuple(Source(name, "files" if name in FOLDERS else name) for name in dict.fromkeys(wanted))


def _real_sources(values: Mapping[str, str], zone: str) -> tuple[Source, ...]:
    found: list[Source] = []
    for name in dict.fromkeys(values["SOURCES"].split()):
        system, _, label = name.partition("@")
        if system not in SYSTEMS or not re.fullmatch(r"[a-z0-9_]*", label) or (system == "files" and label):
            raise SettingsError(f"SOURCES names {name}, which is not a system; there are {', '.join(SYSTEMS)}.")
        found += _folders(values, zone) if system == "files" else [_connected(name, system, label, values, zone)]
    _distinct(found)
    return tuple(found)


def _connected(name: str, system: str, label: str, values: Mapping[str, str], zone: str) -> Source:
    prefix = f"{system}__{label}__".upper() if label else f"{system}__".upper()
    settings = {name[len(prefix) :].lower(): value for name, value in values.items() if name.startswith(prefix)}
    settings = {name: value for name, value in settings.items() if value and not _is_of_a_label(name)}
    needed = import_module(f"{sources.__name__}.{system}").NEEDS
    missing = [prefix + setting for setting in needed if setting.lower() not in settings]
    if missing:
        raise SettingsError(f"{name} is on, but {', '.join(missing)} is not set.")
    shared = {name.lower(): value for name, value in values.items() if value and _is_for_every_source(name)}
    return Source(name, system, {**shared, **settings, "time_zone": zone}, settings.get("base_url", ""))


def _is_for_every_source(name: str) -> bool:
    return name in PACE or name.startswith("HTTP__")


def _is_of_a_label(name: str) -> bool:
    """north__client_secret is not a setting of salesforce but of salesforce@north; http__attempts is its own."""
    return "__" in name and not name.startswith("http__")


def is_credential(name: str) -> bool:
    """What no process but its own is given: a system's login, the mail server's, the address of a webhook."""
    secret = (*(f"{system}__".upper() for system in SYSTEMS), "SMTP__", "WEBHOOK__")
    return name.startswith(secret) and "__HTTP__" not in name


def _folders(values: Mapping[str, str], zone: str) -> list[Source]:
    folder = Path(values.get("FILES_DIR") or "")
    if not values.get("FILES_DIR") or not folder.is_dir():
        raise SettingsError(f"files is on, but FILES_DIR={values.get('FILES_DIR') or ''} is not a folder.")
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    for path in found:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.name):
            raise SettingsError(f"The folder {path} cannot be a source: use small letters, digits and _ for its name.")
    return [Source(path.name, "files", {"folder": str(path), "time_zone": zone}, str(path)) for path in found]


def _distinct(found: list[Source]) -> None:
    stems: dict[str, str] = {}
    for source in found:
        if source.stem in TAKEN or source.stem in stems:
            raise SettingsError(f"A source cannot be called {source.name}: that name is taken; rename it.")
        stems[source.stem] = source.name
