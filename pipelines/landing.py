"""Each source's rows: its last good file is copied, loaded in a process of its own, examined, or put back."""

# Names of tables and columns come from DuckDB's own catalogue and cannot be parameters.
# ruff: noqa: S608

import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines import child, durable, erased
from pipelines.configuration import Source
from pipelines.crash_points import reached
from pipelines.erased import Erased
from pipelines.outcomes import GateFailed, NoSpace, is_disk_full
from pipelines.progress import Progress, counted
from pipelines.warehouse_file import QUIET

AT_ONCE = 4
# A table that had at least so many rows and lost more than half of them is taken for a broken export.
NOTICED_ROWS = 100
SHARE_KEPT = 0.5
# Tables in which a load writes about itself.
NOTES = ("quarantine", "coverage", "loads", "fingerprints")
# Never asked for from outside: dlt reports home unless told not to, and writes an id into the home folder.
ENVIRONMENT = {"RUNTIME__DLTHUB_TELEMETRY": "false", "DO_NOT_TRACK": "1"}


class Unusable(Exception):
    """A load that ended, but whose rows must not be used; the text says why."""


@dataclass
class Landing:
    """How one source's load ended. `state`: loaded, kept (its last good file serves), never (it never loaded)."""

    source: str
    system: str
    stem: str
    state: str
    address: str
    rows_loaded: int = 0
    requests: int = 0
    seconds: float = 0
    message: str | None = None
    loaded_at: str | None = None
    data_as_of: str | None = None
    skipped: list | None = None
    quarantined: int = 0
    tables: dict[str, int] | None = None

    def line(self) -> str:
        said = {"loaded": "", "kept": "FAILED, last good rows kept: ", "never": "FAILED, never loaded: "}[self.state]
        return f"{counted(self.rows_loaded, self.requests, self.seconds)}  {said}{self.message or ''}".rstrip()


@dataclass
class Loader:
    """What the loads of one refresh share."""

    folder: Path
    base: Path | None
    base_sources: dict[str, dict]
    base_files: dict[str, dict]
    now: datetime
    environment: Mapping[str, str]
    fewer_allowed: frozenset[str]
    progress: Progress
    erased: Erased

    def load_all(self, sources: tuple[Source, ...]) -> list[Landing]:
        """Load every source, some at once. Only what concerns the whole refresh is raised."""
        (self.folder / "landing").mkdir(mode=0o700)
        if not sources:
            return []
        with ThreadPoolExecutor(min(AT_ONCE, len(sources))) as pool:
            try:
                return list(pool.map(self.load, sources))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                child.end_all()
                raise

    def load(self, source: Source) -> Landing:
        started = time.monotonic()
        target = self.folder / "landing" / f"{source.stem}.duckdb"
        last = self._copy(source, target)
        reached("landing_copied")
        try:
            landing = self._loaded(source, target, last)
        except (Unusable, child.Died) as failure:
            if is_disk_full(str(failure)):
                raise NoSpace(f"The disk was full while {source.name} was loading; nothing was published.") from failure
            landing = self._put_back(source, target, str(failure))
        landing.seconds = round(time.monotonic() - started, 1)
        self.progress.ended(source.name, landing.line())
        return landing

    def _copy(self, source: Source, target: Path) -> dict:
        """The last good file, if the published generation has one of the same address."""
        last = self.base_sources.get(source.name, {})
        if not last.get("loaded_at") or last.get("address") != source.address:
            return {}
        name = f"landing/{target.name}"
        try:
            durable.copy_verified(self.base / name, target, self.base_files[name]["sha256"])
        except (durable.Damaged, FileNotFoundError) as error:
            raise GateFailed(
                f"{name} of the published generation {self.base.name} is damaged and was not used: "
                "run `python -m pipelines rollback`, then refresh again."
            ) from error
        return last

    def _loaded(self, source: Source, target: Path, last: dict) -> Landing:
        work = self.folder / "dlt" / source.stem
        work.mkdir(parents=True, mode=0o700)
        job = {
            "source": source.name,
            "system": source.system,
            "landing": str(target),
            "workdir": str(work),
            "settings": dict(source.settings),
            "now": self.now.isoformat(),
            "erased": self.erased.told(),
        }
        environment = {**self.environment, **ENVIRONMENT, "DLT_DATA_DIR": str(work), "DLT_PROJECT_DIR": str(work)}

        def heard(report: dict) -> None:
            self.progress.moving(source.name, report["rows"], report["requests"], report["seconds"])

        answer = child.run(
            "pipelines.landing:in_child", job, environment, self.folder / "logs" / f"{source.stem}.txt", heard
        )
        if answer.get("failed") or answer.get("crashed"):
            raise Unusable(answer.get("failed") or f"{source.name} stopped unexpectedly ({answer['crashed']}).")
        tables = examine(target)
        if source.name not in self.fewer_allowed:
            refuse_shrunk(source.name, last.get("tables") or {}, tables)
        target.chmod(0o600)
        return Landing(
            source.name, source.system, source.stem, "loaded", source.address,
            rows_loaded=sum(answer["rows"].values()), requests=answer["requests"],
            loaded_at=datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00"),
            data_as_of=answer["data_as_of"], skipped=answer["skipped"], quarantined=answer["quarantined"],
            message="; ".join(answer["skipped"]) or None, tables=tables,
        )  # fmt: skip

    def _put_back(self, source: Source, target: Path, message: str) -> Landing:
        for path in (target, target.with_name(target.name + ".wal")):
            path.unlink(missing_ok=True)
        last = self._copy(source, target)
        landing = Landing(source.name, source.system, source.stem, "kept" if last else "never", source.address)
        for name in ("loaded_at", "data_as_of", "skipped", "quarantined", "tables"):
            setattr(landing, name, last.get(name, getattr(landing, name)))
        landing.message = message
        return landing


