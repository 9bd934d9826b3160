"""The warehouse with some of its models only: dbt reads and tests what a test asks about, and not the rest."""

import shutil
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "dbt_project"


def part_of_project(folder: Path, *kept: str) -> Path:
    """A copy with the models whose paths are of these patterns, and with all seeds, macros and words."""
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("target", "logs"))
    models = folder / "models"
    wanted = {path for pattern in kept for path in models.glob(pattern)}
    for path in [*models.rglob("*"), *folder.glob("tests/**/*")]:
        # A macro that is a test of columns is none of rows, and words may be anybody's.
        if path.is_file() and path not in wanted and path.suffix != ".md" and path.parent.name != "generic":
            path.unlink()
    return folder
