"""What a person sees while a refresh works: one line that keeps moving on a terminal, plain lines in a log."""

import sys
import threading
import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 10


class Progress:
    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self._guard = threading.Lock()
        self._sources: dict[str, str] = {}
        self._said: dict[str, float] = {}

    def say(self, line: str) -> None:
        with self._guard:
            self._print(line)

    def moving(self, source: str, rows: int, requests: int, seconds: float) -> None:
        """How far a source is. Drawn in place on a terminal; in a log only now and then."""
        with self._guard:
            line = counted(rows, requests, seconds)
            if self.live:
                self._sources[source] = f"{source}: {line}"
                self._draw()
            elif time.monotonic() - self._said.setdefault(source, time.monotonic()) >= SECONDS_BETWEEN_LINES:
                self._said[source] = time.monotonic()
                self._print(f"  {source:<20} {line} …")

    def ended(self, source: str, line: str) -> None:
        with self._guard:
            self._sources.pop(source, None)
            self._print(f"  {source:<20} {line}")
            self._draw()

    def building(self, report: dict) -> None:
        """How far dbt is; only worth a terminal's while."""
        if self.live and "done" in report:
            with self._guard:
                self.stream.write(f"\r\x1b[K  dbt: {report['done']} models and tests done")
                self.stream.flush()

    def _print(self, line: str) -> None:
        clear = "\r\x1b[K" if self.live else ""
        self.stream.write(f"{clear}{line}\n")
        self.stream.flush()

    def _draw(self) -> None:
        if self.live and self._sources:
            self.stream.write("\r\x1b[K" + " | ".join(self._sources.values())[:110])
            self.stream.flush()


def counted(rows: int, requests: int, seconds: float) -> str:
    return f"{rows:>9,} rows {requests:>5,} requests {seconds:>6.1f} s"
