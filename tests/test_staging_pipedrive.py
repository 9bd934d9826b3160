"""What Pipedrive's habits become in the contract: numbers of choices, leads that vanish, deals that are deleted."""

from datetime import date, datetime

import pytest

from pipelines.sources import pipedrive
from tests import staged

pytestmark = pytest.mark.long


def moment(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour)


def deal(number: int, **other: object) -> dict:
    told = {"id": number, "title": f"Kitchen {number}", "status": "open", "is_deleted": False, "currency": "EUR"}
    place = {"pipeline_id": 1, "stage_id": 10, "owner_id": 5, "org_id": 1, "value": 100, "add_time": moment(5)}
    return told | place | other


def lead(number: str, **other: object) -> dict:
    told = {"id": number, "title": f"Lead {number}", "organization_id": 1, "is_archived": False}
    return told | {"add_time": moment(1), "update_time": moment(8)} | other


def passage(deal: int, position: int, stage: int, day: int, **other: object) -> dict:
    told = {"id": f"{deal}:{position}", "deal_id": deal, "position": position, "stage_id": stage, "method": "log"}
    return told | {"entered_at": moment(day)} | other


def product(number: int, deal: int, **other: object) -> dict:
    told = {"id": number, "deal_id": deal, "product_id": 3, "name": "Wardrobe", "quantity": 2, "is_enabled": True}
    return told | {"item_price": 60, "sum": 108} | other


def choice(of: str, field: str, number: str, label: str) -> dict:
    return {"id": f"{of}:{field}:{number}", "object": of, "field_code": field, "option_id": number, "label": label}


def activity(number: int, **other: object) -> dict:
    return {"id": number, "type": "call", "owner_id": 5, "done": True, "add_time": moment(2)} | other


