"""No language keeps a text that nothing says any more: translators would go on translating it."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.paged import ROOT
from tests.test_languages import ALL

CODE = sorted((ROOT / "dashboards").rglob("*.py"))
# Where codes of the data come from: the models, their lists, and what a refresh writes.
DATA = [path for ending in ("sql", "yml", "csv") for path in (ROOT / "dbt_project").rglob(f"*.{ending}")]
DATA += sorted((ROOT / "pipelines").rglob("*.py"))
# Calls that are given the first part of a code: what each makes of it is the first part and a value.
SAYING = {"coded", "one_of", "_select", "settle", "named", "get"}
# Made in the warehouse: the reasons of a refresh are sentences, and a step that waits is part of a longer code.
MADE = ("reason.", "stuck.waiting_for_")


def parts(node: ast.JoinedStr) -> str:
    """A text with places as the pattern of all that it can be."""
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"(\w+)" for part in node.values)


def read(paths: list[Path]) -> tuple[set[str], set[str], set[str]]:
    """Texts as they are, patterns of texts with places, and first parts of codes that are put together elsewhere."""
    plain, made, first = set(), set(), set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr) and re.search("[a-z]{3}", parts(node)):
                made.add(parts(node))
            elif isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = [*node.args, *(more.value for more in node.keywords)] if called in SAYING else []
                first |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
                if called in SAYING:
                    first |= {more.arg for more in node.keywords if more.arg}
            elif isinstance(node, ast.Tuple | ast.Dict):
                # A choice and its values, or what a page says under which first part.
                held = node.values if isinstance(node, ast.Dict) else node.elts[:1]
                first |= {one.value for one in held if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return plain, made, first


def unused(codes: set[str]) -> list[str]:
    plain, made, first = read(CODE)
    values = {word for path in [*CODE, *DATA] for word in re.findall(r"\w+", path.read_text(errors="replace"))}
    values |= {path.stem for path in DATA}
    # What an exception carries is told by its own name.
    first |= {code.removeprefix("fact.") for code in ALL["en"] if code.startswith("fact.")}

    def is_made(text: str) -> bool:
        found = (re.fullmatch(pattern, text) for pattern in made)
        return any(fits and all(is_known(part) for part in fits.groups()) for fits in found)

    @cache
    def is_known(value: str) -> bool:
        return value in values or is_made(value)

    def is_said(code: str) -> bool:
        if code in plain or code.startswith(MADE) or is_made(code):
            return True
        start, _, value = code.partition(".")
        return start in first and is_known(value)

    return sorted(code for code in codes if not is_said(code))


def test_every_text_is_said_somewhere():
    assert unused(set().union(*ALL.values())) == []
