"""The warehouse with some of its models only: dbt reads and tests what a test asks about, and not the rest."""

import re
import shutil
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "dbt_project"
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)(.*?)endmacro", re.DOTALL)
# Some are asked in a loop over their names.
NAMED = re.compile(r"['\"](\w+)['\"]")
# Others by the beginning of their names: families of checks and of exceptions, and what any system is read into.
BEGUN = re.compile(r"ref\('(\w+_)' ~")


def part_of_project(folder: Path, *kept: str, project: Path = PROJECT) -> Path:
    """A copy with the models whose paths are of these patterns, and with all seeds, macros and words."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("target", "logs"))
    models = folder / "models"
    wanted = {path for pattern in kept for path in models.glob(pattern) if not path.name.endswith("_cases.yml")}
    for path in [*models.rglob("*"), *folder.glob("tests/**/*")]:
        # A macro that is a test of columns is none of rows, and words may be anybody's.
        if path.is_file() and path not in wanted and path.suffix != ".md" and path.parent.name != "generic":
            path.unlink()
    return folder


def needed_by(*names: str) -> tuple[str, ...]:
    """These models, the contract, and all that they are made of: patterns for a part."""
    models = {path.stem: path for path in (PROJECT / "models").rglob("*") if path.suffix in (".sql", ".py")}
    macros = dict(MACRO.findall("\n".join(path.read_text("utf-8") for path in (PROJECT / "macros").rglob("*.sql"))))
    found: set[str] = set()
    # Coverage asks every table of the contract.
    asked = {*names, *(path.stem for path in (PROJECT / "models/canonical").glob("*.sql"))}
    while asked:
        found |= asked
        texts = [models[name].read_text("utf-8") for name in asked]
        asked = {one for text in texts for one in _named(text, macros)} & models.keys()
        beginnings = tuple(beginning for text in texts for beginning in BEGUN.findall(text))
        asked |= {name for name in models if name.startswith(beginnings)}
        asked -= found
    places = {models[name].relative_to(PROJECT / "models") for name in found}
    return tuple(sorted({str(place) for place in places} | {f"{place.parent}/_*.yml" for place in places}))


def _named(text: str, macros: dict[str, str]) -> set[str]:
    """What is named in a model, and in the macros it calls, and in those that they call."""
    others = {name: body for name, body in macros.items() if not re.search(rf"\b{name}\s*\(", text)}
    called = [body for name, body in macros.items() if name not in others]
    return set(NAMED.findall(text)).union(*(_named(body, others) for body in called))
