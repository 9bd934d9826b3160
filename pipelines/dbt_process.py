"""dbt in a process of its own, with a profile written for it and an environment without credentials."""

import gc
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines import child
from pipelines.outcomes import GateFailed

PROFILE = "lead_to_cash"
# What dbt understood of the project stays until the end: looking through it for rubbish was a tenth of the time.
SELDOM = (100_000, 50, 100)
# What dbt's process inherits. Credentials are not among it.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "CRASH_AT", "PYTHONPATH", "LD_PRELOAD")


def project_dir() -> Path:
    return Path(os.environ.get("DBT_PROJECT_DIR") or Path(__file__).parents[1] / "dbt_project")


@dataclass(frozen=True)
class Dbt:
    folder: Path  # where it writes
    place: Path  # another name of that folder, under which it finds the databases
    landings: list[dict]
    project: Path
    variables: dict[str, str]

    def run(self, command: list[str], heard: Callable[[dict], None]) -> dict:
        """One dbt command; its answer says whether it succeeded, its artifacts are in `target`."""
        (self.folder / "logs").mkdir(exist_ok=True)
        # JSON is YAML, and quotes every odd path by itself.
        (self.folder / "profiles.yml").write_text(json.dumps(self._profile(), indent=1), encoding="utf-8")
        arguments = ["--no-use-colors", "--no-version-check", "--log-level-file", "info", *command]
        arguments += ["--project-dir", str(self.project), "--target-path", str(self.folder / "target")]
        arguments += ["--log-path", str(self.folder / "logs")]
        job, log = {"arguments": arguments}, self.folder / "logs" / "dbt.txt"
        try:
            return child.run("pipelines.dbt_process:in_child", job, self._environment(), log, heard)
        except child.Died as error:
            raise GateFailed(f"dbt gave no answer: {error}; nothing was published.") from error

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        instances = (f"{landing['system']}:{landing['source']}:{landing['stem']}" for landing in self.landings)
        return inherited | self.variables | {
            "SOURCES": " ".join(dict.fromkeys(landing["system"] for landing in self.landings)),
            "INSTANCES": " ".join(instances),
            "DBT_PROFILES_DIR": str(self.folder),
            "DBT_WORK_FILE": str(self.folder / "work.duckdb"),
            "REMEMBERED_FILE": str(self.folder / "remembered.duckdb"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        }  # fmt: skip

    def _profile(self) -> dict:
        attached = [
            {"path": str(self.place / "landing" / f"{stem}.duckdb"), "alias": stem, "read_only": True}
            for stem in (landing["stem"] for landing in self.landings)
        ]
        attached.append({"path": str(self.place / "remembered.duckdb"), "alias": "remembered"})
        work = {
            "type": "duckdb",
            "path": str(self.place / "work.duckdb"),
            "threads": min(4, os.cpu_count() or 1),
            "attach": attached,
            "settings": {
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": f"{_memory_to_use()}MB",
                # No table has an order of its own; keeping one costs memory, and so trips to the disk.
                "preserve_insertion_order": False,
            },
        }
        return {PROFILE: {"target": "work", "outputs": {"work": work}}}


def _memory_to_use() -> int:
    """Megabytes for a build: beyond half of the machine DuckDB goes to the disk, and pages are still served."""
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2_000_000)


def in_child(job: dict, report: Callable[[dict], None]) -> dict:
    from dbt.cli.main import dbtRunner  # four seconds of imports, only here

    gc.set_threshold(*SELDOM)
    done = 0

    def count(event: object) -> None:
        nonlocal done
        if event.info.name == "NodeFinished":
            done += 1
            report({"done": done})

    result = dbtRunner(callbacks=[count]).invoke(job["arguments"])
    return {"success": result.success, "error": str(result.exception) if result.exception else None}
