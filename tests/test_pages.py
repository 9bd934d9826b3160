"""Pages show what the warehouse says, say why when it says nothing, and let nobody else in."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
import small_warehouse as small

from dashboards import export, facts, formats, generation, ladders, periods, tables, tiles, warehouse, words
from dashboards.warehouse import Filter
from tests.paged import figures, page, said, table

ROOT = Path(__file__).parents[1]
PAGES = ("overview", "customer_profitability", "order_cycle_time", "funnel_to_cash", "trust", "who_is_who")
INJECTIONS = (
    "x' or 1=1 --",
    "x' or '1'='1",
    '" or ""="',
    "'; drop table marts.measures; --",
    "x' union select * from marts.profitability_lines --",
    "x') or (select count(*) from read_text('/etc/passwd')) > 0 --",
    "%", "_", "$1", "?", "{0}", "\\", "null", "' || customer_key || '", "ą'ż",
)  # fmt: skip
DENIED = (
    "select * from read_text('/etc/passwd')",
    "select * from glob('/etc/*')",
    "copy marts.measures to '/tmp/measures.csv'",
    "copy marts.measures to '/dev/stdout'",
    "export database '/tmp/all'",
    "attach '/tmp/other.duckdb'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set threads = 8",
    "create table marts.mine as select 1",
    "delete from marts.measures",
    "drop table marts.measures",
    "select * from secret_frame",
)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_draws(published, name):
    app = page(name)
    assert not app.error and not app.exception
    # The small warehouse has no receivables and no day on which a deal was closed: half of the overview is no figure.
    assert len(app.metric) >= (3 if name == "overview" else 5)
    assert "Data as of: Business Central 21 Nov 2026 06:02" in said(app)
    assert "1 test passed · 1 warning" in said(app)


def test_figures_are_those_one_can_add_up_by_hand(published):
    app = page("customer_profitability")
    earns = figures(app)
    assert "Revenue **1.81K PLN** · contribution after goods (CM1) **260 PLN**, **16.1%** of the revenue" in said(app)
    assert earns["Losses, CM1"] == "150 PLN"
    assert earns["Profitable, CM1"] == "66.7%", "who has no known cost is in neither number"
    waits = figures(page("order_cycle_time"))
    assert waits["Order cycle, median"] == "15.5 days"
    assert waits["On time in full"] == "80.0%"
    assert waits["Open beyond P90"] == "3"
    leaks = figures(page("funnel_to_cash"))
    assert leaks["Leads that became cash"] == "30.0%"
    assert leaks["Win rate by value"] == "60.0%"
    assert leaks["Won, not ordered"] == "100 PLN"
    assert leaks["Ordered, not invoiced"] == "120 PLN"
    assert leaks["Invoiced, not paid"] == "120 PLN"


def test_a_sentence_says_what_the_chart_shows(published):
    assert "The best 2 of 3 customers make **158%**" in said(page("customer_profitability"))
    assert "80 % within **24 days**" in said(page("order_cycle_time"))
    assert "Of **600 PLN** won, **300 PLN** (50.0%) is cash." in said(page("funnel_to_cash"))


def test_what_leaks_between_won_and_cash_sums_to_the_cash(published):
    ladder = ladders.leakage([])
    assert ladder["value"][:-1].sum() == ladder["value"][-1] == 300
    assert ladder["key"].to_list() == ["won", "not_ordered", "not_invoiced", "not_due", "cash"]


def test_a_period_is_never_silently_half_full():
    day = date(2026, 11, 21)
    month, open_month = periods.resolve("last_month", day), periods.resolve("this_month", day)
    assert (month.start, month.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert periods.resolve("last_month", date(2026, 11, 30)) == month, "the last day of a month still moves"
    assert open_month.is_open and open_month.days == periods.compared(open_month, "previous").days == 21
    assert periods.compared(month, "previous") == periods.Period(date(2026, 9, 1), date(2026, 9, 30))
    assert periods.compared(month, "last_year") == periods.Period(date(2025, 10, 1), date(2025, 10, 31))
    march = periods.Period(date(2026, 3, 1), date(2026, 3, 31), is_open=True)
    assert periods.compared(march, "previous").end == date(2026, 2, 28)
    assert periods.resolve("last_12_months", day).months == 12
    assert periods.resolve("last_quarter", day).end == date(2026, 9, 30)


def test_filters_change_the_figures(published):
    app = page("customer_profitability")
    app.multiselect(key="only-segment").set_value(["Workshop"]).run()
    assert "Revenue **610 PLN**" in said(app)
    app.selectbox(key="period").set_value("last_12_months").run()
    app.multiselect(key="only-segment").set_value([]).run()
    assert "Revenue **2.61K PLN**" in said(app)


def test_the_same_figure_on_tile_table_and_export(published):
    app = page("customer_profitability", customer="alfa")
    tile = next(metric for metric in app.metric if metric.label == "Revenue net")
    shown = table(app, "invoice_number")["revenue_amount"].sum()
    own = [Filter("month", "=", small.SALES[0][3]), Filter("customer_key", "=", "alfa")]
    frame = warehouse.measure("revenue", {"customer_name": "customer_name"}, own)
    exported = pl.read_csv(export.to_csv(tables.headed(frame, ["customer_name", "revenue"])))["Revenue, PLN"].sum()
    assert tile.help.startswith("**1,000.00 PLN**")
    assert shown == exported == 1000


def test_a_customer_in_the_address_leads_to_documents(published):
    app = page("customer_profitability", customer="alfa")
    lines = table(app, "invoice_number")
    assert lines["invoice_number"].to_list() == ["FV-0"]
    assert lines["source_url"].to_list() == ["https://erp.invalid/FV-0"]
    assert any("Alfa Parts" in text.value for text in app.markdown)
    app.button(key="drill-clear").click().run()
    assert "customer" not in app.query_params


def test_a_stage_in_the_address_leads_to_its_orders(published):
    assert table(page("order_cycle_time", stage="shipment"), "order_number").height == 3
    one = page("order_cycle_time", order_key="o4")
    assert table(one, "product_name")["product_name"].to_list() == ["Brake disc"]


def test_a_step_in_the_address_leads_to_its_deals(published):
    assert table(page("funnel_to_cash", step="not_ordered"), "anchor_name")["anchor_name"].to_list() == ["Deal 5"]
    assert table(page("funnel_to_cash", bucket="lost_deal"), "anchor_name").height == 4


def test_impossible_dates_are_counted_and_in_no_duration(published):
    app = page("order_cycle_time")
    assert "1 order has dates that cannot be" in said(app)
    app.button(key="impossible").click().run()
    assert table(app, "order_number")["order_number"].to_list() == ["SO-34"]


def test_before_the_first_refresh_a_page_says_what_to_run(data_dir):
    app = page("trust")
    assert "no refresh has published anything" in said(app)
    assert [code.value for code in app.code] == ["make refresh"]


@pytest.mark.parametrize("sources", [(), ("salesforce",), ("business_central",)])
def test_what_is_not_connected_is_said_and_never_a_nought(data_dir, sources):
    small.publish(data_dir, sources)
    for name in PAGES:
        app = page(name)
        assert not app.error and not app.exception
        for label, value in figures(app).items():
            is_count = name == "trust" or label == "Decisions waiting"
            assert is_count or value not in ("0", "0 PLN", "0.0%", "100.0%"), f"{name}: {label} is {value}"
    funnel = said(page("funnel_to_cash"))
    if sources == ("salesforce",):
        assert "because no connected system delivers orders" in funnel
        assert "**invoices, invoice lines**" in said(page("customer_profitability"))
    if sources == ("business_central",):
        assert "because no connected system delivers deals" in funnel


def test_a_period_without_rows_says_so_and_offers_a_wider_one(published):
    app = page("customer_profitability")
    app.selectbox(key="period").set_value("this_month").run()
    assert "No rows in" in said(app)
    app.button(key="widen").click().run()
    assert "Revenue **2.61K PLN**" in said(app)


def test_the_last_attempt_is_shown_when_it_failed(published):
    small.log(published, refresh_id="2", outcome="gate_failed", exit_code=6, failed_step="audit", reason="Cost is off.")
    assert "did not end well" in said(page("trust")) and "Cost is off" in said(page("trust"))
    small.log(published, refresh_id="3", outcome="published", exit_code=0)
    assert "did not end well" not in said(page("trust"))


def test_an_error_is_a_sentence_with_a_number_never_a_trace(published, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret path /srv/x")

    monkeypatch.setattr(facts, "tests", broken)
    app = page("trust")
    assert re.search(r"reference number is \*\*[0-9a-f]{8}\*\*", said(app))
    assert "secret path" not in said(app) and not app.exception
    assert "secret path" in caplog.text
    assert 'showErrorDetails = "none"' in (ROOT / ".streamlit/config.toml").read_text()


def test_a_reader_moves_on_when_the_pointer_moves(published):
    first = warehouse.figure("revenue")
    old = generation.connect(generation.current())
    small.publish(published, number=2, revenue=1000)
    assert warehouse.figure("revenue") == first + 1000
    assert old.sql("select count(*) from marts.measures").fetchall()[0][0] > 0, "a query under way is not cut off"
    assert len(generation._opened) == 1, "the generation before is let go"


@pytest.mark.parametrize("statement", DENIED)
def test_a_page_cannot_leave_the_warehouse(published, statement):
    secret_frame = pl.DataFrame({"a": [1]})
    assert secret_frame.height == 1
    with pytest.raises(duckdb.Error):
        generation.connect(generation.current()).execute(statement)
    assert warehouse.count("measures") > 0


@pytest.mark.parametrize("payload", INJECTIONS)
def test_what_a_reader_types_is_compared_never_run(published, payload):
    for mart in ("customer_profitability", "profitability_lines", "order_cycle_time", "funnel_to_cash", "exceptions"):
        everything = warehouse.rows(mart, limit=1000)
        for column in [name for name, kind in warehouse.columns(mart).items() if kind == "VARCHAR"]:
            literally = everything.filter(pl.col(column) == payload).height
            assert warehouse.count(mart, [Filter(column, "=", payload)]) == literally
            assert warehouse.rows(mart, [Filter(column, "in", (payload,))]).height == literally
    with pytest.raises(warehouse.Unknown):
        warehouse.count("customer_profitability", [Filter(payload, "=", "x")])
    with pytest.raises(warehouse.Unknown):
        warehouse.count("customer_profitability", [Filter("segment", payload, "x")])
    with pytest.raises(warehouse.Unknown):
        warehouse.rows(payload)
    with pytest.raises(warehouse.Unknown):
        warehouse.measure(payload)


@pytest.mark.parametrize(
    "name,key",
    [(PAGES[0], "effect"), (PAGES[1], "customer"), (PAGES[2], "stage"), (PAGES[2], "days"), (PAGES[3], "bucket")],
)
def test_an_address_written_by_a_stranger_breaks_nothing(published, name, key):
    app = page(name, **{key: INJECTIONS[4]})
    assert not app.error and not app.exception
    assert warehouse.count("measures") > 0


def test_formulas_are_harmless_in_csv_and_excel():
    evil = [small.FORMULA, "+1+1", "-2", "@SUM(A1)", "\t=1", "  =1", "＝1", "plain", None]
    frame = pl.DataFrame({"=name": evil, "amount": range(9)})
    back = pl.read_csv(export.to_csv(frame))
    assert back.columns[0].lstrip("\ufeff") == "'=name"
    assert [cell[0] if cell else None for cell in back.to_series(0)] == ["'"] * 7 + ["p", None]
    book = export.to_xlsx(frame, [("=what", "+x")], [("a", "=b")])
    sheets = zipfile.ZipFile(io.BytesIO(book))
    for name in [name for name in sheets.namelist() if name.startswith("xl/worksheets/sheet")]:
        assert b"<f>" not in sheets.read(name), "no cell is a formula"
    assert pl.read_excel(book, sheet_name="data", engine="calamine").to_series(0)[0] == "'" + small.FORMULA


def test_a_csv_file_is_written_the_way_the_reader_s_spreadsheet_reads_it(published):
    frame = pl.DataFrame({"Kwota": [Decimal("1234.50"), None], "Nazwa": ["=x;y", "Żak"]})
    assert export.to_csv(frame, decimal_comma=True).decode("utf-8-sig") == 'Kwota;Nazwa\n1234,50;"\'=x;y"\n;Żak\n'
    assert export.to_csv(frame).decode("utf-8-sig") == "Kwota,Nazwa\n1234.50,'=x;y\n,Żak\n"
    said_so = {}
    for language in words.LOCALES:
        with words.speaking(language):
            said_so[language] = formats.has_decimal_comma()
    assert said_so == {"pl": True, "ru": True, "en": False}


def test_a_name_from_the_data_is_no_markup(published):
    app = page("customer_profitability", customer="delta")
    assert not any("[x](" in text.value for text in app.markdown)
    assert any("\\=" in text.value or "HYPERLINK\\(" in text.value for text in app.markdown)


def test_a_view_defines_no_measure_and_asks_for_known_ones(published):
    known = set(warehouse.catalogue())
    for name in PAGES:
        source = (ROOT / f"dashboards/views/{name}.py").read_text()
        assert not re.search(r"\bselect\b|percentile_cont|duckdb|warehouse\.query", source.replace(".select(", ""))
        for used in re.findall(r'(?:measured|figure)\(\s*"(\w+)"', source):
            assert used in known


def test_every_text_has_its_words():
    for path in sorted((ROOT / "dashboards").rglob("*.py")):
        for code in re.findall(r'words\.text\(\s*"([\w.]+)"', path.read_text()):
            assert words.knows(code), f"{path.name}: {code}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_nothing_that_has_no_words(published, monkeypatch, name):
    told, missing = words.text, set()

    def heard(code, *others, **more):
        if not words.knows(code):
            missing.add(code)
        return told(code, *others, **more)

    monkeypatch.setattr(words, "text", heard)
    app = page(name)
    assert not app.error and not app.exception
    assert not missing


def test_every_code_of_the_data_has_its_words():
    found = {}
    for model in small.marts():
        for column in model["columns"]:
            for test in column.get("data_tests", []):
                if isinstance(test, dict) and "accepted_values" in test:
                    found[model["name"], column["name"]] = test["accepted_values"]["arguments"]["values"]
    shown = {("funnel_to_cash", "bucket"): "bucket", ("exceptions", "code"): "exception"}
    shown |= {("exceptions", "severity"): "severity", ("order_cycle_time", "current_stage"): "stage"}
    for column, prefix in shown.items():
        for code in found[column]:
            assert words.knows(f"{prefix}.{code}"), f"{column}: {code}"


def test_a_measure_says_what_it_means(published):
    for found in warehouse.catalogue().values():
        assert tiles.label(found) and found["description"] and warehouse.formula(found) in tiles.definition(found)
