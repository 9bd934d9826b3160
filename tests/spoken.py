"""Every text that a page gives its reader, found in what the page sends to the browser, whoever wrote it."""

import json
from collections.abc import Iterator

import polars as pl
from streamlit.testing.v1 import AppTest

# What a browser needs and nobody reads: names, addresses, looks.
UNREAD = {
    "id", "url", "key", "hash", "css", "icon", "format", "page_script_hash", "element_id", "form_id", "config",
    "selection_mode", "color", "theme", "pattern", "media_file_id", "page", "query_string", "urls", "type",
    "file_type", "columns", "spec", "data", "column_order", "query_param_key", "editing_mode", "row_height",
    "language", "url_path", "raw_values", "deferred_file_id", "shortcut", "name", "arrow_data", "image_url",
}  # fmt: skip
# Where a chart keeps what it writes.
WRITTEN = {"text", "name", "hovertemplate", "texttemplate", "ticktext", "ticksuffix", "tickprefix", "label", "alt"}


def texts(app: AppTest) -> Iterator[tuple[str, str]]:
    """Where a text stands and the text, of the whole page: what is open and what opens on a click."""
    for node in _nodes(app._tree):
        proto = getattr(node, "proto", None)
        if proto is None:
            continue
        if hasattr(proto, "ListFields") and getattr(node, "type", "") != "html":
            yield from _written(proto, type(proto).__name__)
        if getattr(node, "type", "") == "plotly_chart":
            yield from _chart(json.loads(proto.spec or proto.figure.spec))
        if getattr(node, "type", "") == "arrow_data_frame":
            yield from _headed(json.loads(proto.columns or "{}"), node)


def cells(app: AppTest) -> Iterator[tuple[str, str]]:
    """The heading and the text of every cell that has one: data, and our words for codes."""
    for shown in app.dataframe:
        frame = pl.from_pandas(shown.value)
        for name in frame.columns:
            if frame.schema[name] == pl.String:
                yield from ((name, value) for value in frame[name].drop_nulls().unique())


def _nodes(node) -> Iterator:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def _written(proto, place: str) -> Iterator[tuple[str, str]]:
    for field, value in proto.ListFields():
        if field.name in UNREAD:
            continue
        values = value if field.is_repeated else [value]
        for one in values:
            if isinstance(one, str):
                yield f"{place}.{field.name}", one
            elif hasattr(one, "ListFields"):
                yield from _written(one, f"{place}.{field.name}")


def _chart(part, place: str = "chart") -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "template":
                continue
            if name in WRITTEN:
                yield from (
                    (f"{place}.{name}", one)
                    for one in ([value] if isinstance(value, str) else value or ())
                    if isinstance(one, str)
                )
            if name in ("x", "y", "labels") or (name == "customdata" and "customdata" in part.get("hovertemplate", "")):
                yield from ((f"{place}.{name}", one) for one in _flat(value) if isinstance(one, str))
            yield from _chart(value, f"{place}.{name}")
    elif isinstance(part, list):
        for value in part:
            yield from _chart(value, place)


def _flat(value) -> Iterator:
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _headed(columns: dict, node) -> Iterator[tuple[str, str]]:
    for name, settings in columns.items():
        if settings and not settings.get("hidden"):
            yield "table.heading", settings.get("label") or name
    yield from (("table.heading", name) for name in node.value.columns if not (columns.get(name) or {}).get("label"))
