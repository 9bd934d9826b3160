"""Reads OData's $filter, $orderby and $expand as far as Business Central answers them, and older versions' literals."""

import re
from datetime import UTC, datetime

from pipelines.sandbox.conditions import Condition, Literal, both, compare, either, matching, moment, opposite

TOKEN = re.compile(
    r"\s*(?:(?P<old>(?:datetime|datetimeoffset|guid)'[^']*')"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|(?P<timestamp>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)(?![\dT])"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w-])"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<mark>[(),]))"
)
OPERATORS = {"eq": "=", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
FUNCTIONS = {"startswith": "^{}", "endswith": "{}$", "contains": "{}"}
CONSTANTS = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}


class BadFilter(Exception):
    """A filter that cannot be read, or that Business Central does not answer."""


def read(text: str, free: bool = False) -> Condition:
    """A filter; a `free` one may join conditions on several fields by `or`, as every vendor but one allows."""
    return _Reader(text, free).whole()


def ordering(text: str) -> list[tuple[str, bool]]:
    """'postingDate desc, id' as (field, descending) pairs."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    return [(part[0], part[1:] == ["desc"]) for part in parts]


def expansions(text: str) -> dict[str, str]:
    """'lines($select=id,sequence),customer' as {set: its own $select, empty for all}."""
    found = re.findall(r"(\w+)(?:\(([^)]*)\))?", text)
    return {name: dict([options.split("=", 1)]).get("$select", "") if options else "" for name, options in found}


class _Reader:
    def __init__(self, text: str, free: bool) -> None:
        self.text, self.free, self.next, self.tokens = text, free, 0, []
        at, text = 0, text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise BadFilter(f"Syntax error at position {at} in '{text}'.")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.tokens.append(("end", ""))

    def whole(self) -> Condition:
        found = self.any_of()
        if self.tokens[self.next][0] != "end":
            raise self.wrong()
        return found

    def any_of(self) -> Condition:
        found = self.all_of()
        while self.take("or"):
            other = self.all_of()
            if not self.free and len(found.fields | other.fields) > 1:
                raise BadFilter("The 'OR' operator is not supported on distinct fields on an OData filter.")
            found = either(found, other)
        return found

    def all_of(self) -> Condition:
        found = self.single()
        while self.take("and"):
            found = both(found, self.single())
        return found

    def single(self) -> Condition:
        if self.take("not"):
            return opposite(self.single())
        if self.take("("):
            found = self.any_of()
            self.need(")")
            return found
        name = self.kind("word")
        if name in FUNCTIONS and self.take("("):
            return self.function(FUNCTIONS[name])
        operator = self.kind("word")
        if operator not in OPERATORS:
            raise BadFilter(f"Syntax error: '{operator}' in '{self.text}'.")
        return compare(name, OPERATORS[operator], self.literal())

    def function(self, shape: str) -> Condition:
        name = self.kind("word")
        self.need(",")
        text = self.literal().value
        self.need(")")
        return matching(name, shape.format(re.escape(text)))

    def literal(self) -> Literal:
        kind, text = self.tokens[self.next]
        self.next += 1
        if kind == "text":
            return Literal("text", text[1:-1].replace("''", "'"), text)
        if kind == "old":
            return self.old(text)
        if kind == "timestamp":
            return Literal("timestamp", moment(text), text)
        if kind == "number":
            return Literal("number", float(text) if "." in text else int(text), text)
        if kind in ("guid", "date"):
            return Literal(kind, text.lower(), text)
        if text in CONSTANTS:
            return Literal(*CONSTANTS[text], text)
        raise BadFilter(f"Syntax error: '{text}' in '{self.text}'.")

    def old(self, text: str) -> Literal:
        """datetime'…', datetimeoffset'…', guid'…'; a time without a zone is the server's own."""
        name, value = text[:-1].split("'", 1)
        if name == "guid":
            return Literal("guid", value.lower(), text)
        told = datetime.fromisoformat(value)
        return Literal("timestamp", told if told.tzinfo else told.replace(tzinfo=UTC), text)

    def take(self, word: str) -> bool:
        kind, text = self.tokens[self.next]
        found = kind in ("word", "mark") and text == word
        self.next += found
        return found

    def need(self, word: str) -> None:
        if not self.take(word):
            raise self.wrong()

    def kind(self, kind: str) -> str:
        found, text = self.tokens[self.next]
        if found != kind:
            raise self.wrong()
        self.next += 1
        return text

    def wrong(self) -> BadFilter:
        return BadFilter(f"Syntax error: '{self.tokens[self.next][1]}' in '{self.text}'.")
