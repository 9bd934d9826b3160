"""The details of an attempt, for the one who runs it: kept beside the generations, without secrets."""

import re
from collections.abc import Iterable
from pathlib import Path

from pipelines.configuration import Source

KEPT = 20
SECRET = re.compile(r"secret|password|token$|key$|client_id", re.IGNORECASE)


def secrets(sources: Iterable[Source]) -> list[str]:
    """Values that must not be written down, longest first, so that one inside another leaves no rest."""
    found = {value for source in sources for name, value in source.settings.items() if SECRET.search(name)}
    return sorted((value for value in found if len(value) > 3), key=len, reverse=True)


def keep(data_dir: Path, refresh_id: str, parts: Iterable[Path], hidden: list[str], trace: str = "") -> Path:
    """One file per attempt, made of what its processes said."""
    folder = data_dir / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    said = [f"== {path.name}\n{path.read_text(encoding='utf-8', errors='replace')}" for path in parts]
    target = folder / f"{refresh_id}.log"
    target.write_text(without("\n".join([*said, trace]), hidden), encoding="utf-8")
    target.chmod(0o600)
    for old in sorted(folder.glob("*.log"))[:-KEPT]:
        old.unlink()
    return target


def add(data_dir: Path, refresh_id: str, said: str, hidden: list[str]) -> None:
    """What was said after an attempt's log was closed."""
    folder = data_dir / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{refresh_id}.log"
    with target.open("a", encoding="utf-8") as file:
        file.write("\n" + without(said, hidden) + "\n")
    target.chmod(0o600)


def without(text: str, hidden: list[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, "***")
    return text
