"""The one protocol: lock, copy, load, build, audit, write, publish. A refresh is one transaction over copied files.

Everything happens in a folder nobody reads. Until the pointer moves, a kill, a full disk or a failed test costs a
folder that the next refresh drops.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines import (
    artifacts,
    attempts,
    audit,
    build,
    company_facts,
    demo,
    durable,
    logs,
    publish,
    remembered,
    warehouse_file,
)
from pipelines.artifacts import Built
from pipelines.attempts import Attempt
from pipelines.configuration import Configuration
from pipelines.crash_points import reached
from pipelines.dbt_process import project_dir
from pipelines.landing import Loader
from pipelines.manifest import compose
from pipelines.outcomes import PUBLISHED, WITHOUT_A_SOURCE, GateFailed, NoSpace, SettingsError, is_disk_full
from pipelines.progress import Progress
from pipelines.publish import Generations

# A refresh needs the new generation, its work file, and what dlt puts down in between.
SPACE_FACTOR = 3
SPACE_AT_LEAST = 64 << 20


@dataclass
class Refresh:
    """A refresh at work: what it was asked for, where it writes, how far it is."""

    configuration: Configuration
    generations: Generations
    attempt: Attempt
    progress: Progress

    @property
    def folder(self) -> Path:
        return self.generations.building(self.attempt.refresh_id)

    @property
    def failed_sources(self) -> list[str]:
        return [name for name, landing in self.attempt.sources.items() if landing["state"] != "loaded"]

    def keep_log(self, trace: str = "") -> Path:
        parts = sorted((self.folder / "logs").glob("*"))
        hidden = logs.secrets(self.configuration.sources)
        return logs.keep(self.configuration.data_dir, self.attempt.refresh_id, parts, hidden, trace)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Names what is being done, so that a failure, even a kill, can be told by its step."""
        self.attempt.step = name
        started = time.monotonic()
        try:
            self._save()
            yield
            self.attempt.timings[name] = round(time.monotonic() - started, 2)
            self._save()
        except (OSError, warehouse_file.duckdb.Error) as error:
            if is_disk_full(error):
                raise NoSpace(f"The disk was full ({name}); nothing was published. Make room, then refresh.") from error
            raise

    def _save(self) -> None:
        if self.folder.is_dir():
            durable.write_json(self.folder / "attempt.json", asdict(self.attempt))


def begin(configuration: Configuration, progress: Progress) -> Refresh:
    """A new folder to work in, once what earlier attempts left is told and dropped. The lock must be held."""
    generations = Generations(configuration.data_dir)
    reached("locked")
    left = generations.left_over() + generations.never_read(attempts.ids(configuration.data_dir))
    attempts.record_lost(configuration.data_dir, left, _published(generations))
    for path in left:
        publish.remove(path)
    names = [path.name for path in generations.all()]
    attempt = attempts.start(configuration.data_dir, configuration.as_of, names)
    refresh = Refresh(configuration, generations, attempt, progress)
    with refresh.step("space"):
        require_space(generations)
        refresh.folder.mkdir(mode=0o750)
        (refresh.folder / "logs").mkdir(mode=0o700)
    reached("generation_made")
    return refresh


def resume(configuration: Configuration, progress: Progress) -> Refresh:
    """The refresh that `load` or `build` left between two steps."""
    generations = Generations(configuration.data_dir)
    for folder in reversed(generations.left_over()):
        state = json.loads((folder / "attempt.json").read_text(encoding="utf-8"))
        state["as_of"] = date.fromisoformat(state["as_of"])
        state["started_at"] = datetime.fromisoformat(state["started_at"])
        # The time between two commands is nobody's work.
        attempt = Attempt(**state | {"clock": time.monotonic() - sum(state["timings"].values())})
        return Refresh(configuration, generations, attempt, progress)
    raise SettingsError("There is nothing to go on with: run `python -m pipelines load` first.")


def load(refresh: Refresh) -> None:
    """Every source's rows into files of their own, side by side."""
    configuration, base = refresh.configuration, _base(refresh)
    if base is None and refresh.generations.current():
        refresh.progress.say("What is published is of another firm, or of a later day of the demo: this starts empty.")
    if configuration.company:
        refresh.progress.say(
            f"No real system is configured: the sandbox company {configuration.company!r} answers for "
            f"{' and '.join(source.name for source in configuration.sources)}, as of {configuration.as_of}."
        )
    serving = demo.served(configuration) if configuration.company else nullcontext(configuration)
    with refresh.step("load"), serving as run:
        known = publish.manifest(base)
        loader = Loader(
            refresh.folder, base, known.get("sources", {}), known.get("files", {}), run.now, run.environment,
            run.accept_fewer_rows, refresh.progress,
        )  # fmt: skip
        landings = loader.load_all(run.sources)
        refresh.attempt.sources = {landing.source: asdict(landing) for landing in landings}
    reached("loaded")


