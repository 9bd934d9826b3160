"""A small published warehouse with figures one can add up by hand, made by the contract of the marts."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import small_accounts
import yaml

ROOT = Path(__file__).parents[1]
MARTS = sorted((ROOT / "dbt_project/models/marts").rglob("_*.yml"))
CANONICAL = sorted((ROOT / "dbt_project/models/canonical").glob("_*.yml"))
AS_OF = date(2026, 11, 21)
FORMULA = '=HYPERLINK("http://example.invalid","Alfa")'
ENTITIES = {
    "salesforce": ("accounts", "leads", "deals", "quotes"),
    "business_central": (
        "accounts", "orders", "order_lines", "shipments", "shipment_lines", "invoices", "invoice_lines",
        "cost_entries", "payments",
    ),
}  # fmt: skip
TEST_RESULTS = "test varchar, model varchar, column_name varchar, sentence varchar, status varchar, failures bigint"
COVERAGE = "source varchar, entity varchar, is_fed boolean, rows_counted bigint, since_date date, reason varchar"
MEASURE = (
    "measure", "mart", "label", "description", "expression", "numerator", "denominator", "filter", "unit", "exclusions",
    "owner", "tests",
)  # fmt: skip

FIRST_DAYS = ("lead_created_date", "deal_created_date", "first_ordered_date", "first_invoiced_date")

# customer, segment, month, revenue, cost; a cost nobody knows is None.
SALES = [
    ("alfa", "Alfa Parts", "Chain", date(2026, 10, 1), 1000, 600),
    ("alfa", "Alfa Parts", "Chain", date(2026, 9, 1), 800, 500),
    ("beta", "Beta Garage", "Workshop", date(2026, 10, 1), 500, 650),
    ("gamma", "Gamma Fleet", "Fleet", date(2026, 10, 1), 200, None),
    ("delta", FORMULA, "Workshop", date(2026, 10, 1), 110, 100),
]


def marts() -> list[dict]:
    """Every mart as its YAML describes it."""
    return _described(*MARTS)


@cache
def _described(*paths: Path) -> list[dict]:
    """The models of these files; they are read once a process, by the parser that is compiled where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [model for path in paths for model in yaml.load(path.read_text(), loader).get("models", [])]


def publish(
    data_dir: Path, sources=("salesforce", "business_central"), number: int = 1, revenue: int = 0, more=()
) -> Path:
    """A new generation with these sources, and the pointer on it. `revenue` is added to the first sale.

    `more` are rows of a test's own: pairs of a table and its columns' values.
    """
    folder = data_dir / "generations" / f"{number:06d}-20261121T060000Z"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.begin()  # one for all: a thousand small ones take a second longer
        con.execute("create schema canonical; create schema marts")
        models = marts()
        for model in models:
            columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
            con.execute(f"create table marts.{model['name']} ({columns})")
        con.execute(f"create table marts.measures ({', '.join(f'{name} varchar' for name in MEASURE)})")
        con.execute(f"create table marts.test_results ({TEST_RESULTS})")
        con.execute(f"create table canonical.coverage ({COVERAGE})")
        for model in _described(*CANONICAL):
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
            con.execute(f"create table if not exists canonical.{model['name']} ({columns})")
        for table, row in map(started, (*rows(sources, revenue, models), *more)):
            names, values = ", ".join(row), ", ".join("?" * len(row))
            con.execute(" ".join(("insert into", table, "(", names, ") values (", values, ")")), list(row.values()))
        con.execute(f"insert into marts.profitability_sums by name {sums()}")
        con.commit()
    point(data_dir, folder)
    return folder


@cache
def sums() -> str:
    """The statement that sums the lines by month, as dbt runs it."""
    lines = "(select * replace (date_trunc('month', posted_date)::date as posted_month) from marts.profitability_lines)"
    model = next(ROOT.glob("dbt_project/models/marts/**/profitability_sums.sql"))
    return model.read_text().replace("{{ ref('profitability_lines') }}", lines)


def started(made: tuple[str, dict]) -> tuple[str, dict]:
    """A row of the way from lead to cash starts on the first day that it has."""
    table, row = made
    days = [row[name] for name in FIRST_DAYS if row.get(name)]
    return (table, {"started_date": days[0]} | row) if table == "marts.funnel_to_cash" and days else made


def point(data_dir: Path, folder: Path) -> None:
    """Swaps the pointer by one rename, as publishing does."""
    fresh = data_dir / ".pointer"
    fresh.symlink_to(folder.relative_to(data_dir))
    fresh.rename(data_dir / "current")
    if not (data_dir / "warehouse.duckdb").is_symlink():
        (data_dir / "warehouse.duckdb").symlink_to("current/warehouse.duckdb")


