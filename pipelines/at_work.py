"""A refresh at work: its folder, how far it is, and how it starts and is taken up again."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines import attempts, durable, logs, publish
from pipelines.attempts import Attempt
from pipelines.configuration import Configuration
from pipelines.crash_points import reached
from pipelines.outcomes import GateFailed, NoSpace, SettingsError, is_disk_full
from pipelines.progress import Progress
from pipelines.publish import Generations

# A refresh needs the new generation, its work file, and what dlt puts down in between.
SPACE_FACTOR = 3
SPACE_AT_LEAST = 64 << 20


@dataclass
class Refresh:
    """A refresh at work: what it was asked for, where it writes, how far it is."""

    configuration: Configuration
    generations: Generations
    attempt: Attempt
    progress: Progress

    @property
    def folder(self) -> Path:
        return self.generations.building(self.attempt.refresh_id)

    @property
    def base(self) -> Path | None:
        """The published generation to go on from: none when its rows are another world's, so that nothing leaks."""
        current, configuration = self.generations.current(), self.configuration
        known = publish.manifest(current)
        if not known:
            return None
        backwards = configuration.company is not None and configuration.as_of.isoformat() < known["as_of"]
        return None if known["world"] != configuration.world or backwards else current

    @property
    def is_published(self) -> bool:
        current = self.generations.current()
        return current is not None and current.name == self.attempt.refresh_id

    @property
    def failed_sources(self) -> list[str]:
        return [name for name, landing in self.attempt.sources.items() if landing["state"] != "loaded"]

    def keep_log(self, trace: str = "") -> Path:
        parts = sorted((self.folder / "logs").glob("*"))
        hidden = logs.secrets(self.configuration.sources)
        return logs.keep(self.configuration.data_dir, self.attempt.refresh_id, parts, hidden, trace)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Names what is being done, so that a failure, even a kill, can be told by its step."""
        self.attempt.step = name
        started = time.monotonic()
        try:
            self._save()
            yield
            self.attempt.timings[name] = round(time.monotonic() - started, 2)
            self._save()
        except (OSError, duckdb.Error) as error:
            if is_disk_full(error):
                raise NoSpace(f"The disk was full ({name}); nothing was published. Make room, then refresh.") from error
            raise

    def _save(self) -> None:
        if self.folder.is_dir():
            durable.write_json(self.folder / "attempt.json", asdict(self.attempt))


def begin(configuration: Configuration, progress: Progress) -> Refresh:
    """A new folder to work in, once what earlier attempts left is told and dropped. The lock must be held."""
    generations = Generations(configuration.data_dir)
    reached("locked")
    left = generations.left_over() + generations.never_read(attempts.ids(configuration.data_dir))
    attempts.record_lost(configuration.data_dir, left, _published(generations))
    for path in left:
        publish.remove(path)
    names = [path.name for path in generations.all()]
    attempt = attempts.start(configuration.data_dir, configuration.as_of, names)
    refresh = Refresh(configuration, generations, attempt, progress)
    try:
        with refresh.step("space"):
            require_space(generations)
            refresh.folder.mkdir(mode=0o750)
            (refresh.folder / "logs").mkdir(mode=0o700)
    except NoSpace as error:
        attempts.append(configuration.data_dir, attempt.line(error.exit_code, error.outcome, str(error)))
        raise
    reached("generation_made")
    return refresh


def resume(configuration: Configuration, progress: Progress) -> Refresh:
    """The refresh that `load` or `build` left between two steps."""
    generations = Generations(configuration.data_dir)
    for folder in reversed(generations.left_over()):
        state = json.loads((folder / "attempt.json").read_text(encoding="utf-8"))
        state["as_of"] = date.fromisoformat(state["as_of"])
        state["started_at"] = datetime.fromisoformat(state["started_at"])
        # The time between two commands is nobody's work.
        attempt = Attempt(**state | {"clock": time.monotonic() - sum(state["timings"].values())})
        return Refresh(configuration, generations, attempt, progress)
    raise SettingsError("There is nothing to go on with: run `python -m pipelines load` first.")


def _published(generations: Generations) -> dict | None:
    try:
        return publish.manifest(generations.current()) or None
    except GateFailed:
        return None  # said by the step that needs it


def require_space(generations: Generations) -> None:
    current = generations.current()
    size = sum(path.stat().st_size for path in current.rglob("*") if path.is_file()) if current else 0
    needed, free = max(SPACE_FACTOR * size, SPACE_AT_LEAST), shutil.disk_usage(generations.folder).free
    if free < needed:
        raise NoSpace(
            f"{generations.folder} has {free >> 20:,} MB free and a refresh needs {needed >> 20:,} MB; "
            "nothing was done. Make room, then refresh."
        )
