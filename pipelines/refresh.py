"""The one protocol: lock, copy, load, build, audit, write, publish. A refresh is one transaction over copied files.

Everything happens in a folder nobody reads. Until the pointer moves, a kill, a full disk or a failed test costs a
folder that the next refresh drops.
"""

import shutil
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

from pipelines import (
    artifacts,
    attempts,
    audit,
    build,
    company_facts,
    demo,
    durable,
    erased,
    erasing,
    inbox,
    publish,
    remembered,
    warehouse_file,
)
from pipelines.artifacts import Built
from pipelines.at_work import Refresh
from pipelines.crash_points import reached
from pipelines.dbt_process import project_dir
from pipelines.landing import Loader
from pipelines.manifest import compose
from pipelines.outcomes import PUBLISHED, WITHOUT_A_SOURCE, GateFailed
from pipelines.publish import Generations

PARQUET = "parquet"


def load(refresh: Refresh) -> None:
    """Every source's rows into files of their own, side by side."""
    configuration, base = refresh.configuration, refresh.base
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
            run.accept_fewer_rows, refresh.progress, erased.read(configuration.company_dir),
        )  # fmt: skip
        landings = loader.load_all(run.sources)
        refresh.attempt.sources = {landing.source: asdict(landing) for landing in landings}
    reached("loaded")


def build_models(refresh: Refresh) -> Built:
    """Everything dbt makes and tests, in a work file nobody reads."""
    configuration, path = refresh.configuration, refresh.folder / "remembered.duckdb"
    gone = erasing.Due(refresh)
    with refresh.step("erase"):
        gone.from_landing()
    with refresh.step("remember"):
        base = refresh.base
        if base:
            _copy_remembered(base, path)
        earlier, loads = attempts.read(configuration.data_dir), list(refresh.attempt.sources.values())
        kept = configuration.data_dir / "remembered"
        forget = configuration.company is not None and base is None
        remembered.prepare(path, None if forget else kept, configuration.world, earlier, loads)
        gone.from_remembered(path)
        currency = refresh.attempt.reporting_currency = remembered.setting(
            path, "reporting_currency", configuration.reporting_currency, configuration.default_currency
        )
    reached("remembered_copied")
    with refresh.step("decisions"):
        # As late as can be: what people decide while the sources load counts in this refresh.
        inbox.take_over(configuration.company_dir, refresh.progress.say)
    with refresh.step("build"):
        reached("building")
        landings = [landing for landing in refresh.attempt.sources.values() if landing["state"] != "never"]
        variables = {
            "AS_OF": configuration.as_of.isoformat(),
            "TIME_ZONE": configuration.time_zone,
            "REPORTING_CURRENCY": currency,
            **configuration.record_urls,
        }
        facts = demo.facts(configuration) if configuration.company else {}
        project = company_facts.project(project_dir(), configuration.company_dir, refresh.folder, facts)
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
        warehouse_file.write_parquet(warehouse, folder / PARQUET)
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
        before = generations.current()
        final = publish.publish(generations, folder, refresh.attempt.refresh_id)
    try:
        attempts.append(configuration.data_dir, line)
        remembered.keep(final / "remembered.duckdb", configuration.data_dir / "remembered", configuration.world)
        reached("remembered_kept")
        publish.drop_old(generations, before)
        erasing.Due(refresh).from_data_folder(final)
    except (OSError, warehouse_file.duckdb.Error) as error:
        refresh.progress.say(f"Published; tidying up was not finished, the next refresh does it ({error}).")
    return exit_code


def _ending(failed: list[str]) -> tuple[str, str | None]:
    if failed:
        return "published_without_source", f"Without new rows of {', '.join(failed)}."
    return "published", None


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
    read = [folder / "warehouse.duckdb", *(folder / PARQUET).iterdir()]
    durable.give_to_group_of(generations.data_dir, folder, folder / PARQUET, *read)
    for path in read:
        path.chmod(0o440)
    for path in (folder, folder / PARQUET):
        path.chmod(0o750)
