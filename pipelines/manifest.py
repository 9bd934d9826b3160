"""What a generation says of itself: which rows, which bytes, which versions, which settings, and what was left out."""

from importlib.metadata import version
from pathlib import Path

from pipelines import durable
from pipelines.artifacts import Built
from pipelines.attempts import Attempt
from pipelines.configuration import Configuration

PACKAGES = ("dlt", "dbt-core", "dbt-duckdb", "duckdb", "polars", "pyarrow")


def compose(
    configuration: Configuration, attempt: Attempt, folder: Path, hashes: dict, built: Built, line: dict
) -> dict:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "refresh_id": attempt.refresh_id,
        "published_at": line["ended_at"],
        "as_of": attempt.as_of.isoformat(),
        "world": configuration.world,
        "settings": {
            "sources": [source.name for source in configuration.sources],
            "company": configuration.company,
            "sandbox_scale": configuration.sandbox_scale,
            "time_zone": configuration.time_zone,
            "reporting_currency": attempt.reporting_currency,
        },
        "versions": {package: version(package) for package in PACKAGES},
        "sources": attempt.sources,
        "tests": {
            "passed": built.passed,
            "warnings": [{"sentence": row["sentence"], "failures": row["failures"]} for row in built.warnings],
        },
        "files": {
            path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": durable.sha256(path)}
            for path in files
        },
        "tables": hashes,
        "attempt": line,
    }
