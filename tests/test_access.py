"""Readers who sign in see their customers and nothing of others; who is not named sees nothing."""

import shutil

import pytest
import small_warehouse as small

from dashboards import access, decisions, warehouse
from dashboards.access import Reader
from dashboards.warehouse import Filter
from tests.paged import figures, page, said, table

PAGES = tuple(sorted(path.stem for path in (small.ROOT / "dashboards/views").glob("*.py")))
RIGHTS = """email,role,person,region
boss@firm.pl,all,,
books@firm.pl,no_names,,
Anna@firm.pl,own,anna,
jan@firm.pl,own,jan,
berlin@firm.pl,region,,DE
"""
OWNERS = [
    ("canonical.customers", {"customer_key": "alfa", "owner_key": "anna", "region": "Wielkopolska"}),
    ("canonical.customers", {"customer_key": "beta", "owner_key": "jan", "country_code": "DE"}),
    ("marts.whale_curve", {"whale_curve_key": "w", "member_key": "alfa"}),
    ("marts.receivables", {"invoice_key": "i1", "customer_key": "beta", "open_reporting_amount": 50}),
    ("canonical.orders", {"order_key": "o-beta", "account_key": "business_central:alfa", "owner_key": "jan"}),
    ("marts.order_milestones", {"order_key": "o-beta", "account_key": "business_central:alfa", "owner_key": "jan"}),
    ("marts.order_rework", {"order_key": "o-beta"}),
]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    small.publish(folder, more=OWNERS)
    return folder


@pytest.fixture
def published(data_dir, made, monkeypatch):
    shutil.copytree(made, data_dir, symlinks=True, dirs_exist_ok=True)
    (data_dir / "company").mkdir()
    (data_dir / "company/access.csv").write_text(RIGHTS)
    monkeypatch.setenv("LOGIN", "on")
    return data_dir


@pytest.fixture
def signs_in(published, monkeypatch):
    def as_somebody(email: str | None):
        monkeypatch.setattr(access, "signed_in", lambda: email)

    as_somebody(None)
    return as_somebody


def revenue() -> float:
    return float(warehouse.figure("revenue") or 0)


def test_nobody_sees_anything_before_signing_in(signs_in):
    app = page(PAGES[0])
    assert not app.metric and not app.dataframe
    assert "Sign in to see yours" in said(app)


def test_who_is_not_named_sees_nothing_and_reads_whom_to_ask(signs_in):
    signs_in("stranger@firm.pl")
    app = page(PAGES[0])
    assert not app.metric and not app.dataframe
    assert "stranger@firm" in said(app) and "access.csv" in said(app)


def test_without_a_file_nobody_is_named(signs_in, published):
    (published / "company/access.csv").unlink()
    signs_in("boss@firm.pl")
    with pytest.raises(access.NotAllowed):
        warehouse.figure("revenue")


@pytest.mark.parametrize("email", ["boss@firm.pl", "books@firm.pl", "anna@firm.pl", "berlin@firm.pl"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_draws_for_every_role(signs_in, name, email):
    signs_in(email)
    app = page(name)
    assert not app.error and not app.exception


def test_a_seller_sees_their_own_customers_and_each_their_own(signs_in):
    seen = {}
    for name in ("boss", "anna", "jan", "berlin"):
        signs_in(f"{name}@firm.pl")
        seen[name] = revenue()
    # Kept answers are not handed on: the one who comes second does not see what the first was shown.
    assert seen == {"boss": 2610, "anna": 1800, "jan": 500, "berlin": 500}
    signs_in("anna@firm.pl")
    assert set(warehouse.choices("customer_profitability", "customer_name")) == {"Alfa Parts"}
    assert figures(page("overview"))["Revenue net"] == "1K PLN"
    assert warehouse.rows("receivables").is_empty()
    signs_in("jan@firm.pl")
    assert warehouse.rows("receivables")["invoice_key"].to_list() == ["i1"]


def test_an_address_does_not_lead_to_the_customer_of_another(signs_in):
    signs_in("jan@firm.pl")
    app = page("customer_profitability", customer="alfa")
    assert "Alfa" not in said(app)
    assert warehouse.count("profitability_lines", [Filter("customer_key", "=", "alfa")]) == 0


def test_a_row_is_found_by_its_account_or_order_where_it_names_no_customer(signs_in):
    signs_in("anna@firm.pl")
    assert warehouse.count("order_milestones") == warehouse.count("order_rework") == 1
    signs_in("jan@firm.pl")
    assert warehouse.count("order_milestones") == 1, "the order is his, the customer is hers"
    assert warehouse.count("order_rework") == 0
    signs_in("berlin@firm.pl")
    assert warehouse.count("order_milestones") == 0


def test_what_does_not_say_whose_it_is_is_shown_to_those_who_see_all(signs_in):
    signs_in("anna@firm.pl")
    assert warehouse.count("whale_curve") == 0 < warehouse.count("measures")
    signs_in("books@firm.pl")
    assert warehouse.count("whale_curve") == 1


def test_names_of_our_people_are_empty_where_a_role_does_not_see_them(signs_in):
    signs_in("books@firm.pl")
    assert warehouse.choices("customer_profitability", "owner_name") == []
    assert warehouse.rows("customer_profitability")["owner_name"].null_count() == len(small.SALES)
    app = page("customer_profitability")
    assert "Anna" not in said(app)
    assert all("Anna" not in str(shown.value.to_dict()) for shown in app.dataframe)
    assert table(app, "customer_name").height > 0


def test_who_sees_a_part_decides_about_nobody(signs_in, monkeypatch):
    monkeypatch.setenv("DECISIONS", "on")
    signs_in("boss@firm.pl")
    assert decisions.are_on()
    signs_in("anna@firm.pl")
    assert not decisions.are_on()


def test_a_person_of_the_file_is_a_value_and_no_sql(published, monkeypatch):
    rights = Reader("own", "x' or '1'='1")
    monkeypatch.setattr(access, "reader", lambda: rights)
    assert revenue() == 0 == warehouse.count("profitability_lines")


@pytest.mark.parametrize(
    "line, reason",
    [
        ("a@firm.pl,king,,", "record 2, role: 'king' is none of all, no_names, own, region"),
        ("a@firm.pl,own,,", "record 2, person: role 'own' needs one"),
        ("a@firm.pl,region,,", "record 2, region: role 'region' needs one"),
        (",all,,", "record 2, email: role 'all' needs one"),
        ("a@firm.pl,all", "record 2: it has 2 values, not 4"),
        ("a@firm.pl,all,,\nA@firm.pl,own,anna,", "record 3: a@firm.pl is there twice"),
    ],
)
def test_rights_that_cannot_be_read_give_nobody_anything_and_name_the_line(signs_in, published, line, reason):
    (published / "company/access.csv").write_text(f"email,role,person,region\n{line}\n")
    signs_in("a@firm.pl")
    app = page(PAGES[0])
    assert not app.metric and not app.exception
    assert reason in said(app).replace("\\", "")
