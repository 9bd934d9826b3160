"""Runs dbt once, in a process of its own, and reads what it left: tests, their words, measures."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines import child, parsed
from pipelines.outcomes import GateFailed, NoSpace, is_disk_full

PROFILE = "lead_to_cash"
# What dbt's process inherits. Credentials are not among it.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "CRASH_AT", "PYTHONPATH", "LD_PRELOAD")


@dataclass
class Built:
    passed: int = 0
    warnings: list[dict] = field(default_factory=list)
    tests: list[dict] = field(default_factory=list)
    measures: list[dict] = field(default_factory=list)


def project_dir() -> Path:
    return Path(os.environ.get("DBT_PROJECT_DIR") or Path(__file__).parents[1] / "dbt_project")


def run(folder: Path, landings: list[dict], variables: dict[str, str], heard: Callable[[dict], None]) -> Built:
    """Build and test every model; GateFailed names the test that failed."""
    with parsed.at_one_place(folder) as place:
        parsed.bring(folder)
        _write_profile(folder, place, landings)
        answer = _answer(folder, landings, variables, heard)
        parsed.keep(folder)
    if not answer.get("success"):
        raise _failure(folder, answer)
    return read(folder)


def _answer(folder: Path, landings: list[dict], variables: dict[str, str], heard: Callable[[dict], None]) -> dict:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | variables | {
        "SOURCES": " ".join(dict.fromkeys(landing["system"] for landing in landings)),
        "INSTANCES": " ".join(f"{landing['system']}:{landing['source']}:{landing['stem']}" for landing in landings),
        "DBT_PROFILES_DIR": str(folder),
        "DBT_WORK_FILE": str(folder / "work.duckdb"),
        "REMEMBERED_FILE": str(folder / "remembered.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }  # fmt: skip
    arguments = ["--no-use-colors", "--no-version-check", "--log-level-file", "info"]
    arguments += ["build", "--project-dir", str(project_dir())]
    # Unit tests prove the models, not the data: `make test` runs them.
    arguments += ["--exclude-resource-type", "unit_test"]
    arguments += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    log = folder / "logs" / "dbt.txt"
    try:
        return child.run("pipelines.build:in_child", {"arguments": arguments}, environment, log, heard)
    except child.Died as error:
        raise GateFailed(f"dbt gave no answer: {error}; nothing was published.") from error


def in_child(job: dict, report: Callable[[dict], None]) -> dict:
    from dbt.cli.main import dbtRunner  # four seconds of imports, only here

    done = 0

    def count(event: object) -> None:
        nonlocal done
        if event.info.name == "NodeFinished":
            done += 1
            report({"done": done})

    result = dbtRunner(callbacks=[count]).invoke(job["arguments"])
    return {"success": result.success, "error": str(result.exception) if result.exception else None}


def _write_profile(folder: Path, place: Path, landings: list[dict]) -> None:
    attached = [
        {"path": str(place / "landing" / f"{landing['stem']}.duckdb"), "alias": landing["stem"], "read_only": True}
        for landing in landings
    ]
    attached.append({"path": str(place / "remembered.duckdb"), "alias": "remembered"})
    work = {
        "type": "duckdb",
        "path": str(place / "work.duckdb"),
        "threads": min(4, os.cpu_count() or 1),
        "attach": attached,
        "settings": {"autoinstall_known_extensions": False, "autoload_known_extensions": False},
    }
    profile = {PROFILE: {"target": "work", "outputs": {"work": work}}}
    (folder / "logs").mkdir(exist_ok=True)
    # JSON is YAML, and quotes every odd path by itself.
    (folder / "profiles.yml").write_text(json.dumps(profile, indent=1), encoding="utf-8")


def _failure(folder: Path, answer: dict) -> Exception:
    logged = folder / "logs" / "dbt.log"
    if is_disk_full(f"{answer} {logged.read_text(errors='replace') if logged.exists() else ''}"):
        return NoSpace("The disk was full while dbt was building; nothing was published. Make room and refresh again.")
    results = _json(folder / "target" / "run_results.json").get("results", [])
    nodes = _json(folder / "target" / "manifest.json").get("nodes", {})
    failed = [result for result in results if result["status"] in ("fail", "error")]
    if not failed:
        said = (answer.get("error") or answer.get("crashed") or "no reason given").strip()
        return GateFailed(f"dbt could not build: {said}")
    first = nodes.get(failed[0]["unique_id"], {})
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    if failed[0]["status"] == "fail":
        rows = f" ({failed[0]['failures']} rows)" if failed[0].get("failures") else ""
        return GateFailed(f"A test failed, so nothing was published: {sentence(first)}{rows}{more}.")
    told = " ".join((failed[0].get("message") or "").split())[:400]
    name = first.get("name", failed[0]["unique_id"])
    return GateFailed(f"{name} could not be built{more}, so nothing was published: {told}")


def read(folder: Path) -> Built:
    """What dbt's artifacts say about tests and measures."""
    nodes = _json(folder / "target" / "manifest.json").get("nodes", {})
    built = Built(measures=[row for node in nodes.values() for row in _measures(node, nodes)])
    for result in _json(folder / "target" / "run_results.json").get("results", []):
        node = nodes.get(result["unique_id"], {})
        if node.get("resource_type") == "test":
            built.tests.append(_test(node, result, nodes))
    built.tests.sort(key=lambda row: row["test"])
    built.passed = sum(row["status"] == "pass" for row in built.tests)
    built.warnings = [row for row in built.tests if row["status"] == "warn"]
    return built


