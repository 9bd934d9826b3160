"""What each attempt was and how it ended: one line of `attempts.jsonl` per attempt, outside the generations."""

import json
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

# What everybody who may see a page may know of a source's load.
TOLD = ("state", "rows_loaded", "requests", "seconds", "message", "loaded_at", "data_as_of")
OUTCOMES_PUBLISHED = ("published", "published_without_source")


@dataclass
class Attempt:
    """One refresh at work. Its id is also the name of the generation it makes."""

    refresh_id: str
    as_of: date | None
    started_at: datetime
    sources: dict[str, dict] = field(default_factory=dict)
    step: str = "starting"
    reporting_currency: str | None = None
    timings: dict[str, float] = field(default_factory=dict)
    # Lasts are measured, not subtracted: the clock may jump while we work.
    clock: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.clock, 1)

    def line(self, exit_code: int, outcome: str, reason: str | None) -> dict:
        return {
            "refresh_id": self.refresh_id,
            "outcome": outcome,
            "exit_code": exit_code,
            "failed_step": self.step if outcome not in OUTCOMES_PUBLISHED else None,
            "reason": reason,
            "as_of": self.as_of and self.as_of.isoformat(),
            "started_at": text(self.started_at),
            "ended_at": text(self.started_at + timedelta(seconds=self.seconds)),
            "sources": {name: {key: landing[key] for key in TOLD} for name, landing in self.sources.items()},
            "seconds": self.timings,
        }


def start(data_dir: Path, as_of: date | None, folders: list[str]) -> Attempt:
    """A new attempt whose id sorts after every earlier one, even when the clock was set back."""
    started = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    known = [line["refresh_id"] for line in read(data_dir)] + folders
    number = max((int(name[:6]) for name in known if name[:6].isdigit()), default=0) + 1
    return Attempt(f"{number:06d}-{started:%Y%m%dT%H%M%SZ}", as_of, started)


def read(data_dir: Path) -> list[dict]:
    """Every attempt, oldest first. A line that a power cut left half written is passed over."""
    try:
        lines = (data_dir / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def ids(data_dir: Path) -> set[str]:
    return {line["refresh_id"] for line in read(data_dir)}


def append(data_dir: Path, line: dict) -> None:
    path = data_dir / "attempts.jsonl"
    with open(path, "ab+") as file:
        torn = file.tell() and file.seek(-1, os.SEEK_END) and file.read(1) != b"\n"
        file.write(b"\n" * bool(torn) + json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o640)


def record_lost(data_dir: Path, left: list[Path], published: dict | None) -> None:
    """Give a line to what a kill kept from writing its own: a folder left at work, or the very end of a publish."""
    known = ids(data_dir)
    if published and published["refresh_id"] not in known:
        append(data_dir, published["attempt"])
    for folder in left:
        name = folder.name.removeprefix(".building-")
        if name not in known:
            append(data_dir, _killed(name, folder))


def _killed(name: str, folder: Path) -> dict:
    try:
        state = json.loads((folder / "attempt.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        state = {"step": "publish"}  # its last one, after which that file is gone
    return {
        "refresh_id": name,
        "outcome": "killed",
        "exit_code": None,
        "failed_step": state.get("step"),
        "reason": "The refresh was killed, or left between two steps; nothing was published.",
        "as_of": state.get("as_of"),
        "started_at": state.get("started_at"),
        "ended_at": None,
        "sources": {},
    }


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + "Z"
