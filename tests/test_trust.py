"""What a firm may believe: its sums agree to the cent, and what breaks is told, with both records."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml
from streamlit.testing.v1 import AppTest

from dashboards import generation, words
from tests.part_of_project import needed_by, part_of_project

ROOT = Path(__file__).parents[1]
AS_OF = "2026-03-31"
CRM = {
    "accounts": """
account_id,name,tax_id,country_code,owner_id,source_url
A,Alfa sp. z o.o.,5260001246,PL,anna,https://crm.example/A
B,Beta GmbH,,DE,anna,https://crm.example/B
""",
    "people": "person_id,name\nanna,Anna Nowak\n",
    "deals": """
deal_id,status,account_id,owner_id,name,amount,currency_code,order_reference,created_at,closed_at,source_url
D1,won,A,anna,Brakes,1000.00,PLN,SO-1,2026-01-05,2026-01-15,https://crm.example/D1
D2,won,A,anna,Pads,500.00,PLN,,2026-01-06,2026-01-16,https://crm.example/D2
D3,won,A,anna,Pumps,100.00,EUR,SO-3,2026-01-07,2026-01-19,https://crm.example/D3
D4,won,A,anna,Belts,300.00,PLN,SO-4,2026-01-08,2026-01-20,https://crm.example/D4
D5,won,B,anna,Never came,77.77,PLN,,2026-02-08,2026-02-20,https://crm.example/D5
D6,lost,B,anna,Lost,55.55,PLN,,2026-02-08,2026-02-20,https://crm.example/D6
""",
}
ERP = {
    "accounts": """
account_id,name,tax_id,country_code,is_customer,source_url
10,ALFA SP Z O O,PL5260001246,PL,true,https://erp.example/10
20,Gamma s.r.o.,,CZ,true,https://erp.example/20
""",
    "products": "product_id,sku,name\nbrake,BRAKE,Brake\npump,PUMP,Pump\n",
    "orders": """
order_id,order_number,account_id,deal_reference,net_amount,currency_code,is_cancelled,cancelled_at,status,ordered_at,source_url
1,SO-1,10,,900.00,PLN,false,,open,2026-01-16,https://erp.example/SO-1
2,SO-2,10,D2,500.00,PLN,false,,open,2026-01-17,https://erp.example/SO-2
3,SO-3,10,,100.00,EUR,false,,open,2026-01-21,https://erp.example/SO-3
4,SO-4,10,,300.00,PLN,true,2026-01-25,cancelled,2026-01-21,https://erp.example/SO-4
5,SO-5,20,,40.00,PLN,false,,open,2026-02-21,https://erp.example/SO-5
6,SO-6,20,,40.00,PLN,false,,open,2026-02-22,https://erp.example/SO-6
""",
    "order_lines": """
order_line_id,order_id,product_id,quantity,unit_price,net_amount
1,1,brake,9,100,900.00
2,2,brake,5,100,500.00
3,3,pump,1,100,100.00
4,4,brake,3,100,300.00
5,5,brake,1,40,40.00
6,6,brake,1,40,40.00
""",
    "invoices": """
invoice_id,invoice_number,kind,account_id,order_id,corrects_invoice_id,currency_code,net_amount,tax_amount,gross_amount,issued_date,due_date
I1,I1,invoice,10,1,,PLN,900.00,207.00,1107.00,2026-01-20,2026-02-20
I2,I2,invoice,10,2,,PLN,500.00,115.00,615.00,2026-01-21,2026-02-21
C2,C2,credit_note,10,2,I2,PLN,-33.33,-7.67,-41.00,2026-01-28,
I3,I3,invoice,10,3,,EUR,100.00,0,100.00,2026-01-23,2026-02-23
I5,I5,invoice,20,5,,PLN,40.00,9.20,49.20,2026-02-23,2026-03-23
""",
    "payments": """
payment_id,account_id,paid_date,amount,currency_code
P1,10,2026-02-10,600.01,PLN
P2,10,2026-02-11,574.00,PLN
""",
    "payment_allocations": """
allocation_id,payment_id,invoice_id,allocated_date,amount,kind
1,P1,I1,2026-02-10,600.01,payment
2,P2,I2,2026-02-11,574.00,payment
3,,I2,2026-02-11,41.00,credit
4,,C2,2026-02-11,-41.00,credit
5,,I1,2026-02-12,6.99,write_off
""",
    "exchange_rates": """
