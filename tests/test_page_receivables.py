"""The page about receivables says who owes, since when, and what should come, by figures one can add up by hand."""

import json
import shutil
from datetime import date, timedelta

import pytest
import small_warehouse as small

from dashboards import owed, warehouse
from tests.paged import figures, page, said, table

PAGE = "receivables"
MARKUP = "Beta <b>[x](http://example.invalid)</b>"
# key, customer, kind, open, due, from, to
BALANCES = [
    ("i1", "alfa", "invoice", 100, date(2026, 11, 30), date(2026, 11, 1), None),
    ("i2", "alfa", "invoice", 200, date(2026, 11, 1), date(2026, 10, 1), None),
    ("i3", "beta", "invoice", 300, date(2026, 7, 1), date(2026, 6, 1), None),
    ("i4", "alfa", "invoice", 400, date(2026, 10, 1), date(2026, 9, 1), date(2026, 11, 10)),
    ("c1", "beta", "credit_note", -50, date(2026, 11, 5), date(2026, 11, 5), None),
    ("p1", "beta", "unapplied_cash", -20, date(2026, 11, 6), date(2026, 11, 6), None),
    ("x1", "alfa", "cancelled", 1000, date(2026, 1, 1), date(2026, 1, 1), None),
]
NAMES = {"alfa": "Alfa Parts", "beta": MARKUP}
BUCKETS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90", "open_credit", "unapplied_cash")
# month, the day of the balance, buckets in their order
MONTHS = [
    (date(2026, 10, 1), date(2026, 10, 31), (200, 400, 0, 0, 300, 0, 0)),
    (date(2026, 11, 1), small.AS_OF, (100, 200, 0, 0, 300, -50, -20)),
]


def balances():
    for key, customer, kind, amount, due, start, end in BALANCES:
        row = {"receivable_balance_key": key, "customer_key": customer, "customer_name": NAMES[customer], "kind": kind}
        row |= {"invoice_key": None if kind == "unapplied_cash" else key, "invoice_number": f"FV-{key}"}
        row |= {"open_amount": amount, "open_reporting_amount": amount, "is_disputed": key == "i2"}
        row |= {"due_date": due, "issued_date": start, "valid_from": start, "valid_to": end}
        row |= {"currency_code": "PLN", "source_url": f"https://erp.invalid/{key}"}
        yield "marts.receivable_balances", row
    for month, day, parts in MONTHS:
        row = {"receivables_by_month_key": f"{month}", "month": month, "balance_date": day}
        row |= {f"{name}_gross_amount": value for name, value in zip(BUCKETS, parts, strict=True)}
        yield "marts.receivables_by_month", row | {"closing_gross_amount": sum(parts)}


def invoice():
    row = {"invoice_key": "i2", "invoice_number": "FV-i2", "invoice_kind": "invoice", "customer_name": "Alfa Parts"}
    row |= {"gross_amount": 250, "settled_amount": 50, "open_amount": 200, "currency_code": "PLN", "days_overdue": 20}
    yield "marts.receivables", row | {"issued_date": date(2026, 10, 1), "due_date": date(2026, 11, 1)}
    row = {"settlement_key": "s1", "invoice_key": "i2", "kind": "payment", "amount": 50, "currency_code": "PLN"}
    yield "marts.settlements", row | {"settled_date": date(2026, 10, 20)}


def behaviour():
    firm = {"grouped_by": "all", "customer_key": "all", "months": 1, "days": 31, "is_month_over": True}
    for month, owed_then in ((date(2026, 9, 1), 600), (date(2026, 10, 1), 900)):
        row = firm | {"days_sales_outstanding_key": f"{month}", "month": month, "sales_gross_amount": 930}
        row |= {"average_closing_gross_amount": owed_then, "average_current_gross_amount": 450}
        yield "marts.days_sales_outstanding", row | {"closing_gross_amount": owed_then, "countback_days": 28}
    running = firm | {"days_sales_outstanding_key": "now", "month": date(2026, 11, 1), "is_month_over": False}
    running |= {"sales_gross_amount": 1, "average_closing_gross_amount": 900}
    yield "marts.days_sales_outstanding", running
    for at, (name, paid, days) in enumerate(
        (("alfa", 100, 5), ("beta", 1000, 20), ("gamma", 5000, 0), ("few", 9, None))
    ):
        row = {"customer_key": name, "customer_name": NAMES.get(name, name), "paid_amount": paid}
        row |= {"median_days_late": days, "days_late_change": at - 1, "invoices_settled": 9, "is_too_few": days is None}
        late = {"recent_invoices": 2, "recent_days_late": 10, "earlier_invoices": 5, "earlier_days_late": 5}
        yield "marts.payment_behaviour", row | (late if days is not None else {"recent_invoices": 0})


