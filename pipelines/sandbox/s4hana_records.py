"""S/4HANA's records as OData V2 writes them: ticks for times, text for decimals, items within their documents."""

from collections.abc import Iterable

import polars as pl

from pipelines.sandbox.tables import Records

SYSTEM = "s4hana"
# The set that a navigation leads to, and the fields that both sides share.
CHILDREN = {
    ("A_SalesOrder", "to_Item"): ("A_SalesOrderItem", ["SalesOrder"]),
    ("A_SalesOrderItem", "to_ScheduleLine"): ("A_SalesOrderScheduleLine", ["SalesOrder", "SalesOrderItem"]),
    ("A_OutbDeliveryHeader", "to_DeliveryDocumentItem"): ("A_OutbDeliveryItem", ["DeliveryDocument"]),
    ("A_BillingDocument", "to_Item"): ("A_BillingDocumentItem", ["BillingDocument"]),
}


def wired(frame: pl.DataFrame) -> pl.DataFrame:
    """A moment with a zone is a DateTimeOffset and says that it has none to add; a day is a DateTime."""
    made = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind.is_temporal():
            zone = "+0000" if name.endswith("DateTime") else ""
            ticks = column.dt.replace_time_zone(None).dt.epoch("ms").cast(pl.String)
            made.append(("/Date(" + ticks + f"{zone})/").alias(name))
        elif kind.is_decimal():
            made.append(column.cast(pl.String))
    return frame.with_columns(made)


def expanded(records: Records, rows: pl.DataFrame, entity: str, paths: Iterable[str]) -> pl.DataFrame:
    """The rows with what they lead to, as far as the paths go."""
    steps: dict[str, list[str]] = {}
    for path in paths:
        step, _, rest = path.partition("/")
        steps.setdefault(step, []).extend([rest] if rest else [])
    for step, further in steps.items():
        child, keys = CHILDREN[entity, step]
        table = records.table(SYSTEM, child)
        lines = expanded(records, wired(table.frame.select(table.fields)), child, further)
        nested = lines.group_by(keys, maintain_order=True).agg(pl.struct(lines.columns).alias("$lines"))
        joined = rows.join(nested, on=keys, how="left", maintain_order="left")
        some = pl.col("$lines").fill_null(pl.lit([], dtype=nested.schema["$lines"]))
        rows = joined.with_columns(pl.struct(some.alias("results")).alias(step)).drop("$lines")
    return rows
