"""`python -m pipelines check [source …]`: line by line what is well and what to fix, each source in its own process."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipelines import child, configuration, demo, landing, logs
from pipelines.checking.findings import Finding, fix
from pipelines.configuration import Configuration, Source
from pipelines.outcomes import PUBLISHED, SettingsError

# What is asked of the sandbox does not depend on how large its company is.
SMALL_SCALE = 0.02


def run(names: list[str], say: Callable[[str], None]) -> int:
    """0 when nothing is to be fixed; SettingsError, and with it code 2, when something is."""
    wrong, well = [], []
    for name in names or configuration.named() or [""]:
        try:
            configured = configuration.read(only=name)
        except SettingsError as error:
            say(name or "settings")
            say(fix("settings", str(error)).line())
            wrong.append(name or "settings")
            continue
        with _served(configured) as served:
            for source in served.sources:
                say(f"{source.name}, of the sandbox company {served.company}" if served.company else source.name)
                (wrong if _to_fix(served, source, say) else well).append(source.name)
    if wrong:
        ready = f"; {', '.join(well)} can be loaded" if well else ""
        raise SettingsError(f"There is something to fix: {', '.join(wrong)}{ready}.")
    say(f"All is well: {', '.join(well)} can be loaded.")
    return PUBLISHED


@contextmanager
def _served(configured: Configuration) -> Iterator[Configuration]:
    if not configured.company:
        yield configured
        return
    with demo.served(replace(configured, sandbox_scale=min(SMALL_SCALE, configured.sandbox_scale))) as served:
        yield served


def _to_fix(configured: Configuration, source: Source, say: Callable[[str], None]) -> int:
    """How many findings of one source are to be fixed; all are said as they come."""
    found: list[Finding] = []

    def heard(report: dict) -> None:
        found.append(Finding(**report))
        say(found[-1].line())

    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        environment = {**configured.environment, **landing.ENVIRONMENT}
        environment |= {"DLT_DATA_DIR": folder, "DLT_PROJECT_DIR": folder}
        job = {"source": source.name, "system": source.system, "settings": dict(source.settings)}
        try:
            answer = child.run("pipelines.checking:in_child", job, environment, Path(folder) / "log.txt", heard)
            lost = answer.get("crashed")
        except child.Died as died:
            lost = str(died)
    if lost:
        words = f"something unexpected happened ({logs.without(lost, logs.secrets([source]))})"
        heard({"about": "check", "state": "fix", "words": words})
    return sum(one.state == "fix" for one in found)