ROWS = {
    "organizations": [
        {"id": 1, "name": "Alfa", "industry": "41", "tax_id": "5210000001", "address_country": "Poland"}
        | {"address_value": "Nowa 2, Warszawa", "address_route": "Nowa", "address_street_number": "2"},
        {"id": 2, "name": "Beta", "industry": "Hotels", "address_value": "Krakow, somewhere"},
        {"id": 3, "name": "Gone", "is_deleted": True},
    ],
    "persons": [
        {"id": 7, "org_id": 1, "emails_primary_value": "", "phones_primary_value": "22 100", "add_time": moment(1)},
        {"id": 8, "org_id": 1, "emails_primary_value": "a@Alfa.pl", "phones_primary_value": "22 200"}
        | {"add_time": moment(2)},
        {"id": 9, "org_id": 2, "emails_primary_value": "b@beta.pl", "is_deleted": True},
    ],
    "deals": [
        deal(1, channel=52, probability=None, value=100, order_reference="ZS-1/03/26"),
        deal(2, status="won", won_time=moment(9), close_time=moment(9), stage_id=11),
        deal(3, status="lost", lost_time=moment(9), lost_reason="Duplicate of 2", probability=40),
        deal(4, status="deleted", is_deleted=True),
        deal(5, org_id=3, is_archived=True, stage_id=99, pipeline_id=98),
        deal(6, title="Lead made", add_time=moment(8)),
        deal(7, title="Lead made", add_time=moment(9)),
    ],
    "deal_products": [
        product(1, 1),
        product(2, 1, is_enabled=False),
        product(3, 4),
        product(4, 2, product_id=4),
    ],
    "deal_stages": [
        passage(1, 1, 10, 5, stage_name="Once called so"),
        passage(1, 2, 11, 6),
        passage(1, 3, 10, 7, method="derived"),
        passage(2, 1, 99, 5, stage_name="Abolished"),
        passage(4, 1, 10, 5),
    ],
    "leads": [
        lead("open", source_name="Web forms", person_id=8),
        lead("archived", is_archived=True, source_name="Manually created"),
        lead("made", title="Lead made", is_deleted=True, channel=52),
        lead("deleted", is_deleted=True),
    ],
    "activities": [
        activity(1, due_date=date(2026, 3, 3), due_time="09:30", duration="01:30", deal_id=1, org_id=1),
        activity(2, due_date=date(2026, 3, 3), due_time="", duration="", org_id=3, deal_id=4),
        activity(3, due_date=date(2026, 4, 3), done=False),
        activity(4, type="", marked_as_done_time=moment(4)),
    ],
    "products": [
        {"id": 3, "name": "Wardrobe", "code": "W-1", "category": "7", "prices_price": 60, "prices_cost": 0}
        | {"prices_currency": "PLN"},
        {"id": 4, "name": "No longer made", "is_deleted": True},
        {"id": 5, "name": "Shelf", "code": " ", "prices_cost": 12.5},
    ],
    "pipelines": [{"id": 1, "name": "To measure", "order_nr": 0}],
    "stages": [
        {"id": 10, "name": "Measured", "order_nr": 1, "deal_probability": 30},
        {"id": 11, "name": "Offer", "order_nr": 2, "deal_probability": 60},
    ],
    "users": [
        {"id": 5, "name": "Anna", "active_flag": True},
        {"id": 6, "name": "", "active_flag": True, "is_deleted": True},
    ],
    "field_options": [
        choice("deals", "channel", "52", "Website"),
        choice("deals", "label", "52", "Hot"),
        choice("organizations", "abc", "41", "Offices"),
        choice("products", "category", "7", "Bedrooms"),
    ],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    file = staged.landing(folder, "pipedrive", pipedrive.STREAMS, {}, ROWS)
    models = "accounts people leads deals deal_accounts deal_stages deal_lines activities products source_controls"
    with staged.built(folder, [file], models) as connection:
        yield connection


def rows(built, columns: str, entity: str) -> list[tuple]:
    found = built.sql(f"select {columns} from work.canonical.{entity} order by 1").fetchall()  # noqa: S608
    return [tuple(float(one) if hasattr(one, "as_tuple") else one for one in row) for row in found]


def test_an_organizations_choice_is_told_by_its_label_and_its_people_give_telephone_and_domain(built):
    columns = "name, industry, street, country_code, email_domain, phone, tax_id"
    assert rows(built, columns, "accounts") == [
        ("Alfa", "Offices", "Nowa 2", "PL", "alfa.pl", "22 100", "5210000001"),
        ("Beta", "Hotels", "Krakow, somewhere", None, None, None, None),
    ]


def test_a_deal_stands_where_its_pipeline_and_stage_are_called_and_won_and_lost_have_their_moments(built):
    assert rows(built, "deal_key, status, pipeline, stage, closed_at", "deals") == [
        ("pipedrive:1", "open", "To measure", "Measured", None),
        ("pipedrive:2", "won", "To measure", "Offer", moment(9)),
        ("pipedrive:3", "lost", "To measure", "Measured", moment(9)),
        ("pipedrive:5", "open", "98", "99", None),
        ("pipedrive:6", "open", "To measure", "Measured", None),
        ("pipedrive:7", "open", "To measure", "Measured", None),
    ]


def test_a_deals_own_chance_goes_before_its_stages_and_only_an_open_deal_is_expected_to_bring_something(built):
    assert rows(built, "deal_key, probability, expected_amount", "deals")[:3] == [
        ("pipedrive:1", 0.3, 30),
        ("pipedrive:2", 0.6, None),
        ("pipedrive:3", 0.4, None),
    ]


def test_a_deal_names_its_channel_by_a_number_of_its_own_field_and_a_duplicate_counts_in_no_figure(built):
    found = rows(built, "deal_key, channel, excluded_reason, order_reference", "deals")
    assert found[0] == ("pipedrive:1", "web", None, "ZS-1/03/26")
    assert found[2] == ("pipedrive:3", None, "duplicate", None)


def test_a_deleted_deal_is_nowhere_and_one_of_a_deleted_organization_has_no_account(built):
    assert "pipedrive:4" not in [key for key, *_ in rows(built, "deal_key", "deals")]
    accounts = dict(rows(built, "deal_key, account_key", "deal_accounts"))
    assert set(accounts.values()) == {"pipedrive:1"} and "pipedrive:5" not in accounts


def test_passes_keep_their_order_and_a_stage_is_called_as_it_is_called_today(built):
    assert rows(built, "deal_stage_key, stage, stage_order, method, entered_at, exited_at", "deal_stages") == [
        ("pipedrive:1%3A1", "Measured", 1, "log", moment(5), moment(6)),
        ("pipedrive:1%3A2", "Offer", 2, "log", moment(6), moment(7)),
        ("pipedrive:1%3A3", "Measured", 1, "derived", moment(7), None),
        ("pipedrive:2%3A1", "Abolished", None, "log", moment(5), None),
    ]


def test_a_product_switched_off_is_no_line_and_a_deleted_one_is_no_product(built):
    assert rows(built, "deal_line_key, product_key, quantity, unit_price, net_amount", "deal_lines") == [
        ("pipedrive:1", "pipedrive:3", 2, 60, 108),
        ("pipedrive:4", None, 2, 60, 108),
    ]
    assert rows(built, "sku, category, unit_cost, list_price, currency_code", "products") == [
        ("5", None, 12.5, None, None),
        ("W-1", "Bedrooms", None, 60, "PLN"),
    ]


def test_a_lead_that_left_became_the_first_deal_of_its_title_or_was_deleted(built):
    assert rows(built, "lead_key, status, deal_key, channel, converted_at, disqualified_at", "leads") == [
        ("pipedrive:archived", "disqualified", None, None, None, moment(8)),
        ("pipedrive:made", "converted", "pipedrive:6", "web", moment(8), None),
        ("pipedrive:open", "open", None, "web", None, None),
    ]
    assert [key for key, lead in rows(built, "deal_key, lead_key", "deals") if lead] == ["pipedrive:6"]
    assert ("Alfa", "alfa.pl") in rows(built, "company_name, email_domain", "leads")


def test_an_activity_that_is_done_took_place_at_its_hour_or_on_its_day_here(built):
    assert rows(built, "activity_key, kind, minutes, happened_at, account_key, deal_key", "activities") == [
        ("pipedrive:1", "call", 90, datetime(2026, 3, 3, 9, 30), "pipedrive:1", "pipedrive:1"),
        ("pipedrive:2", "call", None, datetime(2026, 3, 2, 23), None, None),
        ("pipedrive:4", "task", None, moment(4), None, None),
    ]


def test_who_is_in_the_list_no_more_works_here_no_more(built):
    assert rows(built, "name, is_active", "people") == [("6", False), ("Anna", True)]


def test_what_is_counted_in_raw_is_what_arrives(built):
    controls = {
        entity: counted
        for entity, *counted in built.sql(
            "select entity, rows_counted, amount from work.staging.source_controls"
        ).fetchall()
    }
    ((deals, amount),) = built.sql("select count(*), sum(amount) from work.canonical.deals").fetchall()
    assert controls["deals"] == [deals, amount] and controls["accounts"][0] == 2
