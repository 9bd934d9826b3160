"""What HubSpot's habits become in the contract: merged records, associations, stages written twice, leads or none."""

from datetime import date, datetime

import pytest

from pipelines.sources import hubspot
from tests import staged

pytestmark = pytest.mark.long


def moment(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute)


def deal(number: int, **other: object) -> dict:
    told = {"id": str(number), "dealname": f"Site {number}", "amount": 100, "createdate": moment(5)}
    told |= {"dealstage": "s1", "pipeline": "p1", "hs_is_closed": False, "hs_is_closed_won": False}
    return told | {"closedate": moment(30)} | other


def contact(number: int, stage: str | None, **other: object) -> dict:
    told = {"id": str(number), "email": f"a{number}@Alfa.pl", "lifecyclestage": stage, "createdate": moment(1)}
    return told | {"company": "Alfa", "hs_analytics_source": "PAID_SEARCH"} | other


def pair(one: int, other: int | None, is_primary: bool | None = None, **more: object) -> dict:
    told = {"id": f"{one}:{other or ''}", "from_id": str(one), "to_id": None if other is None else str(other)}
    return told | {"is_primary": is_primary} | more


def move(deal: int, day: int, stage: str, **other: object) -> dict:
    told = {"id": f"{deal}:dealstage:{day}:{stage}", "deal_id": str(deal), "property": "dealstage", "value": stage}
    return told | {"timestamp": moment(day)} | other


def stage(name: str, label: str, place: int, chance: float, **other: object) -> dict:
    told = {"id": name, "label": label, "display_order": place, "probability": chance, "pipeline_id": "p1"}
    return told | {"is_closed": chance in (0, 1)} | other


