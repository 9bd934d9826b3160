"""What a check found, one line each: what is well, what is worth knowing, what to fix."""

from dataclasses import dataclass
from typing import Literal

WORDS = {"well": "well", "note": "note", "fix": "TO FIX"}


@dataclass(frozen=True)
class Finding:
    about: str  # settings, address, clock, credentials, or a stream
    state: Literal["well", "note", "fix"]
    words: str

    def line(self) -> str:
        return f"  {WORDS[self.state]:<6}  {self.about:<24} {self.words}"


def well(about: str, words: str) -> Finding:
    return Finding(about, "well", words)


def note(about: str, words: str) -> Finding:
    return Finding(about, "note", words)


def fix(about: str, words: str) -> Finding:
    return Finding(about, "fix", words)
