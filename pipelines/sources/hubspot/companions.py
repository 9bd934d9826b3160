"""What belongs to HubSpot's records and comes apart from them: the history of a property, and associations.

Read for the records that changed, or for all of them; who they are is found out once a load, whoever asks first.
"""

import io
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import msgspec
import polars as pl
import pyarrow as pa
from pyarrow.json import ParseOptions, ReadOptions, read_json

from pipelines.envelope import Page
from pipelines.failures import SourceFailed
from pipelines.pages import batch
from pipelines.reading import Since
from pipelines.sources.hubspot.portal import LARGEST_ASSOCIATIONS, WITH_HISTORY, Portal, page_of
from pipelines.streams import Stream, columns

FOLLOWED = ("dealstage", "pipeline")  # deals move between pipelines too
KEPT_IN_MEMORY = 20_000_000  # bytes; more goes to an unnamed file
PAGE_BYTES = 1_000_000
NAMED = Stream("names", "", columns=columns(text="id updatedAt"))
NOTHING = pl.DataFrame(schema={"id": pl.String, "updatedAt": pl.String})

_MOVE = pa.struct([(name, pa.string()) for name in ("value", "timestamp", "sourceType")])
HISTORY = pa.schema(
    [
        ("id", pa.string()),
        ("updatedAt", pa.string()),
        ("propertiesWithHistory", pa.struct([(name, pa.list_(_MOVE)) for name in FOLLOWED])),
    ]
)
_KIND = pa.struct([("typeId", pa.int64()), ("label", pa.string())])
_OTHER = pa.struct([("toObjectId", pa.int64()), ("associationTypes", pa.list_(_KIND))])
_MORE = pa.struct([("next", pa.struct([("after", pa.string())]))])
ASSOCIATIONS = pa.schema(
    [("from", pa.struct([("id", pa.string())])), ("to", pa.list_(_OTHER)), ("paging", _MORE)],
)


class Companions:
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._known: dict[tuple[str, Since], pl.DataFrame] = {}
        self._kept: dict[str, IO[bytes]] = {}

    def passed(self, kind: str, since: Since, pages: Iterator[Page]) -> Iterator[Page]:
        """The pages of records, told on; once all have passed, it is known who changed since then."""
        seen = [NOTHING]
        for page in pages:
            seen.append(batch(page, NAMED).rows)
            yield page
        self._known[kind, since] = pl.concat(seen).unique("id", keep="last", maintain_order=True)

    def records(self, kind: str, since: Since) -> pl.DataFrame:
        """Id and updatedAt of the living records that changed since then; None: of all."""
        if (kind, since) not in self._known:
            fields = ["hs_object_id"]
            found = self.portal.objects(kind, fields) if since is None else self.portal.changed(kind, fields, since)
            for _ in self.passed(kind, since, found):
                pass
        return self._known[kind, since]

    def keys(self, stream: Stream) -> Iterator[Page]:
        living = self.records(stream.entity, None)
        yield _page(living.with_columns(archived=False))

    def in_full(self, stream: Stream, fields: list[str], with_history: bool) -> Iterator[Page]:
        """All records, the archived ones too. Histories that come along are kept for the stream that they are of."""
        kept = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (read once, by another stream)
        told = ",".join(FOLLOWED) if with_history else ""

        def keeping(pages: Iterator[Page]) -> Iterator[Page]:
            for page in pages:
                if with_history:
                    kept.write(_moves(page, stream, self.portal).joined + b"\n")
                yield page

        living = self.portal.objects(stream.entity, fields, history=told)
        yield from self.passed(stream.entity, None, keeping(living))
        yield from keeping(self.portal.objects(stream.entity, fields, archived=True, history=told))
        if with_history:
            self._kept[stream.entity] = kept

    def _moves_kept(self, kind: str) -> Iterator[Page]:
        with self._kept.pop(kind) as kept:
            kept.seek(0)
            while lines := kept.readlines(PAGE_BYTES):
                yield Page([line for line in map(bytes.strip, lines) if line])

    def history(self, stream: Stream, since: Since) -> Iterator[Page]:
        """Every stage a deal was in, since it was made: the vendor's own log of the property, newest first."""
        kind = stream.entity.split("/")[0]
        if since is None and kind in self._kept:
            yield from self._moves_kept(kind)
            return
        if since is None:
            for archived in (False, True):
                for page in self.portal.objects(stream.entity, ["hs_object_id"], archived, ",".join(FOLLOWED)):
                    yield _moves(page, stream, self.portal)
            return
        address = self.portal.address("crm", "objects", f"{kind}/batch/read")
        for ids in _slices(self.records(kind, since), WITH_HISTORY):
            body = {"propertiesWithHistory": list(FOLLOWED), "properties": ["hs_object_id"], "inputs": _inputs(ids)}
            yield _moves(page_of(self.portal.batch(stream, address, body)), stream, self.portal)

    def associations(self, stream: Stream, since: Since) -> Iterator[Page]:
        """A row for each two records that belong together; a record that has nobody is a row too, with no other.

        So what a record no longer belongs to goes when its rows are replaced, even when nothing takes its place.
        """
        kind = stream.entity.split("/")[0]
        address = f"{self.portal.http.base_url}/crm/v4/associations/{stream.entity}/batch/read"
        for some in _slices(self.records(kind, since), LARGEST_ASSOCIATIONS):
            found, inputs = [], _inputs(some)
            while inputs:
                page = page_of(self.portal.batch(stream, address, {"inputs": inputs}))
                table = _table(page, ASSOCIATIONS, stream, self.portal)
                found.append(_pairs(table))
                inputs = _further(table)
            yield _page(_together(some, pl.concat(found)))


