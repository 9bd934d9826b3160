"""What Livespace's habits become in the contract: two fields of value, a history that begins with the first load."""

from datetime import date, datetime

import pytest

from pipelines.sources import livespace
from tests import staged

pytestmark = pytest.mark.long


def moment(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour)


def deal(number: str, **other: object) -> dict:
    told = {
        "id": number,
        "name": f"Kitchen {number}",
        "status": "open",
        "currency": "EUR",
        "value": 0,
        "value_final": 100,
    }
    place = {"process_id": "p1", "stage_id": "s1", "buyer_id": "c1", "created": moment(1), "modified": moment(5)}
    return told | place | other


def seen(deal: str, day: int, stage: str, status: str = "open") -> dict:
    return {"id": f"{deal} {day}", "deal_id": deal, "stage_id": stage, "status": status, "modified": moment(day)}


ROWS = {
    "companies": [
        {"id": "c1", "name": "Alfa", "nip": "5210000001", "www": "https://www.Alfa.pl/o-nas", "email": "biuro@alfa.pl"}
        | {"addresses_street": "Nowa 2", "addresses_city": "Warszawa", "url": "https://firm.livespace.io/alfa"},
        {"id": "c2", "name": "", "is_deleted": False},
        {"id": "c3", "name": "Gone", "is_deleted": True},
    ],
    "deals": [
        deal("d1", probability=40, source_name="Polecenie", date_end=date(2026, 4, 1), order_reference="ZS/1"),
        deal("d2", value=250.5, value_final=0, status="won", status_change_date=moment(9)),
        deal("d3", value=7, value_final=None, status="lost", lost_reason_name="Duplikat", buyer_id="c3"),
        deal("d4", lost_reason_name="Too dear", stage_id="s9", process_id="p9", currency=None),
        deal("d5", is_deleted=True),
    ],
    "deal_versions": [
        seen("d1", 2, "s1"),
        seen("d1", 3, "s1"),
        seen("d1", 4, "s2"),
        seen("d1", 5, "s1"),
        seen("d2", 9, "s9", "won"),
        seen("d5", 2, "s1"),
    ],
    "stages": [
        {"id": "s1", "name": "Talks", "process_id": "p1", "process_name": "Sales", "place": 0},
        {"id": "s2", "name": "Offer", "process_id": "p1", "process_name": "Sales", "place": 1},
    ],
    "users": [
        {"id": "u1", "name": "Anna Nowak"},
        {"id": "u2", "firstname": "Jan", "lastname": "Kos", "is_deleted": True},
    ],
    "products": [{"id": "w1", "sku": "W-1", "name": "Wardrobe", "default_price": 2500}, {"id": "w2", "sku": ""}],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    file = staged.landing(folder, "livespace", livespace.STREAMS, {}, ROWS)
    models = "accounts people deals deal_accounts deal_stages products source_controls"
    with staged.built(folder, [file], models) as made:
        yield made


def rows(built, columns: str, entity: str) -> list[tuple]:
    found = built.sql(f"select {columns} from work.canonical.{entity} order by all").fetchall()  # noqa: S608
    return [tuple(float(one) if hasattr(one, "as_tuple") else one for one in row) for row in found]


def test_a_company_has_its_tax_number_its_domains_and_the_vendors_own_link(built):
    columns = "account_key, name, tax_id, website_domain, email_domain, street, source_url"
    assert rows(built, columns, "accounts") == [
        ("livespace:c1", "Alfa", "5210000001", "alfa.pl", "alfa.pl", "Nowa 2", "https://firm.livespace.io/alfa"),
        ("livespace:c2", "unknown", None, None, None, None, None),
    ]


def test_the_value_that_was_typed_in_goes_before_the_sum_of_lines_unless_it_is_zero(built):
    assert rows(built, "deal_key, amount, currency_code, probability, expected_amount", "deals") == [
        ("livespace:d1", 100, "EUR", 0.4, 40),
        ("livespace:d2", 250.5, "EUR", None, None),
        ("livespace:d3", 7, "EUR", None, None),
        ("livespace:d4", 100, "PLN", None, None),
    ]


def test_a_deal_stands_where_its_process_and_stage_are_called_and_was_closed_when_its_status_changed(built):
    columns = "deal_key, status, pipeline, stage, closed_at, account_key, excluded_reason, lost_reason"
    account = "livespace:c1"
    assert rows(built, columns, "deals") == [
        ("livespace:d1", "open", "Sales", "Talks", None, account, None, None),
        ("livespace:d2", "won", "Sales", "Talks", moment(9), account, None, None),
        ("livespace:d3", "lost", "Sales", "Talks", moment(5), None, "duplicate", "Duplikat"),
        ("livespace:d4", "open", "p9", "s9", None, account, None, None),
    ]
    assert rows(built, "channel, order_reference, expected_close_date", "deals")[0] == (
        "referral",
        "ZS/1",
        date(2026, 4, 1),
    )
    assert len(rows(built, "deal_key", "deal_accounts")) == 3


def test_passes_are_what_was_seen_and_say_so(built):
    assert rows(built, "deal_key, entered_at, stage, stage_order, method, exited_at", "deal_stages") == [
        ("livespace:d1", moment(2), "Talks", 0, "snapshot", moment(4)),
        ("livespace:d1", moment(4), "Offer", 1, "snapshot", moment(5)),
        ("livespace:d1", moment(5), "Talks", 0, "snapshot", None),
        ("livespace:d2", moment(9), "s9", None, "snapshot", None),
    ]


def test_who_is_in_the_list_no_more_works_here_no_more(built):
    assert rows(built, "name, is_active", "people") == [("Anna Nowak", True), ("Jan Kos", False)]
    assert rows(built, "sku, list_price", "products") == [("W-1", 2500), ("w2", None)]


def test_what_is_counted_in_raw_is_what_arrives(built):
    found = built.sql("select entity, rows_counted, amount from work.staging.source_controls").fetchall()
    for entity, *counted in found:
        money = "sum(amount)" if entity == "deals" else "null"
        assert built.sql(f"select count(*), {money} from work.canonical.{entity}").fetchall() == [tuple(counted)]  # noqa: S608
    assert {entity for entity, *_ in found} == {"accounts", "deals", "products"}
