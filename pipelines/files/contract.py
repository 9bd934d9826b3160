"""The canonical contract as files meet it: ids where the contract has keys, and no `source`, which is ours to add."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import yaml

CONTRACT = Path(__file__).parents[2] / "dbt_project" / "models" / "canonical" / "_canonical.yml"
KINDS = {
    "varchar": "text",
    "text": "text",
    "string": "text",
    "integer": "int",
    "bigint": "int",
    "int": "int",
    "boolean": "bool",
    "date": "date",
    "timestamp": "timestamp",
}
TYPES = {"text": pl.String, "int": pl.Int64, "bool": pl.Boolean, "date": pl.Date, "timestamp": pl.Datetime("us")}
ABOUT_THE_ROW = {"_file": pl.String, "_line": pl.Int64, "is_deleted": pl.Boolean}
# The C parser where PyYAML was built with it: ten times faster.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Field:
    name: str  # as files have it: order_id
    kind: str
    required: bool
    precision: int = 18
    scale: int = 0
    words: tuple[str, ...] = ()  # the only ones there are, where the contract lists them
    personal: str = field(default="", repr=False)  # which of `Personal` it is, where it tells of a person

    @property
    def type(self) -> pl.DataType | type[pl.DataType]:
        return pl.Decimal(self.precision, self.scale) if self.kind == "decimal" else TYPES[self.kind]


@dataclass(frozen=True)
class Entity:
    name: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        return self.fields[0].name

    def empty(self) -> pl.DataFrame:
        """The raw table of an entity that nobody feeds."""
        return pl.DataFrame(schema={**{item.name: item.type for item in self.fields}, **ABOUT_THE_ROW})


def read_contract(file: Path = CONTRACT) -> dict[str, Entity]:
    """Every entity a source can feed: the canonical tables with a `source_url`, which what we derive does not have."""
    models = yaml.load(file.read_bytes(), LOADER)["models"]
    found = {model["name"]: {column["name"]: column for column in model.get("columns", ())} for model in models}
    return {
        name: Entity(name, tuple(_field(column) for column in columns.values() if column["name"] != "source"))
        for name, columns in found.items()
        if {"source", "source_url"} <= columns.keys()
    }


def _field(column: dict) -> Field:
    name = re.sub(r"_key$", "_id", column["name"])
    required = any(constraint.get("type") == "not_null" for constraint in column.get("constraints", ()))
    kind = column["data_type"].lower()
    sized = re.fullmatch(r"(?:decimal|numeric)\((\d+), ?(\d+)\)", kind)
    if sized:
        return Field(name, "decimal", required, int(sized[1]), int(sized[2]))
    meta = column.get("config", {}).get("meta", {})
    return Field(name, KINDS[kind], required, words=tuple(meta.get("words", ())), personal=meta.get("personal", ""))