def in_child(job: dict, report: Callable[[dict], None]) -> dict:
    """One source's load, in the process that is only for it."""
    # dlt looks for Streamlit's secrets wherever Streamlit is installed: a second of imports, and not our place for any.
    sys.modules.setdefault("streamlit", None)
    from pipelines.failures import SourceFailed
    from pipelines.load import load  # seconds of imports, only here

    reached("loading")
    started, told = time.monotonic(), threading.Lock()
    seen: dict[str, int] = {}

    def moving(stream: str, rows: int, requests: int) -> None:
        with told:
            seen[stream] = rows
            report({"rows": sum(seen.values()), "requests": requests, "seconds": time.monotonic() - started})

    places = {"landing": Path(job["landing"]), "workdir": Path(job["workdir"])}
    now = datetime.fromisoformat(job["now"])
    try:
        result = load(
            job["source"], job["system"], **places, settings=job["settings"], now=now, progress=moving,
            erased=erased.of(job["erased"]),
        )  # fmt: skip
    except SourceFailed as failure:
        return {"failed": str(failure)}
    return asdict(result) | {"data_as_of": result.data_as_of and result.data_as_of.isoformat()}


def examine(path: Path) -> dict[str, int]:
    """Rows that are not deleted, per raw table, from a file that is closed and holds no column dlt made up."""
    if path.with_name(path.name + ".wal").exists():
        raise Unusable(f"{path.name} was not closed; a .wal lies beside it.")
    with duckdb.connect(str(path), read_only=True, config=QUIET) as connection:
        columns = connection.execute(
            "select table_name, list(column_name) from duckdb_columns()"
            f" where schema_name = 'raw' and not starts_with(table_name, '_dlt') and table_name not in {NOTES}"
            " group by 1 order by 1"
        ).fetchall()
        variants = sorted(f"{table}.{name}" for table, names in columns for name in names if "__v_" in name)
        if variants:
            raise Unusable(f"values of another type than declared arrived in {', '.join(variants)}")
        return {table: _count(connection, table, "is_deleted" in names) for table, names in columns}


def _count(connection: duckdb.DuckDBPyConnection, table: str, has_deleted: bool) -> int:
    condition = " where not is_deleted" if has_deleted else ""
    return connection.execute(f'select count(*) from raw."{table}"{condition}').fetchall()[0][0]


def refuse_shrunk(source: str, before: dict[str, int], after: dict[str, int]) -> None:
    for table, rows in before.items():
        if rows >= NOTICED_ROWS and after.get(table, 0) < rows * SHARE_KEPT:
            raise Unusable(
                f"{table} has {after.get(table, 0):,} rows where it had {rows:,}; if that is right, "
                f"refresh once with ACCEPT_FEWER_ROWS={source}"
            )