def log(data_dir: Path, **line) -> None:
    with (data_dir / "attempts.jsonl").open("a") as file:
        file.write(json.dumps({"started_at": "2026-11-21T06:00:00Z", "as_of": "2026-11-21"} | line) + "\n")


def rows(sources, revenue: int, models: list[dict]):
    """Every row of every table, for the sources that are on."""
    loaded = datetime(2026, 11, 21, 6, 2)
    refresh = {"refresh_id": "000001-20261121T060000Z", "outcome": "published", "exit_code": 0, "as_of": AS_OF}
    yield "marts.refreshes", refresh | {"started_at": loaded, "ended_at": loaded}
    for sentence, status in (("Every order number is unique.", "pass"), ("Cost agrees with the ledger.", "warn")):
        yield "marts.test_results", {"test": sentence[:5], "model": "m", "sentence": sentence, "status": status}
    for model in models:
        for measure in model.get("config", {}).get("meta", {}).get("measures", []):
            known = {name: text(measure.get(name)) for name in MEASURE if name in measure}
            yield "marts.measures", {"measure": measure["name"], "mart": model["name"]} | known
    for source in sources:
        state = {"source": source, "system": source, "state": "loaded", "rows_loaded": 10, "requests": 2, "seconds": 1}
        yield "marts.source_loads", state | {"loaded_at": loaded, "data_as_of": loaded}
        for entity in sorted({entity for known in ENTITIES.values() for entity in known}):
            yield "canonical.coverage", {"source": source, "entity": entity, "is_fed": entity in ENTITIES[source]}
    yield from small_accounts.rows(sources)
    if "business_central" in sources:
        yield from sales(revenue)
        yield from orders()
        yield "marts.reconciliation", check("ledger_revenue", True) | {"difference": 0}
        yield "marts.reconciliation", check("ledger_cost", False) | {"difference": 5}
        yield "marts.funnel_to_cash", order_without_deal()
    if "salesforce" in sources:
        yield from funnel("business_central" in sources)


def text(value) -> str | None:
    return ", ".join(value) if isinstance(value, list) else value


def sales(added: int):
    for at, (key, name, segment, month, revenue, cost) in enumerate(SALES):
        sold = revenue + (added if at == 0 else 0)
        known = None if cost is None else sold - cost
        who = {"customer_key": key, "customer_name": name, "reporting_currency_code": "PLN", "owner_name": "Anna"}
        amounts = {"revenue_amount": sold, "cost_amount": cost, "cm1_amount": known, "discount_amount": 10}
        amounts["revenue_with_cost_amount"] = None if cost is None else sold
        without = {"revenue_without_cost_amount": sold if cost is None else 0, "lines_missing_cost": int(cost is None)}
        row = {"customer_profitability_key": f"{key}:{month}", "segment": segment, "month": month, "lines_counted": 1}
        yield "marts.customer_profitability", row | who | amounts | without
        line = {"profitability_line_key": f"line{at}", "line_kind": "invoice_line", "invoice_number": f"FV-{at}"}
        line |= {"source": "business_central", "posted_date": month, "source_url": f"https://erp.invalid/FV-{at}"}
        line |= {"ladder_step": "revenue", "posted_month": month}
        line |= {
            "account_key": f"business_central:{key}",
            "invoice_kind": "invoice",
            "exchange_rate_source": "same",
            "is_cost_missing": cost is None,
            "has_contribution": cost is not None,
        }
        yield "marts.profitability_lines", line | who | amounts | {"document_amount": sold, "currency_code": "PLN"}


def orders():
    """Thirty orders of October shipped in 1 to 30 days, three open ones, one cancelled, one that cannot be."""
    for at in range(30):
        shipped = {"shipped_in_full_date": date(2026, 10, 31), "days_order_to_ship": at + 1, "days_to_ship": at + 1}
        shipped |= {"fulfilled_date": date(2026, 10, 31), "gross_days": at + 1, "has_rework": at < 6}
        kept = {"is_in_full_on_first_promised": at < 24, "is_in_full_on_promised": at < 27}
        yield "marts.order_cycle_time", order(at, "payment", date(2026, 10, 1)) | shipped | kept
        line = {"order_line_key": f"o{at}:1", "order_key": f"o{at}", "product_name": "Brake disc", "quantity": 2}
        yield "marts.order_line_promises", line | {"order_number": f"SO-{at}", "quantity_shipped": 2}
    for at in range(30, 33):
        open_one = {"is_open": True, "open_days": 40}
        yield "marts.order_cycle_time", order(at, "shipment", date(2026, 10, 12)) | open_one
    yield "marts.order_cycle_time", order(33, "cancelled", date(2026, 10, 3)) | {"is_cancelled": True}
    wrong = {"shipped_in_full_date": date(2026, 10, 2), "has_impossible_dates": True, "days_order_to_ship": -3}
    wrong |= {"fulfilled_date": date(2026, 10, 2), "gross_days": -3}
    yield "marts.order_cycle_time", order(34, "completed", date(2026, 10, 5)) | wrong