def _test(node: dict, result: dict, nodes: dict) -> dict:
    tested = node.get("attached_node") or next(iter(node["depends_on"]["nodes"]), "")
    return {
        "test": node["name"],
        "model": nodes.get(tested, {}).get("name"),
        "column_name": node.get("column_name"),
        "sentence": sentence(node),
        "status": {"pass": "pass", "warn": "warn"}.get(result["status"], "fail"),
        "failures": result.get("failures") or 0,
    }


def sentence(node: dict) -> str:
    """A test in words: its own description, or what its kind and arguments say."""
    if node.get("description"):
        return " ".join(node["description"].split()).rstrip(".")
    told = (node.get("test_metadata") or {}).get("kwargs", {})
    kind = (node.get("test_metadata") or {}).get("name")
    model = (node.get("attached_node") or "").split(".")[-1]
    what = f"{model}.{node['column_name']}" if node.get("column_name") else model
    if kind == "not_null":
        return f"{what} is never empty"
    if kind == "unique":
        return f"{what} is never there twice"
    if kind == "accepted_values":
        return f"{what} is one of {', '.join(str(value) for value in told.get('values', []))}"
    if kind == "relationships":
        named = re.sub(r"ref\(['\"](.*)['\"]\)", r"\1", str(told.get("to", "")))
        return f"{what} names a row that exists in {named}"
    words = (kind or node["name"]).replace("_", " ")
    return f"{what}: {words}" if what else words


TEST_RESULTS = {
    "test": pl.String, "model": pl.String, "column_name": pl.String, "sentence": pl.String, "status": pl.String,
    "failures": pl.Int64,
}  # fmt: skip
TEST_WORDS = {
    "test": "The test's name in dbt.",
    "model": "The table it looks at.",
    "column_name": "The column it looks at, where it is about one.",
    "sentence": "What holds when it passes.",
    "status": "pass or warn; a failed test publishes nothing.",
    "failures": "Rows that do not hold.",
}
MEASURE_WORDS = {
    "measure": "The measure's name.",
    "mart": "The table it is made from.",
    "label": "Its words on a page.",
    "description": "What it means.",
    "expression": "Its SQL over the mart's columns, unless it is a ratio.",
    "numerator": "What is divided, of a ratio.",
    "denominator": "What it is divided by, after summing.",
    "filter": "The rows it is made of.",
    "unit": "money, percent, days or count.",
    "exclusions": "What is left out of it.",
    "owner": "Who answers for it.",
    "tests": "The tests of its mart.",
}
MEASURE_TEXTS = [name for name in MEASURE_WORDS if name not in ("measure", "mart", "tests")]


def _measures(node: dict, nodes: dict) -> list[dict]:
    meta = (node.get("config") or {}).get("meta") or node.get("meta") or {}
    tests = sorted(
        other["name"] for other in nodes.values() if other.get("attached_node") == node.get("unique_id")
    )  # fmt: skip
    return [
        {
            "measure": entry["name"],
            "mart": node["name"],
            **{name: _text(entry.get(name)) for name in MEASURE_TEXTS},
            "tests": _text(entry.get("tests")) or ", ".join(tests) or None,
        }
        for entry in meta.get("measures", [])
    ]


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return " ".join(str(value).split()) if value is not None else None


def published_tables(built: Built) -> dict[str, tuple[object, str, dict[str, str]]]:
    """Tests and measures as tables people read, each with its words."""
    return {
        "test_results": (
            pl.DataFrame(built.tests, schema=TEST_RESULTS),
            "One row per test of this refresh.",
            TEST_WORDS,
        ),
        "measures": (
            pl.DataFrame(built.measures, schema=dict.fromkeys(MEASURE_WORDS, pl.String)),
            "One row per measure that pages show, with the formula that makes it.",
            MEASURE_WORDS,
        ),
    }


def _json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