exchange_rate_id,currency_code,quote_currency_code,rate_date,rate,rate_table
1,EUR,PLN,2026-01-16,4.2011,NBP
2,EUR,PLN,2026-01-20,4.3013,NBP
3,EUR,PLN,2026-01-22,4.2507,NBP
""",
}


class Firm:
    """A firm whose CRM and ERP export files, refreshed by the real project."""

    def __init__(self, folder: Path):
        self.folder, self.data = folder, folder / "data"
        for system, files in (("crm", CRM), ("erp", ERP)):
            for name, content in files.items():
                self.write(f"files/{system}/{name}.csv", content.lstrip("\n"))

    def write(self, path: str, content: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")

    def refresh(self, **more: str) -> tuple[int, str]:
        settings = {
            "SOURCES": "files", "FILES_DIR": "files", "DATA_DIR": "data", "TIME_ZONE": "Europe/Warsaw", "AS_OF": AS_OF,
            "REPORTING_CURRENCY": "PLN", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", "refresh"],
            cwd=self.folder, env=own | settings | more, capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(str((self.data / "warehouse.duckdb").resolve()), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def differences(self) -> dict[tuple[str, str], Decimal]:
        found = "select deal_key, kind, difference_amount from marts.deal_order_differences"
        return {(deal.removeprefix("crm:"), kind): amount for deal, kind, amount in self.rows(found)}

    def links(self, code: str) -> list[tuple]:
        found = f"select source_url, other_source_url from marts.exceptions where code = '{code}' order by all"  # noqa: S608
        return self.rows(found)


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    firm = Firm(tmp_path_factory.mktemp("firm"))
    code, said = firm.refresh()
    assert code == 0, said
    return firm


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """The same firm, after somebody took the order's number out of a deal and typed another amount."""
    firm = Firm(tmp_path_factory.mktemp("broken"))
    deals = CRM["deals"].lstrip("\n").replace("1000.00,PLN,SO-1", "4321.00,PLN,")
    assert "4321.00,PLN,," in deals
    firm.write("files/crm/deals.csv", deals)
    part = part_of_project(firm.folder / "project", *needed_by("exceptions", "reconciliation"))
    code, said = firm.refresh(DBT_PROJECT_DIR=str(part))
    assert code == 0, said
    return firm


def test_every_sum_agrees_to_the_cent(firm):
    """Money shared out over the rows of the funnel may differ by its rounding; nothing else by a cent."""
    assert firm.rows("select * from marts.reconciliation where not is_ok") == []
    tied = {"won_to_ordered_and_explained", "invoiced_to_settled_and_open", "canonical_to_mart_revenue"}
    differing = dict(firm.rows("select check_code, max(abs(difference)) from marts.reconciliation group by 1"))
    assert {code: differing[code] for code in tied} == dict.fromkeys(tied, 0)


def test_what_was_won_is_ordered_not_ordered_or_has_a_reason(firm):
    assert firm.differences() == {
        ("D1", "not_broken_down"): Decimal("100.00"),
        ("D3", "currency_differs"): Decimal("-10.02"),  # 420.11 when it was won, 430.13 when it was ordered
        ("D4", "order_cancelled"): Decimal("300.00"),
        ("D5", "not_ordered"): Decimal("77.77"),
    }
    won = firm.rows("select sum(won_amount) from marts.funnel_to_cash")[0][0]
    ordered = firm.rows(
        "select sum(ordered_amount - cancelled_amount) from marts.funnel_to_cash where bucket = 'won_ordered'"
    )[0][0]
    assert won == ordered + sum(firm.differences().values()) == Decimal("2297.88")


def test_what_was_invoiced_is_collected_credited_written_off_or_open(firm):
    assert firm.rows(
        "select currency_code, sum(left_amount), sum(right_amount) from marts.reconciliation"
        " where check_code = 'invoiced_to_settled_and_open' group by 1 order by 1"
    ) == [("EUR", 100, 100), ("PLN", Decimal("1730.20"), Decimal("1730.20"))]
    open_amounts = firm.rows(
        "select invoice_number, open_amount from marts.receivables where open_amount <> 0 order by 1"
    )
    assert open_amounts == [("I1", Decimal("500.00")), ("I3", 100), ("I5", Decimal("49.20"))]


