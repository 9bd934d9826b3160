"""Before the first load: can this source be read, and if not, what is to be done?

Settings, address, clock, credentials, the right to every stream and its fields; nothing is loaded. A source that is
read over HTTP needs nothing of its own for this. Of one that is read otherwise, by SQL say, the first page of each
stream is read, as small as ABOUT.few makes it; it fails with the words of a load, and where it knows its server's time
it sets `reading.clock`.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pipelines import logs
from pipelines.about import About
from pipelines.checking import addresses
from pipelines.checking.addresses import answering, compared
from pipelines.checking.findings import Finding, fix, note, well
from pipelines.checking.streams import readable
from pipelines.configuration import PACE, Source
from pipelines.http import Http
from pipelines.load import QUIET
from pipelines.reading import Reading
from pipelines.source_options import Options

# Somebody waits for the answer: two attempts tell a passing trouble from one that stays.
CAREFUL = {
    "http__attempts": "2",
    "http__timeout_seconds": "30",
    "http__longest_wait_seconds": "20",
    "http__time_limit_minutes": "10",
}
WEEKS = 4


def checked(source: Source) -> Iterator[Finding]:
    """Everything that can be found out of one source, secrets left out of the words."""
    hidden = logs.secrets([source])
    found = _of_files(source) if source.system == "files" else _of_vendor(source)
    for one in found:
        yield Finding(one.about, one.state, logs.without(one.words, hidden))


def _of_files(source: Source) -> Iterator[Finding]:
    """A folder is read whole: what is wrong in it is known only then."""
    from pipelines.sources.files import FilesError, read

    try:
        found = read(Path(source.settings["folder"]), source.settings["time_zone"])
    except FilesError as error:
        for line in str(error).splitlines():
            yield fix("files", line)
        return
    for name, rows in found.tables.items() if found else ():
        if rows.height:
            yield well(name, f"{rows.height:,} rows")
    for line in found.reported if found else ():
        yield note("files", line)


def _of_vendor(source: Source) -> Iterator[Finding]:
    module = import_module(f"pipelines.sources.{source.system}")
    about: About | None = getattr(module, "ABOUT", None)
    yield from _settings(source, module, about)
    addressed = {name: url for name, url in source.settings.items() if name.endswith("url") and name != "record_url"}
    # A database has an address of its own kind, and what reads it says what is wrong with that.
    asked = {name: url for name, url in addressed.items() if "://" not in url or url.startswith("http")}
    clock, lost = None, False
    for name, address in asked.items():
        for one in answering(variable(source, name), address, about.settings.get(name.upper(), "") if about else ""):
            clock = (clock or one) if one.about == addresses.CLOCK else clock
            lost |= one.about == "address" and one.state == "fix"
            if one.about != addresses.CLOCK:
                yield one
    if clock:
        yield clock
    if not lost:
        yield from _streams(source, module, about, has_told_time=clock is not None)


def _settings(source: Source, module: ModuleType, about: About | None) -> Iterator[Finding]:
    set_here = ", ".join(variable(source, name) for name in module.NEEDS if source.settings.get(name.lower()))
    yield well("settings", f"{set_here} are set" if set_here else "none are needed")
    known = {name.lower() for name in (*module.NEEDS, *PACE, "TIME_ZONE", "START", *(about.settings if about else ()))}
    strange = [name for name in source.settings if name not in known and not name.startswith("http__")]
    for name in strange if about else ():
        yield note("settings", f"{variable(source, name)} is not a setting of {about.name} that is written down")


def _streams(source: Source, module: ModuleType, about: About | None, has_told_time: bool) -> Iterator[Finding]:
    now = datetime.now(UTC).replace(tzinfo=None)
    # Of what is published day by day the last weeks are enough.
    start = {"start": (now - timedelta(days=WEEKS * 7)).date().isoformat()}
    few = {name.lower(): value for name, value in (about.few if about else {}).items() if name in about.settings}
    options = Options(source.name, {**source.settings, **CAREFUL, **start, **few})
    reading = Reading(options, now, source.settings.get("time_zone", "UTC"), sample=True)
    secrets = [variable(source, name) for name in module.NEEDS if logs.SECRET.search(name) or name == "USER"]
    made = getattr(module, source.system)
    yield from readable(reading, made, module.STREAMS, about, ", ".join(secrets) or "the settings")
    if reading.clock:
        yield compared(reading.clock, addresses.now())
    elif isinstance(reading.http, Http) and not has_told_time:
        # An address that nobody had to set.
        yield from (one for one in answering(source.name, reading.http.base_url) if one.about == addresses.CLOCK)


def variable(source: Source, name: str) -> str:
    """A setting as `.env` spells it."""
    return "__".join([*source.name.split("@"), name]).upper()


def in_child(job: dict, report: Callable[[dict], None]) -> dict:
    """One source's check, in a process that is only for it, as a load is."""
    import os
    import sys

    sys.modules.setdefault("streamlit", None)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    for one in checked(Source(job["source"], job["system"], job["settings"])):
        report({"about": one.about, "state": one.state, "words": one.words})
    return {}
