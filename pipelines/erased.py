"""Who was erased: a list that knows a person when it sees one, and from which nobody can be read.

It holds keyed hashes of records and of words. The key lies beside it in a file of its own: without it the list knows
nobody, with it only those whose words one already has.
"""

import csv
import io
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path

from pipelines import durable
from pipelines.outcomes import SettingsError

NAME, SALT = "erased.csv", "erased.salt"
COLUMNS = ["code", "kind", "words", "hash", "erased_on", "why", "seal"]
KIND_RECORD, KIND_TEXT = "record", "text"
# Of telephone and tax numbers the end counts: +48 711 006 643 and 711006643 are one.
DIGITS_COMPARED = 9
DIGITS_ENOUGH = 7
TOKEN = re.compile(r"[^\W\d_]+|\d+")
HASH = re.compile(r"[0-9a-f]{32}")
CODE = re.compile(r"erased-[0-9a-f]{8}")


@dataclass
class Erased:
    """What to look for: codes by the hash of a record, and by the hash of words that stand one after another."""

    salt: bytes = field(repr=False, default=b"")
    records: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    _seen: dict[str, str | None] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.records or self.texts)

    def record(self, source: str, table: str, company: str, key: object) -> str | None:
        """The code of a record, if it was erased."""
        return self.records.get(self.hash_of_record(source, table, company, key)) if self.records else None

    def named_in(self, text: str | None) -> str | None:
        """The code of the erased person whom a text names, if it does."""
        if not text or not self.texts:
            return None
        if text not in self._seen:
            self._seen[text] = next(self._found(text), None)
        return self._seen[text]

    def _found(self, text: str) -> Iterator[str]:
        words = tokens(text)
        for length in self.lengths:
            for start in range(len(words) - length + 1):
                code = self.texts.get(self.hash_of_words(words[start : start + length]))
                if code:
                    yield code

    def hash_of_record(self, source: str, table: str, company: str, key: object) -> str:
        return self._hash(KIND_RECORD, source, table, company, str(key))

    def hash_of_words(self, words: list[str]) -> str:
        return self._hash(KIND_TEXT, *words)

    def code_for(self, record: str) -> str:
        return f"erased-{self._hash('code', record)[:8]}"

    def add(self, line: list[str]) -> None:
        code, kind, words, hashed = line[:4]
        self.lines.append(line)
        self._seen.clear()
        if kind == KIND_RECORD:
            self.records[hashed] = code
        else:
            self.texts[hashed] = code
            self.lengths = sorted({*self.lengths, int(words)})

    def sealed(self, code: str, kind: str, words: int, hashed: str, day: date, why: str) -> list[str]:
        line = [code, kind, str(words), hashed, day.isoformat(), why]
        return [*line, self.seal(line)]

    def seal(self, line: list[str]) -> str:
        return self._hash("seal", *line[:6])

    def _hash(self, *parts: str) -> str:
        return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16, key=self.salt).hexdigest()

    def told(self) -> dict:
        """For a source's own process."""
        return {"salt": self.salt.hex(), "lines": self.lines}


def of(told: dict | None) -> Erased:
    erased = Erased(bytes.fromhex(told["salt"])) if told else Erased()
    for line in told["lines"] if told else ():
        erased.add(line)
    return erased


def tokens(text: str) -> list[str]:
    """The words of a text as they are compared: case, width and punctuation do not count; numbers by their end."""
    found: list[str] = []
    for match in TOKEN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        word = match[0]
        # 711 006 643 is one number.
        if word.isdecimal() and found and found[-1].isdecimal():
            word = found.pop() + word
        found.append(word)
    return [word[-DIGITS_COMPARED:] if word.isdecimal() else word for word in found]


def hunted(value: str, is_contact: bool) -> list[str]:
    """The words by which a value is known wherever it stands; none where they would fit other people too."""
    words = tokens(value)
    numbers = [word for word in words if word.isdecimal() and len(word) >= DIGITS_ENOUGH]
    if "@" in value:
        return words
    if is_contact:
        return numbers[:1]
    return words if len(words) > 1 or numbers else []


def read(company_dir: Path) -> Erased:
    """The list; empty where nobody was erased. SettingsError names the line that is not as it was written."""
    path = company_dir / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Erased()
    erased = Erased(_salt(company_dir))
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path} is not a CSV file in utf-8: {error}. {MEND}") from error
    for position, (number, row) in enumerate(rows):
        if position == 0:
            if row != COLUMNS:
                raise SettingsError(f"{path}, line 1: the columns must be {','.join(COLUMNS)}. {MEND}")
        elif row:
            wrong = _wrong(erased, row)
            if wrong:
                raise SettingsError(f"{path}, line {number}, {wrong}. {MEND}")
            erased.add(row)
    return erased


MEND = "Put the file back from a copy, or take out the whole line and erase that person again; nothing was done"


def _wrong(erased: Erased, row: list[str]) -> str | None:
    if len(row) != len(COLUMNS):
        return f"it has {len(row)} values, not {len(COLUMNS)}"
    code, kind, words, hashed = row[:4]
    checks = {
        "code": CODE.fullmatch(code), "kind": kind in (KIND_RECORD, KIND_TEXT), "words": words.isdecimal(),
        "hash": HASH.fullmatch(hashed),
    }  # fmt: skip
    for column, holds in checks.items():
        if not holds:
            return f"column {column}: {row[COLUMNS.index(column)][:40]!r} was not written by an erasure"
    if not secrets.compare_digest(erased.seal(row), row[-1]):
        return "column seal: the line was changed after it was written, or another erased.salt lies beside it"
    return None


def begun(company_dir: Path) -> Erased:
    """The list, with a key of its own if there was none yet."""
    company_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = company_dir / SALT
    if not (company_dir / NAME).exists() and not path.exists():
        durable.write(path, secrets.token_hex(32).encode() + b"\n", 0o600)
        durable.sync(company_dir)
    return read(company_dir) if (company_dir / NAME).exists() else Erased(_salt(company_dir))


def rehearsed(company_dir: Path) -> Erased:
    """As `begun`, and nothing is written."""
    return read(company_dir) if (company_dir / NAME).exists() else Erased(secrets.token_bytes(32))


def write(company_dir: Path, lines: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([COLUMNS, *lines])
    durable.write(company_dir / NAME, written.getvalue().encode("utf-8"), 0o600)
    durable.sync(company_dir)


def _salt(company_dir: Path) -> bytes:
    path = company_dir / SALT
    try:
        if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
            raise SettingsError(f"{path} can be read by others, and with it {NAME} could be: chmod 600 {path}.")
        salt = bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path} is gone: without it {company_dir / NAME} knows nobody it keeps out. Put it back from a copy."
        ) from None
    except ValueError:
        salt = b""
    if len(salt) != 32:
        raise SettingsError(f"{path} is not the key that an erasure wrote. Put it back from a copy.")
    return salt
