"""Values that come as text, whatever they are: {"id": "1", "properties": {"amount": "5.00"}}.

Arrow reads them as text, here they become what the stream declares, a column at a time. Empty text is no value. A value
that is not of its type becomes null and is set aside, as everywhere.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.quarantine import Quarantined, Untypable, shown, typed
from pipelines.streams import Column, Stream

DECIMAL = pl.Decimal(38, 9)
# What can be read a whole column at a time without becoming another value; the rest is looked at one by one.
PLAIN = {
    "bool": r"^(true|false)$",
    "int": r"^-?\d{1,18}$",
    "decimal": r"^-?\d{1,29}(\.\d{1,9})?$",
    "fraction": r"^-?\d{1,6}(\.\d{1,60})?$",
}
READ: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "bool": lambda text: text == "true",
    "int": lambda text: text.cast(pl.Int64, strict=False),
    "decimal": lambda text: text.cast(DECIMAL, strict=False),
    "fraction": lambda text: text.cast(pl.Float64, strict=False).round(9).cast(DECIMAL, strict=False),
}
EPOCH = r"^-?\d{10,14}$"  # milliseconds since 1970
FORMS = {"timestamp": "%Y-%m-%dT%H:%M:%S.%3fZ", "date": "%Y-%m-%d"}


def is_text(stream: Stream, field: str) -> bool:
    """Whether the field's values come as text, whatever they are."""
    return field in stream.commas or bool(stream.inside and field not in stream.beside)


def as_it_comes(stream: Stream) -> Stream:
    """The stream with the fields that come as text declared so."""
    if not stream.inside and not stream.commas:
        return stream
    return replace(
        stream,
        columns=tuple(replace(one, type="text") if is_text(stream, one.field) else one for one in stream.columns),
    )


def read_texts(frame: pl.DataFrame, stream: Stream) -> tuple[pl.DataFrame, list[Quarantined]]:
    """The frame with the values that came as text as the stream declares them, and what could not be that."""
    odd: list[Quarantined] = []
    made = []
    for column in stream.columns:
        if column.type == "text" or not is_text(stream, column.field):
            continue
        text = frame[column.field].replace("", None)
        if column.field in stream.commas:
            text = text.str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(",", ".", literal=True)
        if column.type in FORMS:
            made.append(_moments(text, FORMS[column.type]))
        else:
            made.append(_values(text, column, frame, stream, odd))
    return frame.with_columns(made), odd


def _moments(text: pl.Series, form: str) -> pl.Series:
    """Days and moments stay text until the raw tables are shaped; only a count of milliseconds is spelled out."""
    value = pl.col(text.name)
    counted = value.str.contains(EPOCH)
    spelled = pl.when(counted).then(value).cast(pl.Int64, strict=False).cast(pl.Datetime("ms")).dt.strftime(form)
    return text.to_frame().select(pl.when(counted).then(spelled).otherwise(value)).to_series()


def _values(text: pl.Series, column: Column, frame: pl.DataFrame, stream: Stream, odd: list[Quarantined]) -> pl.Series:
    plain = text.str.contains(PLAIN[column.type])
    value = READ[column.type](pl.when(plain).then(pl.col(text.name)))
    read = text.to_frame().with_columns(plain.alias("$plain")).select(value.alias(text.name)).to_series()
    strange = (text.is_not_null() & ~plain.fill_null(False)).arg_true().to_list()
    for row in strange:
        try:
            read[row] = _one(text[row], column.type)
        except Untypable as untypable:
            key = frame[stream.key][row] if stream.key else ""
            odd.append(Quarantined(stream.name, shown(key or ""), column.name, shown(text[row]), str(untypable)))
    return read


def _one(text: str, kind: str) -> Any:
    if kind == "bool":
        raise Untypable("not true or false")
    return typed(text, kind)