def order(at: int, stage: str, ordered: date) -> dict:
    who = {"customer_key": "alfa", "customer_name": "Alfa Parts", "owner_name": "Anna", "channel": "web"}
    flags = {"is_open": False, "is_cancelled": False, "has_impossible_dates": False, "current_stage": stage}
    row = {"order_key": f"o{at}", "order_number": f"SO-{at}", "source": "business_central", "ordered_date": ordered}
    return row | who | flags | {"order_amount": 100, "source_url": f"https://erp.invalid/SO-{at}"}


def funnel(with_erp: bool):
    """Ten deals of 100: four lost, six won; with an ERP five of them ordered, four invoiced, three paid."""
    for at in range(10):
        won, ordered, invoiced, paid = at < 6, with_erp and at < 5, with_erp and at < 4, with_erp and at < 3
        bucket = (
            "lost_deal" if not won else "won_deal" if not with_erp else "won_ordered" if ordered else "won_not_ordered"
        )
        who = {"customer_name": "Alfa Parts", "owner_name": "Anna", "channel": "web", "reporting_currency_code": "PLN"}
        row = {"anchor_key": f"deal:{at}", "anchor_kind": "deal", "anchor_name": f"Deal {at}", "deal_key": f"{at}"}
        row |= {"bucket": bucket, "is_won": won, "is_closed": True, "is_excluded": False, "lead_key": f"lead{at}"}
        row |= {"deal_amount": 100, "won_amount": 100 if won else None, "deal_created_date": date(2026, 3, 1)}
        row |= {"lead_created_date": date(2026, 2, 1), "source_url": f"https://crm.invalid/{at}"}
        if with_erp:
            row |= {"orders_counted": int(ordered), "invoices_counted": int(invoiced), "cancelled_amount": 0}
            row |= {"ordered_amount": 100 * ordered, "invoiced_amount": 100 * invoiced, "credited_amount": 0}
            row |= {"collected_amount": 100 * paid, "written_off_amount": 0, "overdue_amount": 0}
            row |= {"open_amount": 100 * (invoiced - paid), "days_lead_to_cash": 90 if paid else None}
        yield "marts.funnel_to_cash", row | who
        if won and with_erp:
            step = "cash" if paid else "not_due" if invoiced else "not_invoiced" if ordered else "not_ordered"
            yield "marts.funnel_leakage_deals", leaked(at, step) | who


def leaked(at: int, step: str) -> dict:
    """Where all of the 100 of a won deal stands."""
    place = {"not_ordered": 2, "not_invoiced": 5, "not_due": 10, "cash": 14}[step]
    row = {"funnel_leakage_deal_key": f"{at} {step}", "deal_key": f"{at}", "step": step, "step_place": place}
    row |= {"amount": 100, "won_amount": 100, "is_main_step": True, "won_month": date(2026, 4, 1)}
    return row | {"lead_created_date": date(2026, 2, 1), "deal_created_date": date(2026, 3, 1)}


def order_without_deal() -> dict:
    row = {"anchor_key": "order:1", "anchor_kind": "order", "anchor_name": "SO-99", "bucket": "order_without_deal"}
    row |= {"is_won": False, "is_closed": False, "is_excluded": False, "customer_name": "Beta Garage"}
    row |= {"reporting_currency_code": "PLN", "first_ordered_date": date(2026, 4, 1), "orders_counted": 1}
    row |= {"ordered_amount": 50, "cancelled_amount": 0, "invoiced_amount": 30, "invoices_counted": 1}
    return row | {"credited_amount": 0, "collected_amount": 10, "open_amount": 20, "overdue_amount": 20}


def check(code: str, is_ok: bool) -> dict:
    row = {"reconciliation_key": code, "check_code": code, "source": "business_central", "entity": "invoice_lines"}
    return row | {"left_amount": 100, "right_amount": 100, "tolerance": 1, "is_ok": is_ok, "is_gate": False}