ROWS = {
    "account": [{"portal_id": "4711", "company_currency": "EUR"}],
    "owners": [
        {"id": "70", "first_name": "Anna", "last_name": "Nowak", "team": "North"},
        {"id": "71", "first_name": "", "email": "left@firm.example", "archived": True},
    ],
    "companies": [
        {"id": "3", "name": "Alfa Group", "hs_merged_object_ids": "2", "type": "PROSPECT", "domain": "www.alfa.pl"},
        {"id": "2", "name": "Alfa sp. z o.o.", "hs_merged_object_ids": "1", "is_deleted": True},
        {"id": "4", "name": "", "domain": "Beta.pl", "hs_parent_company_id": "1", "country": "Poland"},
        {"id": "5", "name": "Printers", "type": "VENDOR"},
        {"id": "6", "name": "Archived", "is_deleted": True},
    ],
    "contacts": [
        contact(50, "customer", associatedcompanyid="4"),
        contact(51, "lead", associatedcompanyid="2", hs_lifecyclestage_lead_date=moment(2)),
        contact(52, "lead", hs_lead_status="UNQUALIFIED", hs_analytics_source="DIRECT_TRAFFIC"),
        contact(53, "salesqualifiedlead", hs_lifecyclestage_salesqualifiedlead_date=moment(4)),
        contact(54, "subscriber"),
        contact(55, "lead", is_deleted=True),
        contact(56, "customer", hs_lifecyclestage_lead_date=moment(2), hs_lifecyclestage_customer_date=moment(9)),
    ],
    "deals": [
        deal(10, deal_currency_code="PLN", hs_deal_stage_probability=0.2, hs_analytics_source="ORGANIC_SEARCH"),
        deal(11, dealstage="won", hs_is_closed=True, hs_is_closed_won=True, closedate=datetime(2026, 3, 9, 23)),
        deal(12, dealstage="lost", hs_is_closed=None, hs_is_closed_won=None, closed_lost_reason="Duplicate of 11"),
        deal(13, hs_merged_object_ids="14;15", hs_latest_source="OFFLINE"),
        deal(14),
        deal(15, is_deleted=True),
        deal(16, dealstage="abolished", pipeline="p9"),
    ],
    "deal_pipelines": [{"id": "p1", "label": "New business"}, {"id": "p2", "label": "Renewals"}],
    "deal_stages": [
        stage("s1", "Talks", 0, 0.2),
        stage("s2", "Offer", 1, 0.6),
        stage("won", "Won", 2, 1),
        stage("lost", "Lost", 3, 0),
        stage("r1", "Talks", 0, 0.5, pipeline_id="p2"),
    ],
    "deal_companies": [
        pair(10, 4),
        pair(10, 1, True),
        pair(11, 6),
        pair(12, 5, is_deleted=True),
        pair(13, None),
        pair(15, 3),
        pair(16, 4),
        pair(16, 3),
    ],
    "deal_contacts": [pair(13, 50), pair(10, 51), pair(16, 51), pair(12, 55)],
    "deal_stage_history": [
        move(10, 5, "s1"),
        move(10, 6, "s1"),
        move(10, 7, "s2"),
        move(10, 8, ""),
        move(10, 9, "s1"),
        move(10, 10, "r1"),
        move(11, 5, "s9"),
        move(15, 5, "s1"),
        move(10, 6, "p2", id="10:pipeline:6:p2", property="pipeline"),
    ],
    "line_items": [
        {"id": "80", "hs_product_id": "90", "name": "Hours", "quantity": 10, "price": 12.5, "amount": 112.5},
        {"id": "81", "name": "Of a quote", "quantity": 1, "price": 1},
        {"id": "82", "name": "Fixed", "quantity": 2, "price": 3},
    ],
    "line_item_deals": [pair(80, 10), pair(81, None), pair(82, 11)],
    "products": [
        {"id": "90", "hs_sku": "H-1", "name": "Hours", "price": 12.5},
        {"id": "91", "hs_sku": " ", "is_deleted": True},
    ],
    "quotes": [
        {"id": "60", "hs_title": "Offer", "hs_quote_amount": 110, "hs_createdate": moment(7), "order_reference": "ZS/1"}
        | {"hs_accepted_date": moment(8), "hs_status": "APPROVED"},
    ],
    "quote_deals": [pair(60, 10)],
    "tickets": [
        {"id": "40", "hs_ticket_category": "BILLING_ISSUE;PRODUCT_ISSUE", "createdate": moment(3)},
        {"id": "41", "hs_ticket_category": "FEATURE_REQUEST", "order_reference": " ZS/1", "hs_merged_object_ids": "42"},
        {"id": "42"},
    ],
    "ticket_companies": [pair(40, 2)],
    "calls": [{"id": "20", "hs_call_duration": 90000, "hs_timestamp": moment(3), "hubspot_owner_id": "70"}],
    "call_companies": [pair(20, 4), pair(20, 3)],
    "call_deals": [pair(20, 10)],
    "emails": [{"id": "21", "hs_timestamp": moment(4)}],
    "meetings": [
        {"id": "20", "hs_meeting_start_time": moment(5), "hs_meeting_end_time": moment(5, 10, 30)},
        {"id": "22", "hs_meeting_start_time": moment(5), "hs_meeting_outcome": "NO_SHOW"},
    ],
    "meeting_deals": [pair(20, 15)],
    "tasks": [
        {"id": "23", "hs_timestamp": moment(6), "hs_task_status": "COMPLETED"},
        {"id": "24", "hs_timestamp": moment(6), "hs_task_status": "NOT_STARTED"},
    ],
    "campaigns": [
        {"id": "g-1", "hs_name": "Spring", "hs_spend_items_sum_amount": 250, "hs_start_date": date(2026, 3, 1)},
        {"id": "g-2", "hs_name": "Free", "hs_start_date": date(2026, 3, 2), "is_deleted": True},
    ],
}