def forecasts():
    """A day of the week that runs is left; five weeks follow, and the thirtieth day is the first of the fifth."""
    monday = date(2026, 11, 16)
    for ahead in range(6):
        start = monday + timedelta(weeks=ahead)
        week = {"figure": "cash", "grain": "week", "periods_ahead": ahead, "as_of_date": small.AS_OF}
        week |= {"period_start": start, "period_end": start + timedelta(days=6)}
        parts = {"so_far": 90, "receivables": 10} if ahead == 0 else {"receivables": 60, "later_invoices": 10}
        for component, amount in (parts | {"total": sum(parts.values())}).items():
            row = week | {"forecast_key": f"{ahead}{component}", "component": component, "amount": amount}
            ends = {"low_amount": 50, "high_amount": 110} if component == "total" else {}
            yield "marts.forecast", row | ends
    kept = {"grain": "week", "kept_since_date": date(2026, 10, 1), "scored_from_date": date(2026, 10, 11)}
    yield "marts.forecast_records", kept


def scores():
    """Two weeks that are over; of one a second forecast was made later, and an old week is nobody's last month."""
    weeks = ((date(2026, 11, 2), 3, 100, 80), (date(2026, 11, 9), 2, 70, 80), (date(2026, 11, 2), 1, 81, 80))
    for start, ahead, forecast, came in (*weeks, (date(2026, 6, 1), 4, 999, 1)):
        row = {"forecast_accuracy_key": f"{start}{ahead}", "figure": "cash", "grain": "week", "periods_ahead": ahead}
        row |= {"forecast_amount": forecast, "actual_amount": came, "low_amount": 60, "high_amount": 90}
        row |= {"is_within_interval": 60 <= came <= 90 and forecast < 100, "made_date": start - timedelta(weeks=ahead)}
        yield "marts.forecast_accuracy", row | {"period_start": start, "period_end": start + timedelta(days=6)}


def limits():
    for key, name, exposure, limit in (
        ("alfa", "Alfa Parts", 150, 100),
        ("beta", MARKUP, 50, 100),
        ("c", "C", 7, None),
    ):
        row = {"credit_exposure_key": key, "debtor_key": key, "debtor_name": name, "insured_reporting_amount": 0}
        row |= {"exposure_reporting_amount": exposure, "credit_limit_reporting_amount": limit}
        yield "marts.credit_exposure", row | {"limited_exposure_reporting_amount": exposure if limit else None}


def everything():
    return [*balances(), *invoice(), *behaviour(), *forecasts(), *scores(), *limits()]


@pytest.fixture(scope="module")
def owing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("owing")
    small.publish(folder, more=everything())
    return folder


@pytest.fixture
def published(data_dir, owing):
    shutil.copytree(owing, data_dir, symlinks=True, dirs_exist_ok=True)
    return data_dir


def test_tiles_are_figures_one_can_add_up_by_hand(published):
    app = page(PAGE)
    assert not app.error and not app.exception
    shown = figures(app)
    assert shown["Open"] == "550 PLN", "invoices less the credit note; money not allocated is not taken off"
    assert shown["Overdue, 90.9%"] == "500 PLN"
    assert shown["DSO"] == "30 days", "of October: a month that runs has sales of a part only"
    assert shown["Average days late"] == "5 days"
    assert shown["Expected in 30 days"] == "300 PLN", "one day, four weeks, and a day of the fifth"
    changes = {metric.label: metric.delta for metric in app.metric}
    assert changes["Open"] == "-38.9%", "against 900 on 21 October, when an invoice paid since stood open"
    assert changes["Overdue, 90.9%"] == "-28.6%"
    assert changes["DSO"] == "+10.0 d" and changes["Average days late"] == "+4.0 d"


def test_the_help_of_dso_names_the_simple_one_and_the_one_counted_back(published):
    help_text = next(metric.help for metric in page(PAGE).metric if metric.label == "DSO")
    assert "Receivables divided by sales, times days" in help_text
    assert "counted back: 28 days" in help_text and "newest first" in help_text


def test_disputes_that_no_system_marks_are_not_available_and_never_0(data_dir):
    small.publish(data_dir, more=everything())
    app = page(PAGE)
    assert "Disputed" not in figures(app) and "no connected system marks disputed invoices" in said(app)
    told = ("canonical.invoices", {"invoice_key": "i1", "source": "business_central", "is_disputed": False})
    small.publish(data_dir, number=2, more=[*everything(), told])
    assert figures(page(PAGE))["Disputed"] == "200 PLN"


def test_sentences_say_what_the_charts_show(published):
    text = said(page(PAGE))
    assert "customers owe **550 PLN**, credit notes taken off: **500 PLN** (90.9%) is overdue, 300 PLN of it" in text
    assert "not allocated to an invoice yet, 70 PLN" in text
    assert "**360 PLN** is still to come in 6 weeks, until 27 Dec 2026; 310 PLN of it stands in open invoices." in text
    assert "**90 PLN** of this week came already and is not in it." in text
    assert "The week of 23 Nov: 70 PLN, in four of five cases between 50 PLN and 110 PLN." in text
    assert "owed **30 days** of sales, **28 days** counted back" in text and "15 days are lateness" in text
    assert "**1** of 2 customers with a limit is over it, by **50 PLN**" in text
    assert "In all, 100.0% of the limits" in text and "1 customer has no limit" in text
    assert "1 customer has too few paid invoices" in text


