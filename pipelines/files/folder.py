"""Which tables and selects lie in a folder; nothing in them is read yet."""

import fnmatch
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.files.problems import Problem
from pipelines.files.settings import NAME, Format, Settings, read_settings

TABLES = (".csv", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xlsb", ".xls", ".parquet")


@dataclass(frozen=True)
class Part:
    """One file of a table: most tables have one, a pattern such as orders_*.csv has several."""

    path: Path
    format: Format


@dataclass
class Folder:
    path: Path
    settings: Settings
    tables: dict[str, list[Part]] = field(default_factory=dict)
    patterns: set[str] = field(default_factory=set)  # the tables made of a file pattern
    selects: dict[str, Path] = field(default_factory=dict)  # by entity
    views: dict[str, Path] = field(default_factory=dict)
    reported: list[str] = field(default_factory=list)

    def fingerprint(self, *more: str) -> str:
        """Equal as long as nothing changed that the rows are made of."""
        settings = self.settings
        digest = hashlib.sha256(repr((settings.time_zone, settings.currency, settings.format, *more)).encode())
        parts = [(name, part.path, part.format) for name, parts in self.tables.items() for part in parts]
        texts = [(name, path, None) for name, path in [*self.selects.items(), *self.views.items()]]
        for name, path, form in sorted(parts + texts, key=lambda item: (item[0], item[1])):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(repr((name, path.name, form, content)).encode())
        return digest.hexdigest()


def open_folder(path: Path, entities: Collection[str], time_zone: str = "UTC") -> Folder:
    folder = Folder(path, read_settings(path, time_zone))
    places = [path] + ([folder.settings.data] if folder.settings.data else [])
    others = [
        file.name
        for place in places
        for file in sorted(place.iterdir())
        if not _place(folder, file, entities, is_ours=place == path)
    ]
    if others:
        folder.reported.append(f"Not read, being neither a table nor a select: {', '.join(others)}.")
    _stack(folder, entities)
    return folder


def _place(folder: Folder, file: Path, entities: Collection[str], is_ours: bool) -> bool:
    """False for a file that is none of ours. Hidden ones are nobody's business."""
    name = file.name.lower()
    if name.startswith(".") or (is_ours and name == NAME):
        return True
    plain = name.removesuffix(".gz")
    stem = plain[: plain.rfind(".")] if "." in plain else plain
    if file.is_file() and is_ours and name.endswith(".sql"):
        _place_sql(folder, file, stem, entities)
    elif file.is_file() and plain.endswith(TABLES) and not name.startswith("~$"):
        _place_table(folder, file, name, stem)
    else:
        return False
    return True


def _place_table(folder: Folder, file: Path, name: str, stem: str) -> None:
    if stem in folder.tables:
        other = folder.tables[stem][0].path.name
        raise Problem(file.name, f"makes the table {stem}, and so does {other}", "Rename or remove one of the two.")
    formats = folder.settings.formats
    matching = [pattern for pattern in formats if _matches(pattern, name, stem)]
    # A section for the very file comes before one whose pattern takes it in.
    named = sorted(matching, key=lambda pattern: "*" in pattern)
    folder.tables[stem] = [Part(file, formats[named[0]] if named else folder.settings.format)]


def _place_sql(folder: Folder, file: Path, stem: str, entities: Collection[str]) -> None:
    if stem not in entities and not stem.startswith("_"):
        raise Problem(
            file.name,
            "is neither an entity of the contract nor a view (_name.sql)",
            f"Call it by the entity it feeds ({', '.join(sorted(entities))}), or _{stem}.sql if others select from it.",
        )
    places = folder.views if stem.startswith("_") else folder.selects
    if stem in places:
        raise Problem(file.name, f"and {places[stem].name} have one name", "Rename or remove one of the two.")
    places[stem] = file


def _stack(folder: Folder, entities: Collection[str]) -> None:
    """One table of the files of a pattern: of <entity>_* where the entity has no file, and of those in files.toml."""
    single = dict(folder.tables)
    patterns = {entity: f"{entity}_*" for entity in entities}
    patterns |= {p[: p.index("*")].rstrip("_-. "): p for p in folder.settings.formats if p.find("*") > 0}
    for table, pattern in patterns.items():
        parts = [part for stem, (part,) in single.items() if _matches(pattern, part.path.name.lower(), stem)]
        if table in single and parts:
            folder.reported.append(f"{table} is read from its own file only, not from {pattern}.")
        elif parts:
            folder.tables[table] = parts
            folder.patterns.add(table)


def _matches(pattern: str, name: str, stem: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(stem, pattern)