def test_each_exception_says_how_bad_it_is_whose_it_is_since_when_and_where_to_look(firm):
    found = firm.rows(
        "select code, severity, owner_role, owner_name, amount, days_open, split_part(source_url, '/', -1),"
        " split_part(other_source_url, '/', -1) from marts.exceptions where code in"
        " ('won_deal_without_order', 'unmatched_account', 'double_entry', 'amount_differs') order by all"
    )
    assert found == [
        ("amount_differs", "warning", "sales", "Anna Nowak", Decimal("-10.02"), 69, "D3", "SO-3"),
        ("amount_differs", "warning", "sales", "Anna Nowak", 100, 74, "D1", "SO-1"),
        ("amount_differs", "warning", "sales", "Anna Nowak", 300, 69, "D4", "SO-4"),
        ("double_entry", "error", "finance", None, 40, 37, "SO-6", "SO-5"),
        ("unmatched_account", "warning", "master_data", "Anna Nowak", Decimal("77.77"), 39, "B", None),
        ("unmatched_account", "warning", "master_data", None, 40, 36, "20", None),
        ("won_deal_without_order", "warning", "sales", "Anna Nowak", Decimal("77.77"), 39, "D5", None),
    ]


@pytest.mark.long
def test_a_broken_link_is_told_from_both_sides_with_both_records(firm, broken):
    deal, order = "https://crm.example/D1", "https://erp.example/SO-1"
    assert (deal, order) not in firm.links("won_deal_without_order")
    assert (order, deal) not in firm.links("order_without_deal")
    assert (deal, order) in broken.links("won_deal_without_order")
    assert (order, deal) in broken.links("order_without_deal")


@pytest.mark.long
def test_after_a_link_broke_the_deal_is_not_ordered_and_the_sums_still_agree(firm, broken):
    moved = set(broken.differences().items()) ^ set(firm.differences().items())
    assert moved == {(("D1", "not_broken_down"), Decimal("100.00")), (("D1", "not_ordered"), Decimal("4321.00"))}
    assert broken.rows("select check_code, difference from marts.reconciliation where not is_ok") == []


@pytest.mark.long
def test_a_gate_nobody_checks_is_refused_with_a_sentence(tmp_path):
    firm = Firm(tmp_path)
    firm.write("data/company/gates.csv", "check_code,is_gate,reason\nrevenue_is_nice,true,we like it\n")
    code, said = firm.refresh()
    assert code == 6 and not (firm.data / "warehouse.duckdb").exists()
    assert "gates.csv names revenue_is_nice, and no check is called that" in said


def test_every_kind_of_exception_has_its_words_and_says_what_to_do():
    marts = yaml.safe_load((ROOT / "dbt_project/models/marts/trust/_trust.yml").read_text())["models"]
    [exceptions] = [model for model in marts if model["name"] == "exceptions"]
    values = {column["name"]: column.get("data_tests", []) for column in exceptions["columns"]}
    codes = values["code"][0]["accepted_values"]["arguments"]["values"]
    kinds = pl.read_csv(ROOT / "dbt_project/seeds/exception_kinds.csv")
    assert set(codes) == set(kinds["code"])
    for code in codes:
        assert words.knows(f"exception.{code}") and words.knows(f"exception.{code}.do"), code
    for role in values["owner_role"][0]["accepted_values"]["arguments"]["values"]:
        assert words.knows(f"role.{role}"), role


def test_the_page_shows_what_to_do_with_both_links(firm, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(firm.data))
    app = AppTest.from_file(str(ROOT / "dashboards/app.py"), default_timeout=60).run()
    app.switch_page("views/trust.py")
    app.query_params["exception"] = "amount_differs"
    app.run()
    assert not app.error and not app.exception
    assert words.text("exception.amount_differs.do") in [caption.value for caption in app.caption]
    [shown] = [pl.from_pandas(table.value) for table in app.dataframe if "other_source_url" in table.value.columns]
    assert set(shown["owner_role"]) == {"Sales"} and shown["days_open"].max() == 74
    assert ("https://crm.example/D1", "https://erp.example/SO-1") in shown.select(
        "source_url", "other_source_url"
    ).rows()
    assert any("order cancelled" in details for details in shown["details"])
    generation.close()


def test_what_an_exception_is_about_can_be_read_by_a_program(firm):
    [(parameters,)] = firm.rows(
        "select parameters from marts.exceptions where code = 'amount_differs' and amount = 300"
    )
    assert json.loads(parameters) == {
        "number": "Belts", "orders": "SO-4", "difference": "order_cancelled", "won": 300.0, "won_currency": "PLN",
        "ordered": 300.0, "ordered_currency": "PLN",
    }  # fmt: skip
