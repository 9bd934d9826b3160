"""Reads the SOQL a connector needs: SELECT or COUNT(), FROM, WHERE with AND, OR, NOT, IN, LIKE, ORDER BY, LIMIT."""

import re
from dataclasses import dataclass
from datetime import date

from pipelines.sandbox.conditions import Condition, Literal, among, both, compare, either, matching, moment, opposite

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')"
    r"|(?P<timestamp>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)(?![\dT])"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w-])"
    r"|(?P<word>[^\W\d][\w.]*)"
    r"|(?P<mark><=|>=|!=|<>|[=<>(),]))"
)
ESCAPE = re.compile(r"\\(.)")
CONSTANTS = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}


class MalformedQuery(Exception):
    """The query cannot be read: (what is wrong, at which character)."""


@dataclass(frozen=True)
class Query:
    text: str
    entity: str
    fields: tuple[str, ...]  # empty: COUNT()
    where: Condition | None = None
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


def read(text: str) -> Query:
    return _Reader(text).query()


def _tokens(text: str) -> list[Token]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise MalformedQuery(f"unexpected token: '{text[at:].split()[0]}'", at)
        found.append(Token(match.lastgroup or "", match[match.lastgroup or 0], match.start(match.lastgroup or 0)))
        at = match.end()
    return [*found, Token("end", "<EOF>", len(text))]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.next = 0

    def query(self) -> Query:
        self.need("select")
        fields = self.fields()
        self.need("from")
        entity = self.word()
        where = self.condition() if self.take("where") else None
        order = self.order() if self.take("order") else ()
        limit = int(self.kind("number").text) if self.take("limit") else None
        self.kind("end")
        return Query(self.text, entity, fields, where, order, limit)

    def fields(self) -> tuple[str, ...]:
        if self.take("count"):
            self.need("("), self.need(")")
            return ()
        return tuple(self.listed(self.word))

    def listed(self, item):  # one or more, separated by commas
        found = [item()]
        while self.take(","):
            found.append(item())
        return found

    def order(self) -> tuple[tuple[str, bool], ...]:
        self.need("by")
        return tuple(self.listed(self.ordering))

    def ordering(self) -> tuple[str, bool]:
        name, down = self.word(), self.take("desc")
        if not down:
            self.take("asc")
        if self.take("nulls"):
            self.need("first")  # the default; NULLS LAST is not spoken here
        return name, down

    def condition(self) -> Condition:
        """A row of ANDs or a row of ORs; Salesforce refuses a mix of the two without parentheses."""
        found = self.single()
        joint = next((word for word in ("and", "or") if self.peek(word)), None)
        while joint and self.take(joint):
            found = (both if joint == "and" else either)(found, self.single())
        return found

    def single(self) -> Condition:
        if self.take("not"):
            return opposite(self.single())
        if self.take("("):
            found = self.condition()
            self.need(")")
            return found
        return self.comparison(self.word())

    def comparison(self, name: str) -> Condition:
        if self.take("not"):
            self.need("in")
            return among(name, self.literals(), wanted=False)
        if self.take("in"):
            return among(name, self.literals())
        if self.take("like"):
            pattern = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in self.kind("text").text[1:-1])
            return matching(name, f"(?is)^{pattern}$")
        operator = self.kind("mark").text
        return compare(name, "!=" if operator == "<>" else operator, self.literal())

    def literals(self) -> list[Literal]:
        self.need("(")
        found = self.listed(self.literal)
        self.need(")")
        return found

    def literal(self) -> Literal:
        token = self.tokens[self.next]
        self.next += 1
        if token.kind == "text":
            return Literal("text", ESCAPE.sub(r"\1", token.text[1:-1]), token.text)
        if token.kind == "timestamp":
            return Literal("timestamp", moment(token.text), token.text)
        if token.kind == "date":
            return Literal("date", date.fromisoformat(token.text).isoformat(), token.text)
        if token.kind == "number":
            return Literal("number", float(token.text) if "." in token.text else int(token.text), token.text)
        if token.text.lower() in CONSTANTS:
            return Literal(*CONSTANTS[token.text.lower()], token.text)
        raise MalformedQuery(f"unexpected token: '{token.text}'", token.at)

    def peek(self, word: str) -> bool:
        token = self.tokens[self.next]
        return token.kind in ("word", "mark") and token.text.lower() == word

    def take(self, word: str) -> bool:
        found = self.peek(word)
        self.next += found
        return found

    def need(self, word: str) -> None:
        if not self.take(word):
            token = self.tokens[self.next]
            raise MalformedQuery(f"expecting '{word}', found '{token.text}'", token.at)

    def kind(self, kind: str) -> Token:
        token = self.tokens[self.next]
        if token.kind != kind:
            raise MalformedQuery(f"unexpected token: '{token.text}'", token.at)
        self.next += 1
        return token

    def word(self) -> str:
        return self.kind("word").text