def _slices(records: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    return records.iter_slices(size) if records.height else iter(())


def _inputs(records: pl.DataFrame) -> list[dict[str, str]]:
    return records.select("id").to_dicts()


def _table(page: Page, schema: pa.Schema, stream: Stream, portal: Portal) -> pl.DataFrame:
    """The records of an answer as they are nested; everything else in them is left out."""
    body = page.joined or b"\n".join(
        msgspec.json.encode({name: record.get(name) for name in schema.names}) for record in page.records
    )
    if not body:
        return pl.DataFrame(schema.empty_table())
    options = ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore", newlines_in_values=True)
    try:
        read = read_json(io.BytesIO(body), read_options=ReadOptions(block_size=len(body) + 1), parse_options=options)
    except pa.ArrowInvalid as error:
        words = f"an answer is not of the shape that is documented ({type(error).__name__})"
        raise SourceFailed(portal.http.source, stream.entity, words) from None
    return pl.DataFrame(read)


def _moves(page: Page, stream: Stream, portal: Portal) -> Page:
    records = _table(page, HISTORY, stream, portal).unnest("propertiesWithHistory")
    moves = [
        records.select("id", "updatedAt", pl.lit(name).alias("property"), pl.col(name).alias("move"))
        .filter(pl.col("move").list.len() > 0)
        .explode("move")
        .unnest("move")
        for name in FOLLOWED
    ]
    return _page(
        pl.concat(moves).select(
            # Of a long history only the newest moves come: earlier ones that were read before must stay.
            pl.concat_str("id", "property", "timestamp", pl.col("value").fill_null(""), separator=":").alias("id"),
            pl.col("id").alias("dealId"),
            "property",
            "value",
            "timestamp",
            "sourceType",
            "updatedAt",
        )
    )


def _pairs(table: pl.DataFrame) -> pl.DataFrame:
    kinds = pl.col("to").struct.field("associationTypes")
    return (
        table.select(pl.col("from").struct.field("id").alias("fromId"), "to")
        .explode("to")
        .filter(pl.col("to").is_not_null())
        .select(
            "fromId",
            pl.col("to").struct.field("toObjectId").cast(pl.String).alias("toId"),
            kinds.list.eval(pl.element().struct.field("typeId").cast(pl.String)).list.join(";").alias("typeIds"),
            kinds.list.eval(pl.element().struct.field("label")).list.contains("Primary").alias("isPrimary"),
        )
    )


def _further(table: pl.DataFrame) -> list[dict[str, str]]:
    """Records with more associations than came in one answer, and where theirs go on."""
    after = pl.col("paging").struct.field("next").struct.field("after")
    told = table.select(pl.col("from").struct.field("id").alias("id"), after.alias("after"))
    return told.filter(pl.col("after").is_not_null()).to_dicts()


def _together(records: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    joined = records.rename({"id": "fromId"}).join(pairs, on="fromId", how="left", maintain_order="left")
    return joined.with_columns(
        pl.concat_str("fromId", pl.col("toId").fill_null(""), separator=":").alias("id"),
    )


def _page(rows: pl.DataFrame) -> Page:
    lines: list[Any] = rows.write_ndjson().encode().split(b"\n")
    return Page([line for line in lines if line])