def build_models(refresh: Refresh) -> Built:
    """Everything dbt makes and tests, in a work file nobody reads."""
    configuration, path = refresh.configuration, refresh.folder / "remembered.duckdb"
    with refresh.step("remember"):
        base = _base(refresh)
        if base:
            _copy_remembered(base, path)
        earlier, loads = attempts.read(configuration.data_dir), list(refresh.attempt.sources.values())
        kept = configuration.data_dir / "remembered"
        forget = configuration.company is not None and base is None
        remembered.prepare(path, None if forget else kept, configuration.world, earlier, loads)
        currency = refresh.attempt.reporting_currency = remembered.setting(
            path, "reporting_currency", configuration.reporting_currency, configuration.default_currency
        )
    reached("remembered_copied")
    with refresh.step("build"):
        reached("building")
        landings = [landing for landing in refresh.attempt.sources.values() if landing["state"] != "never"]
        variables = {
            "AS_OF": configuration.as_of.isoformat(),
            "TIME_ZONE": configuration.time_zone,
            "REPORTING_CURRENCY": currency,
            **configuration.record_urls,
        }
        project = company_facts.project(project_dir(), configuration.company_dir, refresh.folder)
        built = build.run(refresh.folder, project, landings, variables, refresh.progress.building)
    reached("built")
    return built


def finish(refresh: Refresh, built: Built) -> int:
    """Audit, write the file people read, publish it. Returns the exit code."""
    configuration, folder, generations = refresh.configuration, refresh.folder, refresh.generations
    with refresh.step("audit"):
        audit.audit(folder / "work.duckdb")
    reached("audited")
    with refresh.step("write"):
        warehouse = folder / "warehouse.duckdb"
        hashes = warehouse_file.write(folder / "work.duckdb", warehouse, artifacts.published_tables(built))
        written = durable.sha256(warehouse)
    reached("written")
    with refresh.step("scan"):
        warehouse_file.scan(warehouse, hashes, written)
    reached("scanned")
    with refresh.step("publish"):
        refresh.keep_log()
        _clear(folder)
        _close(generations, folder)
        exit_code = WITHOUT_A_SOURCE if refresh.failed_sources else PUBLISHED
        line = refresh.attempt.line(exit_code, *_ending(refresh.failed_sources))
        content = compose(configuration, refresh.attempt, folder, hashes, built, line)
        durable.write_json(folder / "manifest.json", content)
        reached("manifest_written")
        final = publish.publish(generations, folder, refresh.attempt.refresh_id)
    attempts.append(configuration.data_dir, line)
    try:
        remembered.keep(final / "remembered.duckdb", configuration.data_dir / "remembered", configuration.world)
        reached("remembered_kept")
        publish.drop_old(generations)
    except (OSError, warehouse_file.duckdb.Error) as error:
        refresh.progress.say(f"Published; tidying up was not finished, the next refresh does it ({error}).")
    return exit_code


def _ending(failed: list[str]) -> tuple[str, str | None]:
    if failed:
        return "published_without_source", f"Without new rows of {', '.join(failed)}."
    return "published", None


def _base(refresh: Refresh) -> Path | None:
    """The published generation to go on from: none when its rows are another world's, so that nothing of it leaks."""
    current, configuration = refresh.generations.current(), refresh.configuration
    known = publish.manifest(current)
    if not known:
        return None
    backwards = configuration.company is not None and configuration.as_of.isoformat() < known["as_of"]
    return None if known["world"] != configuration.world or backwards else current


def _published(generations: Generations) -> dict | None:
    try:
        return publish.manifest(generations.current()) or None
    except GateFailed:
        return None  # said by the step that needs it


def require_space(generations: Generations) -> None:
    current = generations.current()
    size = sum(path.stat().st_size for path in current.rglob("*") if path.is_file()) if current else 0
    needed, free = max(SPACE_FACTOR * size, SPACE_AT_LEAST), shutil.disk_usage(generations.folder).free
    if free < needed:
        raise NoSpace(
            f"{generations.folder} has {free >> 20:,} MB free and a refresh needs {needed >> 20:,} MB; "
            "nothing was done. Make room, then refresh."
        )


def _copy_remembered(base: Path, path: Path) -> None:
    try:
        durable.copy_verified(base / path.name, path, publish.manifest(base)["files"][path.name]["sha256"])
    except (durable.Damaged, FileNotFoundError) as error:
        raise GateFailed(
            f"{path.name} of the published generation {base.name} is damaged and was not used: "
            "run `python -m pipelines rollback`, then refresh again."
        ) from error


def _clear(folder: Path) -> None:
    """What only the building needed; raw rows stay in landing and nowhere else."""
    for name in ("dlt", "target", "logs", "project", "work.duckdb", "profiles.yml", "attempt.json"):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _close(generations: Generations, folder: Path) -> None:
    """Modes by name, whatever the umask: people read the warehouse, nobody writes it, the rest is ours."""
    strangers = [path.name for path in folder.rglob("*.wal")]
    if strangers:
        raise GateFailed(f"{', '.join(strangers)} was not put there by a refresh; nothing was published.")
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    warehouse = folder / "warehouse.duckdb"
    durable.give_to_group_of(generations.data_dir, folder, warehouse)
    warehouse.chmod(0o440)
    folder.chmod(0o750)