def test_last_months_forecast_is_held_against_what_came(published):
    text = said(page(PAGE))
    assert "In the last 2 weeks **160 PLN** came; **170 PLN** had been forecast" in text, "the earliest forecast counts"
    assert "That was 10 PLN too much. 1 of 2 weeks lay within their range." in text


def test_without_a_score_the_page_says_from_when_it_will_know(data_dir):
    small.publish(data_dir, more=[*balances(), *forecasts()])
    text = said(page(PAGE))
    assert "forecasts of cash are kept since 1 Oct 2026" in text and "what came on 11 Oct 2026" in text


def test_the_parts_of_the_ageing_chart_are_the_balances_of_the_day(published):
    chart = json.loads(page(PAGE).get("plotly_chart")[0].proto.spec)
    bars = {trace["name"]: trace for trace in chart["data"] if trace["type"] == "bar"}
    assert bars["over 90"]["y"] == [300, 300] and bars["1–30 days late"]["y"] == [400, 200]
    assert bars["over 90"]["customdata"] == [["over_90.2026-10-31"], ["over_90.2026-11-21"]]
    today = {name: owed.Owed(small.AS_OF, name) for name in BUCKETS}
    found = {name: warehouse.figure("receivables_with_credit", part.filters()) or 0 for name, part in today.items()}
    assert tuple(found.values()) == MONTHS[1][2], "a bar and the way down from it say the same"


def test_a_bucket_in_the_address_leads_to_its_customers(published):
    late = table(page(PAGE, bucket="over_90"), "overdue_amount")
    assert late["customer_name"].to_list() == [MARKUP] and late["owed_amount"].to_list() == [300]
    past = table(page(PAGE, bucket="days_1_30.2026-10-31"), "overdue_amount")
    assert past["owed_amount"].to_list() == [400], "as it stood at the end of October, though it was paid since"
    assert past["documents_counted"].to_list() == [1]


def test_a_customer_in_the_address_leads_to_invoices_and_from_there_to_one(published):
    lines = table(page(PAGE, bucket="days_1_30", customer="alfa"), "days_overdue")
    assert lines["invoice_number"].to_list() == ["FV-i2"] and lines["days_overdue"].to_list() == [20]
    assert lines["source_url"].to_list() == ["https://erp.invalid/i2"]
    one = page(PAGE, invoice="i2")
    assert "250.00 PLN, of it settled 50.00 PLN, open **200.00 PLN**" in said(one) and "**20 days** overdue" in said(
        one
    )
    assert table(one, "settled_date")["amount"].to_list() == [50]
    one.button(key="drill-clear").click().run()
    assert "invoice" not in one.query_params and figures(one)["Open"] == "550 PLN"


def test_a_closed_month_shows_the_balances_of_its_last_day(published):
    app = page(PAGE)
    app.selectbox(key="stands").set_value("last_month").run()
    assert figures(app)["Open"] == "900 PLN"
    assert figures(app)["Overdue, 77.8%"] == "700 PLN"


def test_an_address_written_by_a_stranger_breaks_nothing(published):
    for address in ({"bucket": "' or 1=1"}, {"bucket": "over_90.yesterday"}, {"customer": "?"}, {"invoice": "{0}"}):
        app = page(PAGE, **address)
        assert not app.error and not app.exception


def test_a_name_from_the_data_is_no_markup(published):
    app = page(PAGE, customer="beta")
    assert not any("[x](" in text.value for text in app.markdown)
    assert "<b>" not in page(PAGE).get("plotly_chart")[2].proto.spec.replace("<br>", "")


@pytest.mark.parametrize("sources", [(), ("salesforce",)])
def test_without_an_erp_it_says_what_is_missing(data_dir, sources):
    small.publish(data_dir, sources)
    app = page(PAGE)
    assert not app.error and not app.metric and "**invoices, payments**" in said(app)


def test_where_nobody_owes_anything_it_says_so(data_dir):
    small.publish(data_dir)
    app = page(PAGE)
    assert not app.error and not app.metric and "Nothing is owed on 21 Nov 2026" in said(app)


def test_where_nothing_is_overdue_it_is_nought_and_known(data_dir):
    rows = [row for row in balances() if row[1].get("receivable_balance_key") == "i1"]
    small.publish(data_dir, more=rows)
    assert figures(page(PAGE))["Overdue"] == "0 PLN"


@pytest.mark.parametrize("language,heading", [("pl", "Należności otwarte"), ("ru", "Открытая задолженность")])
def test_it_speaks_polish_and_russian(published, language, heading):
    app = page(PAGE, lang=language)
    assert not app.error and not app.exception
    assert heading in figures(app)
    assert not page(PAGE, lang=language, bucket="over_90", customer="beta").error


def test_the_months_of_a_chart_are_named_in_the_language_of_the_reader(published):
    chart = json.loads(page(PAGE, lang="pl").get("plotly_chart")[0].proto.spec)
    assert chart["data"][0]["x"] == ["paź 2026", "lis 2026"]
