"""What is wrong in a folder of exports, in words its owner can act on."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 5  # problems spelled out in one message
LONGEST_VALUE = 80


@dataclass(eq=False)
class Problem(Exception):
    """One thing that is wrong: where it stands, what it is, and what to do about it."""

    file: str
    what: str
    remedy: str = ""
    line: int | None = None
    column: str | None = None
    key: str | None = None
    value: object = None

    def __str__(self) -> str:
        place = [self.file]
        place += [f"line {self.line}"] if self.line is not None else []
        place += [f"column {self.column}"] if self.column else []
        place += [f"key {self.key}"] if self.key is not None else []
        value = f"'{str(self.value)[:LONGEST_VALUE]}' " if self.value is not None else ""
        return f"{', '.join(place)}: {value}{self.what}. {self.remedy}".strip()


class FilesError(Exception):
    """What stops a system's load. Nothing of it is loaded; its last good load stays."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        said = [str(problem) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        super().__init__("\n".join([*said, *([f"And {more} more."] if more > 0 else [])]))