# A second portal, which has leads of its own; its words for their stages are not English.
NORTH = {
    "contacts": [contact(50, "lead", hs_lifecyclestage_lead_date=moment(2))],
    "deals": [deal(10)],
    "lead_stages": [
        {"id": "unqualified-stage-id", "label": "Odrzucony"},
        {"id": "qualified-stage-id", "label": "Wybrany"},
        {"id": "4711", "label": "Disqualified: no budget"},
    ],
    "leads": [
        {"id": str(number), "hs_pipeline_stage": stage, "hs_createdate": moment(1), "hubspot_owner_id": "70"}
        for number, stage in enumerate(["new", "qualified-stage-id", "unqualified-stage-id", "4711", "new"], 30)
    ],
    "lead_contacts": [pair(30, 50)],
    "lead_deals": [pair(34, 10)],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staging")
    portals = [
        staged.landing(folder, "hubspot", hubspot.STREAMS, {}, ROWS),
        staged.landing(folder, "hubspot", hubspot.STREAMS, {}, NORTH, label="north"),
    ]
    models = "accounts people campaigns marketing_costs leads deals deal_accounts deal_stages deal_lines quotes"
    with staged.built(folder, portals, f"{models} activities stg_hubspot__tickets products source_controls") as made:
        yield made


def rows(built, columns: str, entity: str, source: str = "hubspot") -> list[tuple]:
    table = f"staging.stg_hubspot__{entity}" if entity == "tickets" else f"canonical.{entity}"
    where = f"where source = '{source}' order by all"
    found = built.sql(f"select {columns} from work.{table} {where}").fetchall()  # noqa: S608
    return [tuple(float(one) if hasattr(one, "as_tuple") else one for one in row) for row in found]


def test_a_company_is_a_customer_unless_it_sells_to_us_and_has_a_name_in_any_case(built):
    columns = "account_key, name, website_domain, country_code, parent_account_key, is_customer, is_supplier"
    assert rows(built, columns, "accounts") == [
        ("hubspot:3", "Alfa Group", "alfa.pl", None, None, True, False),
        ("hubspot:4", "Beta.pl", "beta.pl", "PL", "hubspot:3", True, False),
        ("hubspot:5", "Printers", None, None, None, False, True),
    ]


def test_a_deal_belongs_to_its_main_company_else_to_the_first_of_them_else_to_that_of_its_contact(built):
    """One company was merged into a second and that into a third; another was archived."""
    assert rows(built, "deal_key || ' ' || account_key, is_primary", "deal_accounts") == [
        ("hubspot:10 hubspot:3", True),
        ("hubspot:10 hubspot:4", False),
        ("hubspot:13 hubspot:4", True),
        ("hubspot:16 hubspot:3", True),
        ("hubspot:16 hubspot:4", False),
    ]
    accounts = dict(rows(built, "deal_key, account_key", "deals"))
    assert accounts["hubspot:10"] == "hubspot:3" and accounts["hubspot:11"] is None


def test_a_deal_stands_where_its_pipeline_and_stage_are_called_and_is_closed_when_its_stage_says_so(built):
    assert rows(built, "deal_key, status, pipeline, stage, closed_at, expected_close_date", "deals") == [
        ("hubspot:10", "open", "New business", "Talks", None, date(2026, 3, 30)),
        ("hubspot:11", "won", "New business", "Won", datetime(2026, 3, 9, 23), date(2026, 3, 10)),
        ("hubspot:12", "lost", "New business", "Lost", moment(30), date(2026, 3, 30)),
        ("hubspot:13", "open", "New business", "Talks", None, date(2026, 3, 30)),
        ("hubspot:14", "open", "New business", "Talks", None, date(2026, 3, 30)),
        ("hubspot:16", "open", "p9", "abolished", None, date(2026, 3, 30)),
    ]


def test_a_merged_deal_that_is_still_shown_counts_in_no_figure_and_neither_does_a_duplicate(built):
    reasons = dict(rows(built, "deal_key, excluded_reason", "deals"))
    assert {key: reason for key, reason in reasons.items() if reason} == {
        "hubspot:12": "duplicate",
        "hubspot:14": "merged",
    }


def test_a_deal_without_a_currency_is_in_the_portals_and_without_a_chance_of_its_own_has_its_stages(built):
    found = rows(built, "deal_key, currency_code, probability, channel", "deals")
    assert found[0] == ("hubspot:10", "PLN", 0.2, "search")
    assert found[1] == ("hubspot:11", "EUR", 1, None)
    assert found[3] == ("hubspot:13", "EUR", 0.2, "other")


def test_a_stage_written_again_is_no_pass_and_one_of_another_pipeline_is_though_it_is_called_the_same(built):
    assert rows(built, "deal_key, entered_at, stage, stage_order, method, exited_at", "deal_stages") == [
        ("hubspot:10", moment(5), "Talks", 0, "log", moment(7)),
        ("hubspot:10", moment(7), "Offer", 1, "log", moment(9)),
        ("hubspot:10", moment(9), "Talks", 0, "log", moment(10)),
        ("hubspot:10", moment(10), "Talks", 0, "log", None),
        ("hubspot:11", moment(5), "s9", None, "log", None),
    ]


def test_without_leads_of_their_own_contacts_that_were_leads_are_the_leads(built):
    columns = "lead_key, status, account_key, deal_key, channel, qualified_at, converted_at"
    assert rows(built, columns, "leads") == [
        ("hubspot:contact:51", "converted", "hubspot:3", "hubspot:10", "advertising", None, moment(5)),
        ("hubspot:contact:52", "disqualified", None, None, "web", None, None),
        ("hubspot:contact:53", "qualified", None, None, "advertising", moment(4), None),
        ("hubspot:contact:56", "converted", None, None, "advertising", None, moment(9)),
    ]
    first = rows(built, "lead_key, company_name, email_domain, created_at", "leads")[0]
    assert first[1:] == ("Alfa", "alfa.pl", moment(2))
    leads = {key: lead for key, lead in rows(built, "deal_key, lead_key", "deals") if lead}
    assert leads == {"hubspot:10": "hubspot:contact:51"}


def test_where_leads_are_records_of_their_own_contacts_are_none_and_a_lead_with_a_deal_is_converted(built):
    assert rows(built, "lead_key, status, deal_key, channel, converted_at", "leads", "hubspot@north") == [
        ("hubspot@north:30", "open", None, "advertising", None),
        ("hubspot@north:31", "qualified", None, None, None),
        ("hubspot@north:32", "disqualified", None, None, None),
        ("hubspot@north:33", "disqualified", None, None, None),
        ("hubspot@north:34", "converted", "hubspot@north:10", None, moment(5)),
    ]


def test_lines_of_a_quote_are_no_lines_of_its_deal(built):
    assert rows(built, "deal_line_key, deal_key, product_key, net_amount", "deal_lines") == [
        ("hubspot:80", "hubspot:10", "hubspot:90", 112.5),
        ("hubspot:82", "hubspot:11", None, 6),
    ]
    assert rows(built, "sku, list_price, currency_code", "products") == [("H-1", 12.5, "EUR")]


def test_a_quote_belongs_to_the_company_of_its_deal_and_was_accepted_when_it_was(built):
    columns = "quote_number, deal_key, account_key, order_reference, net_amount, accepted_at"
    assert rows(built, columns, "quotes") == [("Offer", "hubspot:10", "hubspot:3", "ZS/1", 110, moment(8))]


def test_what_took_place_is_an_activity_and_a_call_may_have_the_number_of_a_meeting(built):
    """The meeting was about a deal that has since been merged into another."""
    columns = "activity_key, minutes, happened_at, account_key, deal_key, person_key"
    assert rows(built, columns, "activities") == [
        ("hubspot:call:20", 2, moment(3), "hubspot:3", "hubspot:10", "hubspot:70"),
        ("hubspot:email:21", None, moment(4), None, None, None),
        ("hubspot:meeting:20", 90, moment(5), None, "hubspot:13", None),
        ("hubspot:task:23", None, moment(6), None, None, None),
    ]


def test_a_ticket_of_several_categories_is_a_claim_when_one_of_them_is(built):
    assert rows(built, "ticket_key, kind, account_key, order_reference", "tickets") == [
        ("hubspot:40", "claim", "hubspot:3", None),
        ("hubspot:41", "service", None, "ZS/1"),
    ]


def test_owners_who_left_are_known_and_campaigns_that_are_gone_too(built):
    assert rows(built, "name, team, is_active", "people") == [
        ("Anna Nowak", "North", True),
        ("left@firm.example", None, False),
    ]
    assert rows(built, "name", "campaigns") == [("Free",), ("Spring",)]
    costs = rows(built, "cost_date, amount, currency_code, campaign_key", "marketing_costs")
    assert costs == [(date(2026, 3, 1), 250, "EUR", "hubspot:g-1")]


def test_what_is_counted_in_raw_is_what_arrives(built):
    controls = "select source, entity, rows_counted, amount from work.staging.source_controls"
    found = built.sql(controls).fetchall()
    for source, entity, *counted in found:
        money = {"deals": "sum(amount)", "quotes": "sum(net_amount)"}.get(entity, "null")
        arrived = f"select count(*), {money} from work.canonical.{entity} where source = '{source}'"  # noqa: S608
        assert built.sql(arrived).fetchall() == [tuple(counted)]
    assert {entity for _, entity, *_ in found} == {"accounts", "deals", "quotes", "products"}
