"""Which of the declared fields an installation has: one it never had is reported, one that it lost ends the load."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipelines.reading import Reading
from pipelines.streams import Stream


class Fields:
    """The fields of one stream in one scope; what is known of them is kept in the resource's state."""

    def __init__(self, reading: Reading, stream: Stream, state: dict[str, Any], scope: str) -> None:
        self.reading, self.stream = reading, stream
        self.seen: dict[str, Any] = state.setdefault("seen", {})
        self.absent: dict[str, str] = state.setdefault("absent", {}).setdefault(scope, {})  # and the day it was so
        self.appeared = False
        # Once a day the source is asked again for what it lacked.
        today = reading.today.isoformat()
        self.left_out = {field for field, day in self.absent.items() if day == today}

    def asked(self) -> Stream:
        kept = tuple(column for column in self.stream.columns if column.field not in self.left_out)
        return replace(self.stream, columns=kept)

    def unknown(self, field: str) -> None:
        """The source refuses a question because of this field."""
        if field not in {column.field for column in self.asked().columns}:
            raise self.reading.failed(self.stream, f"the source complains of a field {field} that was not asked for")
        self._lacks(field)
        self.left_out.add(field)

    def answered(self, missing: Iterable[str]) -> None:
        """An answer with records came, and none of them had the missing fields."""
        missing = set(missing)
        for field in sorted(missing):
            self._lacks(field)
        lines = self.stream.lines.columns if self.stream.lines else ()
        for field in {column.field for column in (*self.asked().columns, *lines)} - missing:
            self.seen[field] = True
            self.appeared |= self.absent.pop(field, None) is not None

    def _lacks(self, field: str) -> None:
        lines = self.stream.lines
        parent = (lines.parent or "").split() if lines else []
        needed = {self.stream.key, self.stream.cursor, lines.entity if lines else None, *parent}
        if field in needed or field in self.seen:
            raise self.reading.failed(self.stream, f"the field {field} is gone from the source; nothing was loaded")
        self.absent[field] = self.reading.today.isoformat()
        self.reading.note(self.stream, f"not available: {field}")
