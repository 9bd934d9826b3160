"""What dbt leaves behind, read for people: which tests held, in words, and what each measure is made of."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines import figures


@dataclass
class Built:
    passed: int = 0
    warnings: list[dict] = field(default_factory=list)
    tests: list[dict] = field(default_factory=list)
    measures: list[dict] = field(default_factory=list)
    proofs: list[dict] = field(default_factory=list)


def read(folder: Path) -> Built:
    """What dbt's artifacts say about tests and measures."""
    manifest = content(folder / "target" / "manifest.json")
    nodes = manifest.get("nodes", {})
    built = Built(measures=figures.measures(manifest), proofs=figures.proofs(manifest))
    for result in content(folder / "target" / "run_results.json").get("results", []):
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


def failed(folder: Path) -> list[tuple[dict, dict]]:
    """What did not build or did not hold: each node and its result."""
    nodes = content(folder / "target" / "manifest.json").get("nodes", {})
    results = content(folder / "target" / "run_results.json").get("results", [])
    return [
        (nodes.get(result["unique_id"], {"name": result["unique_id"]}), result)
        for result in results
        if result["status"] in ("fail", "error")
    ]


def published_tables(built: Built) -> dict[str, tuple[object, str, dict[str, str]]]:
    """Tests and measures as tables people read, each with its words."""
    return {
        "test_results": (
            pl.DataFrame(built.tests, schema=TEST_RESULTS),
            "One row per test of this refresh.",
            TEST_WORDS,
        ),
        "measures": (
            pl.DataFrame(built.measures, schema=dict.fromkeys(figures.MEASURE_WORDS, pl.String)),
            "One row per measure that pages show, with the formula that makes it.",
            figures.MEASURE_WORDS,
        ),
        "figure_tests": (
            pl.DataFrame(built.proofs, schema=dict.fromkeys(figures.PROOF_WORDS, pl.String)),
            "One row per figure and test that proves something about it.",
            figures.PROOF_WORDS,
        ),
    }


def content(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
