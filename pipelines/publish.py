"""Generations: a finished one becomes the one that is read, the last three are kept, one command goes back."""

import json
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines import durable
from pipelines.crash_points import reached
from pipelines.outcomes import GateFailed, SettingsError

KEPT = 3
PREFIX = ".building-"


@dataclass(frozen=True)
class Generations:
    data_dir: Path

    @property
    def folder(self) -> Path:
        return self.data_dir / "generations"

    def prepare(self) -> None:
        for path in (self.data_dir, self.folder):
            if not path.is_dir():
                try:
                    path.mkdir(parents=True)
                except OSError as error:
                    raise SettingsError(f"DATA_DIR={self.data_dir} cannot be made: {error.strerror}.") from error
                path.chmod(0o750)

    def all(self) -> list[Path]:
        """Whole generations, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("."))

    def left_over(self) -> list[Path]:
        """Refreshes that were at work when their process died, or that stopped on purpose between two steps."""
        return sorted(self.folder.glob(PREFIX + "*")) if self.folder.is_dir() else []

    def never_read(self, known: set[str]) -> list[Path]:
        """Generations that got their name and were killed before anybody was pointed to them."""
        current = self.current()
        newer = (path for path in self.all() if current is None or path.name > current.name)
        return [path for path in newer if path.name not in known]

    def current(self) -> Path | None:
        """The generation that is read, wherever the folders may have been moved to."""
        pointer = self.data_dir / "current"
        if not pointer.is_symlink():
            return None
        found = self.folder / Path(os.readlink(pointer)).name
        return found if found.is_dir() else None

    def building(self, refresh_id: str) -> Path:
        return self.folder / f"{PREFIX}{refresh_id}"


def manifest(generation: Path | None) -> dict:
    """What a generation says of itself; empty where there is none."""
    if generation is None:
        return {}
    try:
        return json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GateFailed(
            f"The manifest of the published generation {generation.name} cannot be read: "
            "run `python -m pipelines rollback`, then refresh again."
        ) from error


def publish(generations: Generations, building: Path, refresh_id: str) -> Path:
    """Make a finished folder the one that is read. Before the pointer moves, nothing a reader sees has changed."""
    entry = generations.data_dir / "warehouse.duckdb"
    if not entry.is_symlink():
        durable.point(entry, "current/warehouse.duckdb")
    durable.sync_tree(building)
    reached("synced")
    final = generations.folder / refresh_id
    os.rename(building, final)
    durable.sync(generations.folder)
    reached("renamed")
    durable.point(generations.data_dir / "current", f"generations/{refresh_id}")
    reached("published")
    return final


def drop_old(generations: Generations, before: Path | None) -> None:
    """Keep the last three. Between the one read before and the one read now lie only those gone back from."""
    current = generations.current()
    for path in generations.all():
        if before is not None and before.name < path.name < current.name:
            remove(path)
    for path in generations.all()[:-KEPT]:
        remove(path)
    reached("old_dropped")


def rollback(generations: Generations) -> tuple[Path, Path]:
    """Point to the newest older generation that is whole. Where we were is kept until the next publish."""
    current = generations.current()
    older = [path for path in generations.all() if current is not None and path.name < current.name]
    for path in reversed(older):
        if not health(path):
            durable.point(generations.data_dir / "current", f"generations/{path.name}")
            return current, path
    raise GateFailed("There is no whole older generation to go back to; the pointer was left as it is.")


def health(generation: Path | None) -> list[str]:
    """What is wrong with a generation, in sentences. Bytes are compared with those that were published."""
    if generation is None:
        return ["Nothing is published yet."]
    try:
        expected = manifest(generation)["files"]
    except GateFailed as error:
        return [str(error)]
    wrong = []
    for name, file in expected.items():
        path = generation / name
        if not path.is_file():
            wrong.append(f"{generation.name}/{name} is missing.")
        elif durable.sha256(path) != file["sha256"]:
            wrong.append(f"{generation.name}/{name} is damaged: its bytes are not the ones that were published.")
    strangers = sorted(generation.rglob("*.wal"))
    return wrong + [f"{path} was not put there by a refresh and keeps readers out; remove it." for path in strangers]


def remove(folder: Path) -> None:
    """Delete a folder that a dying process may still be writing to."""
    for _ in range(50):
        with suppress(OSError):
            shutil.rmtree(folder)
        if not folder.exists():
            return
        time.sleep(0.1)
    shutil.rmtree(folder)
