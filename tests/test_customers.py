"""A firm whose CRM and ERP are folders of files: whose word counts, who belongs to whom, which article is which."""

import json
import os
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.sources import business_central
from tests.firm import Firm
from tests.part_of_project import part_of_project
from tests.seldom_searched import DBT
from tests.staged import landing

ROOT = Path(__file__).parents[1]
# Who is who is answered before any mart.
ASKED = ("matching/*", "canonical/*", "staging/files/*", "staging/customer_*.sql")

CRM = {
    "accounts": """account_id,name,tax_id,street,city,segment,phone,credit_limit_amount,parent_account_id,updated_at
1,Alfa,5260001246,ul. Nowa 2,warszawa,Fleet,500 600 700,999,2,2026-02-01
2,Holding,,,,,,,3,
3,Old holding,,,,,,,2,
""",
    "products": "product_id,sku,name,unit_of_measure\np1,00815,Brake pads,szt.\np2,OIL-7,Engine oil,opak\n",
    "deals": "deal_id,status,account_id\nd1,won,1\n",
    "deal_lines": """deal_line_id,deal_id,product_id,description,quantity
l1,d1,p1,,4
l2,d1,p2,,2
l3,d1,,two sets of 815-XL,2
""",
}
ERP = {
    "accounts": """account_id,name,tax_id,street,city,segment,phone,credit_limit_amount,currency_code,updated_at
A,ALFA Sp. z o.o.,PL 526-000-12-46,Stara 1,Warszawa,Company,221112233,5000,PLN,2025-12-31
S,Building site,,,,,,,PLN,
""",
    "products": """product_id,sku,name,unit_of_measure
e1,815,Klocki,PCE
e2,OIL 7,Olej silnikowy,l
e3,815XL,Klocki XL,szt
""",
    "orders": "order_id,order_number,account_id,ordered_at\no1,SO-1,A,2026-01-05\n",
    "shipments": "shipment_id,account_id,order_id,shipped_at\ns1,S,o1,2026-01-07\n",
}
DECIDED = """account_key_a,account_key_b,decision,who,when,reason
crm:1,erp:S,parent,Anna,2026-03-01,the site founded it
"""
CONVERTED = """sku,from_unit,to_unit,factor,reason
OIL-7,opak.,litr,4,four litres in a pack
"""


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> dict[str, str]:
    project = part_of_project(tmp_path_factory.mktemp("project") / "dbt_project", *ASKED)
    return {"DBT_PROJECT_DIR": str(project), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def firm(ours, tmp_path_factory) -> Firm:
    firm = Firm(tmp_path_factory.mktemp("customers"))
    for source, files in {"crm": CRM, "erp": ERP}.items():
        folder = firm.folder / "files" / source
        folder.mkdir(parents=True)
        for entity, content in files.items():
            (folder / f"{entity}.csv").write_text(content, encoding="utf-8")
    company = firm.data / "company"
    company.mkdir(parents=True)
    (company / "account_decisions.csv").write_text(DECIDED, encoding="utf-8")
    (company / "unit_conversions.csv").write_text(CONVERTED, encoding="utf-8")
    ended = firm.run(**ours)
    assert ended.code == 0, ended.said
    return firm


def test_the_erp_is_believed_on_money_the_crm_on_sales_and_the_newest_on_the_address(firm):
    believed = firm.rows(
        "select name, credit_limit_amount, credit_limit_currency_code, segment, phone, street, city"
        " from canonical.customers where tax_id = 'PL5260001246'"
    )
    assert believed == [
        ("ALFA Sp. z o.o.", Decimal("5000.00"), "PLN", "Fleet", "500 600 700", "ul. Nowa 2", "warszawa")
    ]


def test_what_the_other_account_says_is_kept_and_another_spelling_is_no_other_word(firm):
    losers = firm.rows("select field, value, reason from canonical.customer_values where not is_winner order by 1")
    assert losers == [
        ("credit_limit_amount", "999.00", "master_erp"),
        ("name", "Alfa", "master_erp"),
        ("parent_customer_key", "Holding", "decision"),
        ("phone", "221112233", "master_crm"),
        ("segment", "Company", "master_crm"),
        ("street", "Stara 1", "newest"),
    ]
    winners = firm.rows("select field from canonical.customer_values where is_winner order by 1")
    assert winners == [(field,) for field, _, _ in losers]


def test_a_decided_parent_goes_before_the_systems_and_two_that_are_each_others_parents_are_one_group(firm):
    groups = firm.rows(
        "select customers.name, parents.name, customers.group_name from canonical.customers"
        " left join canonical.customers as parents on customers.parent_customer_key = parents.customer_key order by 1"
    )
    assert groups[:2] == [
        ("ALFA Sp. z o.o.", "Building site", "Building site"),
        ("Building site", None, "Building site"),
    ]
    assert [(name, parent) for name, parent, _ in groups[2:]] == [
        ("Holding", "Old holding"),
        ("Old holding", "Holding"),
    ]
    assert len({group for _, _, group in groups[2:]}) == 1
    relations = firm.rows(
        "select f.name, relation, t.name, known_from, documents_counted from canonical.customer_relations"
        " inner join canonical.customers as f on from_customer_key = f.customer_key"
        " inner join canonical.customers as t on to_customer_key = t.customer_key order by all"
    )
    assert relations == [
        ("ALFA Sp. z o.o.", "parent", "Building site", "decision", 0),
        ("ALFA Sp. z o.o.", "ship_to", "Building site", "documents", 1),
        ("Holding", "parent", "Old holding", "account", 0),
        ("Old holding", "parent", "Holding", "account", 0),
    ]


def test_articles_are_joined_by_number_only_and_free_text_gets_a_proposal(firm):
    matched = "select product_key, item_key, rule from canonical.product_matches order by 1"
    assert firm.rows(matched) == [
        ("crm:p1", "crm:p1", "normalised"),
        ("crm:p2", "crm:p2", "normalised"),
        ("erp:e1", "crm:p1", "normalised"),
        ("erp:e2", "crm:p2", "normalised"),
        ("erp:e3", "erp:e3", "alone"),
    ]
    lines = firm.rows(
        "select item_key, proposed_item_key, rule, quantity_in_base_unit"
        " from canonical.deal_line_products order by deal_line_key"
    )
    assert lines == [
        ("crm:p1", None, "given", Decimal("4.0000")),
        ("crm:p2", None, "given", Decimal("8.0000")),
        (None, "erp:e3", "sku_in_text", None),
    ]


@pytest.mark.long
def test_without_a_known_conversion_a_quantity_is_empty(firm, ours, tmp_path):
    again = firm.copy(tmp_path)
    (again.data / "company" / "unit_conversions.csv").write_text(CONVERTED.splitlines()[0] + "\n", encoding="utf-8")
    ended = again.run(**ours)
    assert ended.code == 0, ended.said
    lines = again.rows("select quantity_in_base_unit from canonical.deal_line_products order by deal_line_key")
    assert lines == [(Decimal("4.0000"),), (None,), (None,)]
    keys = "select customer_key, group_key from canonical.customers order by 1"
    assert again.rows(keys) == firm.rows(keys), "the same accounts are the same customers"


def test_business_centrals_documents_say_who_pays_and_its_customers_when_they_were_changed(tmp_path):
    documents = [("I1", "A", "B", 2), ("I2", "A", "C", 3), ("I3", "B", "", 3), ("I4", "C", "A", 2), ("I5", "C", "C", 4)]
    rows = {
        "companies": [{"id": "c1", "name": "North"}],
        "customers": [
            {"id": name, "number": name, "display_name": name, "last_modified_date_time": datetime(2026, 3, 1)}
            for name in "ABC"
        ],
        "sales_invoices": [
            {
                "id": i,
                "number": i,
                "customer_number": to,
                "bill_to_customer_number": by,
                "posting_date": date(2026, 3, d),
            }
            for i, to, by, d in documents
        ],
    }
    streams = [business_central.COMPANIES, *business_central.STREAMS]
    erp = landing(tmp_path, "business_central", streams, {"company_id": "c1", "company_name": "North"}, rows)
    profile = {"type": "duckdb", "path": str(tmp_path / "work.duckdb"), "attach": [erp]}
    (tmp_path / "profiles.yml").write_text(json.dumps({"lead_to_cash": {"target": "w", "outputs": {"w": profile}}}))
    project = part_of_project(tmp_path / "dbt_project", "staging/business_central/*")
    options = {"profiles-dir": tmp_path, "project-dir": project, "target-path": tmp_path / "target"}
    options |= {"log-path": tmp_path, "select": "+stg_business_central__accounts", "exclude-resource-type": "test"}
    switched_on = {"SOURCES": "business_central", "INSTANCES": ":".join(3 * ["business_central"])}
    command = [*DBT, "build"]
    command += [f"--{option}={value}" for option, value in options.items()]
    subprocess.run(command, env=os.environ | switched_on, check=True)
    with duckdb.connect(profile["path"], read_only=True) as connection:
        connection.execute(f"attach '{erp['path']}' as business_central (read_only)")
        found = "select name, payer_account_key, updated_at from staging.stg_business_central__accounts order by 1"
        assert connection.execute(found).fetchall() == [
            ("A", "business_central:c1:C", datetime(2026, 3, 1)),
            ("B", None, datetime(2026, 3, 1)),
            ("C", None, datetime(2026, 3, 1)),
        ]
