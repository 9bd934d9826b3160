"""What is read of Tryton, with every column and its type."""

from typing import Any

from pipelines.extraction import Personal, Stream, columns

# write_date is empty until a record's first change: both together tell when it was last written.
CHANGED = "changed_at"
HISTORY = "opportunity_stages"


def _changing(name: str, entity: str, **declared: Any) -> Stream:
    """Records that tell when they were written; what is deleted is gone without a sign."""
    told = {kind: declared.pop(kind) for kind in ("text", "decimal", "bool", "date") if kind in declared}
    return Stream(
        name,
        entity,
        cursor=CHANGED,
        swept=True,
        columns=columns(int=f"id {declared.pop('int', '')}", timestamp=f"create_date {CHANGED}", **told),
        **declared,
    )


def _whole(name: str, entity: str, **declared: Any) -> Stream:
    """Records that change with others, without being written themselves: all are read each time."""
    settings = {name: declared.pop(name) for name in ("optional", "personal") if name in declared}
    return Stream(name, entity, swept=True, columns=columns(**declared), **settings)


STREAMS = [
    _changing("parties", "party.party", text="name code", int="replaced_by", personal=Personal(names="name")),
    _changing(
        "addresses",
        "party.address",
        text="street city postal_code country.code subdivision.name",
        int="party sequence",
        personal=Personal(private="street postal_code", belongs="party parties"),
    ),
    _changing(
        "contact_mechanisms",
        "party.contact_mechanism",
        text="type value",
        int="party sequence",
        personal=Personal(contacts="value", belongs="party parties"),
    ),
    _changing(
        "identifiers",
        "party.identifier",
        text="type code",
        int="party sequence",
        personal=Personal(contacts="code", belongs="party parties"),
    ),
    _whole(
        "employees",
        "company.employee",
        int="id party.id supervisor",
        text="party.name",
        date="start_date end_date",
        personal=Personal(names="party_name"),
    ),
    # Prices and costs are values of a company, kept apart from the product.
    _whole(
        "products",
        "product.product",
        int="id",
        text="code name type default_uom.symbol account_category.name",
        decimal="cost_price list_price_used",
    ),
    _whole("warehouses", "stock.location", int="id address", text="name code"),
    _whole(
        "carriers",
        "carrier",
        optional=True,
        int="id carrier_product",
        text="party.name",
        personal=Personal(names="party_name"),
    ),
    _changing(
        "opportunities",
        "sale.opportunity",
        optional=True,
        text="number reference description state lost_reason currency.code",
        int="party employee",
        decimal="amount conversion_probability",
        date="start_date end_date",
        personal=Personal(texts="description", mentions="lost_reason reference", belongs="party parties"),
    ),
    # Read by stage_history.py, which keeps itself what it has read.
    Stream(
        HISTORY,
        "sale.opportunity/history_revisions",
        parent="deal_id",
        optional=True,
        columns=columns(text="id stage_name method", int="deal_id position stage_id", timestamp="entered_at"),
    ),
    _changing(
        "opportunity_lines",
        "sale.opportunity.line",
        optional=True,
        text="description unit.symbol",
        int="opportunity product",
        decimal="quantity",
        personal=Personal(mentions="description"),
    ),
    _changing(
        "sales",
        "sale.sale",
        text="number reference state origin currency.code invoice_state shipment_state",
        int="party invoice_party warehouse",
        decimal="untaxed_amount total_amount",
        date="quotation_date sale_date shipping_date",
        personal=Personal(mentions="reference"),
    ),
    _changing(
        "sale_lines",
        "sale.line",
        text="type unit.symbol",
        int="sale product sequence",
        decimal="quantity unit_price amount",
    ),
    _changing(
        "shipments",
        "stock.shipment.out",
        text="number state cost_currency_used.code",
        int="customer warehouse carrier",
        decimal="cost_used",
        date="planned_date effective_date",
    ),
    _changing(
        "shipment_returns",
        "stock.shipment.out.return",
        text="number state",
        int="customer warehouse",
        date="planned_date effective_date",
    ),
    _changing(
        "stock_moves",
        "stock.move",
        text="shipment origin state from_location.type to_location.type unit.symbol",
        int="product",
        decimal="quantity internal_quantity cost_price",
        date="planned_date origin_planned_date effective_date",
    ),
    _changing(
        "invoices",
        "account.invoice",
        text="number state reference currency.code",
        int="party move cancel_move",
        decimal="untaxed_amount tax_amount total_amount",
        date="invoice_date",
        personal=Personal(mentions="reference"),
    ),
    _changing(
        "invoice_lines",
        "account.invoice.line",
        text="type origin unit.symbol",
        int="invoice product sequence",
        decimal="quantity amount",
    ),
    # Which goods an invoice line is for, and which lines of the journal pay an invoice.
    _changing("invoice_line_moves", "account.invoice.line-stock.move", optional=True, int="invoice_line stock_move"),
    _changing("invoice_payments", "account.invoice-account.move.line", int="invoice line"),
    _changing("ledger_accounts", "account.account", text="code name", bool="type.receivable type.revenue"),
    _changing("ledger_moves", "account.move", text="number state origin journal.type", date="date"),
    _changing(
        "ledger_lines",
        "account.move.line",
        text="second_currency.code",
        int="move account party reconciliation",
        decimal="debit credit amount_second_currency",
        date="maturity_date",
    ),
    _changing(
        "complaints",
        "sale.complaint",
        optional=True,
        text="number reference state origin type.name",
        int="customer",
        date="date",
        personal=Personal(mentions="reference"),
    ),
]

# The way from a record to its company; what is not here belongs to all companies.
COMPANY_OF = {
    "company.employee": "company",
    "sale.opportunity": "company",
    "sale.opportunity.line": "opportunity.company",
    "sale.sale": "company",
    "sale.line": "sale.company",
    "stock.shipment.out": "company",
    "stock.shipment.out.return": "company",
    "stock.move": "company",
    "account.invoice": "company",
    "account.invoice.line": "invoice.company",
    "account.invoice.line-stock.move": "invoice_line.invoice.company",
    "account.invoice-account.move.line": "invoice.company",
    "account.account": "company",
    "account.move": "company",
    "account.move.line": "move.company",
    "sale.complaint": "company",
}
# Of these only the rows that lead from a customer to cash.
NARROWED: dict[str, list[Any]] = {
    "stock.location": [["type", "=", "warehouse"]],
    "stock.move": [["OR", ["from_location.type", "=", "customer"], ["to_location.type", "=", "customer"]]],
    "account.invoice": [["type", "=", "out"]],
    "account.invoice.line": [["invoice.type", "=", "out"]],
    "account.invoice.line-stock.move": [["invoice_line.invoice.type", "=", "out"]],
    "account.invoice-account.move.line": [["invoice.type", "=", "out"]],
    "account.account": [["OR", ["type.receivable", "=", True], ["type.revenue", "=", True]]],
    "account.move.line": [["OR", ["account.type.receivable", "=", True], ["account.type.revenue", "=", True]]],
}
