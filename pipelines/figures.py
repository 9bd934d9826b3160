"""What each figure is made of and which tests prove it, read from what dbt understood of the project."""

import ast
from collections.abc import Iterator
from pathlib import Path

MEASURE_WORDS = {
    "measure": "The measure's name.",
    "figure": "The figure it belongs to.",
    "mart": "The table it is made from.",
    "grain": "What a row of that table is.",
    "label": "Its words on a page.",
    "description": "What it means.",
    "expression": "Its SQL over the mart's columns, unless it is a ratio.",
    "numerator": "What is divided, of a ratio.",
    "denominator": "What it is divided by, after summing.",
    "filter": "The rows it is made of.",
    "unit": "money, percent, days or count.",
    "exclusions": "What is left out of it.",
    "owner": "Who answers for it.",
    "rests_on": "The canonical entities beneath it.",
    "tests": "The tests of its mart.",
}
SAID = (
    "figure",
    "label",
    "description",
    "expression",
    "numerator",
    "denominator",
    "filter",
    "unit",
    "exclusions",
    "owner",
)
PROOF_WORDS = {
    "figure": "The figure that is proved.",
    "test": "The test's name: what holds.",
    "kind": "case: worked out by hand; law: holds for all rows of every refresh; test: of the whole product.",
    "place": "The table or file it looks at.",
}


def measures(manifest: dict) -> list[dict]:
    """One row per measure that a mart declares: MEASURE_WORDS."""
    nodes = manifest.get("nodes", {})
    return [row for node in nodes.values() for row in _measures(node, nodes)]


def _measures(node: dict, nodes: dict) -> Iterator[dict]:
    declared = _meta(node).get("measures", [])
    if not declared:
        return
    tests = sorted(other["name"] for other in nodes.values() if other.get("attached_node") == node["unique_id"])
    whole = {
        "mart": node["name"],
        "grain": _text(node.get("description", "").partition(":")[0].partition(". ")[0].removesuffix(".")),
        "rests_on": ", ".join(sorted(_entities(node, nodes))) or None,
    }
    for entry in declared:
        own = {name: _text(entry.get(name)) for name in SAID}
        named = _text(entry.get("tests")) or ", ".join(tests) or None
        yield {"measure": entry["name"], **whole, **own, "tests": named}


def _entities(node: dict, nodes: dict) -> set[str]:
    """The canonical tables that a model reads, itself or through others."""
    found, waiting, seen = set(), [node], set()
    while waiting:
        for name in waiting.pop().get("depends_on", {}).get("nodes", []):
            other = nodes.get(name)
            if other is None or name in seen:
                continue
            seen.add(name)
            if "canonical" in other.get("fqn", ()):
                found.add(other["name"])
            else:
                waiting.append(other)
    return found


def proofs(manifest: dict) -> list[dict]:
    """One row per figure and dbt test that names it: PROOF_WORDS."""
    cases = [("case", test, test.get("model")) for test in manifest.get("unit_tests", {}).values()]
    laws = [
        ("law", test, (test.get("attached_node") or next(iter(test["depends_on"]["nodes"]), "")).split(".")[-1])
        for test in manifest.get("nodes", {}).values()
        if test.get("resource_type") == "test"
    ]
    rows = [
        {"figure": figure, "test": test["name"], "kind": kind, "place": place}
        for kind, test, place in cases + laws
        for figure in _listed(_meta(test).get("figure"))
    ]
    return sorted(rows, key=lambda row: tuple(row.values()))


def marked(folder: Path) -> list[dict]:
    """One row per figure and test function that bears the mark `figure`, read without running anything."""
    rows = []
    for path in sorted(folder.rglob("test_*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for figure in _marks(function):
                rows.append({"figure": figure, "test": function.name, "kind": "test", "place": path.name})
    return rows


def _marks(function: ast.AST) -> list[str]:
    calls = [call for call in getattr(function, "decorator_list", []) if isinstance(call, ast.Call)]
    named = [call for call in calls if ast.unparse(call.func) == "pytest.mark.figure"]
    return [str(argument.value) for call in named for argument in call.args if isinstance(argument, ast.Constant)]


def _meta(node: dict) -> dict:
    return (node.get("config") or {}).get("meta") or node.get("meta") or {}


def _listed(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)] if value else []


def _text(value: object) -> str | None:
    """A value of YAML as one line of text; a list by its parts."""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return " ".join(str(value).split()) or None if value is not None else None
