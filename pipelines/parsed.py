"""What dbt understood of the project, kept from refresh to refresh, so that an unchanged project is not parsed again.

dbt parses anew by itself when files, versions, settings or connections differ; so connections must not differ by the
name of the folder that a refresh happens to work in.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines import durable

NAME = "partial_parse.msgpack"
WRITTEN = (".sql", ".yml", ".py", ".md", ".csv")


@contextmanager
def at_one_place(building: Path) -> Iterator[Path]:
    """A name for the folder at work that is the same for every refresh."""
    link = building.parent / ".building"
    durable.point(link, building.name)  # in place of one that a kill left
    try:
        yield link
    finally:
        link.unlink(missing_ok=True)


def settings(variables: dict[str, str], landings: list[dict]) -> str:
    """What the parsed project rests on besides its files. The day is not among it: `as_of` is not asked in parsing."""
    kept = {name: value for name, value in variables.items() if name != "AS_OF"}
    return json.dumps([kept, [(landing["system"], landing["source"], landing["stem"]) for landing in landings]])


def bring(building: Path, project: Path, settings: str) -> None:
    """Give dbt what it understood of this project last time, if its bytes are still those it wrote."""
    for path in _folder(building, project, settings).glob("*.msgpack"):
        if path.stem == durable.sha256(path):
            target = building / "target"
            target.mkdir(exist_ok=True)
            shutil.copyfile(path, target / NAME)


def keep(building: Path, project: Path, settings: str) -> None:
    """The file's name is its hash: one that was damaged or cut short is not taken for whole."""
    made, folder = building / "target" / NAME, _folder(building, project, settings)
    with suppress(OSError):  # it saves seconds, nothing more
        content = made.read_bytes()
        name = f"{hashlib.sha256(content).hexdigest()}.msgpack"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        for other in (*folder.iterdir(), *folder.parent.iterdir()):
            if other not in (folder, folder / name):
                shutil.rmtree(other) if other.is_dir() else other.unlink()


def _folder(building: Path, project: Path, settings: str) -> Path:
    """A project with the firm's own facts lies elsewhere than the shipped one: dbt must not take one for the other.

    Nor one of another version, with other facts or settings: what dbt parses anew in part loses the words that a
    file of YAML has for it.
    """
    told = hashlib.sha256(f"{project} {settings}".encode())
    for path in sorted(path for path in project.rglob("*") if path.suffix in WRITTEN):
        told.update(path.read_bytes())
    return building.parent.parent / "parsed" / told.hexdigest()[:12]
