"""S/4HANA as a test meets it: small records, each row told apart by its number, and where it gets into trouble."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.sources.s4hana.streams import STREAMS as DECLARED
from pipelines.streams import Stream

STREAMS, ENTITY, TABLE, KEY = "customers products", "A_Customer", "customers", "customer"
START = datetime(2026, 1, 5)
KINDS = {"decimal": pl.Decimal(18, 3), "date": pl.Datetime("us", "UTC"), "timestamp": pl.Datetime("us", "UTC")}
NUMBERS = {
    "SalesOrder": 4000000,
    "DeliveryDocument": 80000000,
    "BillingDocument": 90000000,
    "AccountingDocument": 1400000000,
    "Customer": 10100,
    "BusinessPartner": 10100,
}


def value(column: str, kind: str, number: int) -> Any:
    if column in NUMBERS:
        return str(NUMBERS[column] + number)
    made = {
        "text": f"{column} {number}",
        "decimal": Decimal(number) + Decimal("0.25"),
        "bool": False,
        "date": START + timedelta(days=number),
        "timestamp": START + timedelta(minutes=number),
    }
    return made[kind]


def frame(stream: Stream, rows: int) -> pl.DataFrame:
    """A set of so many rows; items 10, 20 … of one document a row."""
    own = [column for column in stream.columns if not column.of]
    return pl.DataFrame(
        {column.field: [value(column.field, column.type, number) for number in range(rows)] for column in own},
        schema={column.field: KINDS.get(column.type, pl.Boolean if column.type == "bool" else pl.String)
                for column in own},
    )  # fmt: skip


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    found: dict[str, pl.DataFrame] = {}
    for stream in [one for each in DECLARED for one in (each, each.lines) if one]:
        made = frame(stream, rows)
        before = found.get(stream.entity)
        found[stream.entity] = made if before is None or before.width < made.width else before
    items = {"A_SalesOrderItem": "SalesOrderItem", "A_SalesOrderScheduleLine": "SalesOrderItem"}
    for entity, item in items.items():
        found[entity] = found[entity].with_columns(pl.lit("10").alias(item))
    partners = found["A_SalesOrderHeaderPartner"].with_columns(PartnerFunction=pl.lit("VE"))
    ledger = found["A_OperationalAcctgDocItemCube"].with_columns(FinancialAccountType=pl.lit("D"))
    return found | {"A_SalesOrderHeaderPartner": partners, "A_OperationalAcctgDocItemCube": ledger}


def of(**fields: Any) -> pl.DataFrame:
    """A set of records: days as days, money exact, whatever is no list the same in each."""
    height = max((len(given) for given in fields.values() if isinstance(given, list)), default=1)
    made = {name: given if isinstance(given, list) else [given] * height for name, given in fields.items()}
    frame = pl.DataFrame(made, strict=False)
    days = [name for name, kind in frame.schema.items() if kind.is_temporal()]
    return frame.with_columns(pl.col(days).dt.replace_time_zone("UTC")) if days else frame
