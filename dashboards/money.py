"""Money in a currency that the reader chose: which columns are money, and what they are multiplied with.

The marts hold money in the reporting currency. Where a reader asks for another one, the columns that hold it are
multiplied in the statement itself, by the one rate of the day of the data: sums, tables and files follow, ratios stay.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import streamlit as st

CHOSEN = "money"
# A share of a cent that sums of a million rows do not lose.
EXACT = "decimal(28, 8)"
# Amounts in the currency of the row, beside those whose name says that they are the document's own. The descriptions of
# the marts declare them (`meta: {currency: own}`); a row names its currency itself.
OWN = {
    "credit_exposure": (
        "open_invoices_amount", "open_credit_amount", "advances_amount", "shipped_amount", "ordered_amount",
        "exposure_amount", "insured_amount", "credit_limit_amount",
    ),
    "exceptions": ("amount",),
    "exchange_differences": ("amount",),
    "invoice_values": ("net_amount", "gross_amount"),
    "order_milestones": ("lines_cancelled_amount", "lines_undelivered_amount"),
    "receivable_balances": ("open_amount",),
    "receivables": ("gross_amount", "settled_amount", "open_amount"),
    "reconciliation": ("left_amount", "right_amount"),
    "settlements": ("amount", "net_amount"),
}  # fmt: skip
# Money times days: what is divided by money again must have been the same money.
WEIGHED = {"paid_amount_days"}


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth in the reporting currency, by whom and of which day."""

    currency: str
    value: Decimal
    source: str
    day: date

    @property
    def factor(self) -> float:
        return 1 / float(self.value)


_settled: ContextVar[tuple[Rate | None] | None] = ContextVar("settled", default=None)


def chosen() -> Rate | None:
    """The rate this reader's money is shown at; none where it is shown as it is reported."""
    known = _settled.get()
    return st.session_state.get(CHOSEN) if known is None else known[0]


def settle(rate: Rate | None) -> None:
    """The rate of this run: it has a thread of its own, in which each statement asks."""
    st.session_state[CHOSEN] = rate
    _settled.set((rate,))


def is_reported(table: str, column: str) -> bool:
    """Whether a column of a mart is money in the reporting currency."""
    schema, _, mart = table.rpartition(".")
    if schema not in ("", "marts") or column in OWN.get(mart, ()):
        return False
    if "document" in column and not column.endswith("_reporting_amount"):
        return False
    return column == "amount" or column.endswith("_amount") or column in WEIGHED


def exchanged(table: str, columns: dict[str, str]) -> tuple[dict[str, str], list[float]]:
    """What stands in a statement for each money column of a table, and the values it needs, in their order."""
    rate = chosen()
    if rate is None:
        return {}, []
    names = [name for name, kind in columns.items() if is_reported(table, name) and kind.startswith("DECIMAL")]
    return {name: f'cast("{name}" * cast(? as double) as {EXACT})' for name in names}, [rate.factor] * len(names)
