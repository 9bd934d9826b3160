"""Small records in Pipedrive's own shapes, each row told apart by its number."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

STREAMS, ENTITY, TABLE = "organizations users", "organizations", "organizations"
START = datetime(2026, 1, 1, 8)
FIRST_STAGE = 10
TAX_ID = "a" * 40


def moment(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def uuid(number: int) -> str:
    return f"adf21080-0e10-11eb-879b-{number:012x}"


def of(rows: int, **fields: Any) -> pl.DataFrame:
    """A frame; what is not a function of the row's number is the same in each."""
    made = {name: [give(n) if callable(give) else give for n in range(rows)] for name, give in fields.items()}
    empty = {name: pl.String for name, values in made.items() if all(value is None for value in values)}
    return pl.DataFrame(made, schema_overrides=empty)


def organizations(rows: int) -> pl.DataFrame:
    return of(
        rows,
        id=lambda n: n + 1,
        name=lambda n: f"Organization {n}",
        owner_id=1,
        address=lambda n: {
            "value": f"Street {n}, Warszawa",
            "route": "Street",
            "street_number": str(n),
            "postal_code": "00-001",
            "locality": "Warszawa",
            "admin_area_level_1": "Mazowieckie",
            "country": "Poland",
        },
        is_deleted=False,
        custom_fields=lambda n: {TAX_ID: f"521000000{n}"},
        add_time=moment,
        update_time=moment,
    )


def persons(rows: int) -> pl.DataFrame:
    return of(
        rows,
        id=lambda n: n + 1,
        name=lambda n: f"Person {n}",
        owner_id=1,
        org_id=lambda n: n + 1,
        emails=lambda n: [
            {"value": f"old{n}@example.org", "primary": False, "label": "home"},
            {"value": f"person{n}@example.org", "primary": True, "label": "work"},
        ],
        phones=lambda n: [{"value": f"+48 22 000 00 {n:02d}", "primary": False, "label": "work"}],
        is_deleted=False,
        add_time=moment,
        update_time=moment,
    )


def deals(rows: int, **other: Any) -> pl.DataFrame:
    fields: dict[str, Any] = {
        "id": lambda n: n + 1,
        "title": lambda n: f"Deal {n}",
        "value": lambda n: n + 0.25,
        "currency": "PLN",
        "status": "open",
        "probability": None,
        "lost_reason": None,
        "origin": "ManuallyCreated",
        "origin_id": None,
        "channel": 52,
        "channel_id": None,
        "owner_id": 1,
        "person_id": lambda n: n + 1,
        "org_id": lambda n: n + 1,
        "pipeline_id": 1,
        "stage_id": FIRST_STAGE,
        "is_deleted": False,
        "is_archived": False,
        "expected_close_date": "2026-09-30",
        "stage_change_time": None,
        "close_time": None,
        "won_time": None,
        "lost_time": None,
        "custom_fields": None,
        "add_time": moment,
        "update_time": moment,
    }
    return of(rows, **(fields | other))


def deal_products(rows: int, deals: int) -> pl.DataFrame:
    """Products spread over the first so many deals."""
    return of(
        rows,
        id=lambda n: n + 1,
        deal_id=lambda n: n % deals + 1,
        product_id=1,
        name=lambda n: f"Product {n}",
        currency="PLN",
        item_price=12.5,
        quantity=2,
        discount=0,
        discount_type="percentage",
        sum=25.0,
        comments="",
        is_enabled=True,
    )


def change(deal: int, number: int, minutes: float, old: int | None, new: int, **other: Any) -> dict[str, Any]:
    """A change of stage as the feed has it: ids and stages are text."""
    at = (START + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")
    data = {
        "id": str(number),
        "item_id": str(deal),
        "user_id": "1",
        "field_key": "stage_id",
        "old_value": None if old is None else str(old),
        "new_value": str(new),
        "additional_data": {"old_value_formatted": f"Stage {old}", "new_value_formatted": f"Stage {new}"},
        "change_source": "app",
        "log_time": at,
    }
    return {"deal_id": deal, "object": "dealChange", "timestamp": at, "data": data | other}


def flow(changes: list[dict[str, Any]]) -> pl.DataFrame:
    shape = change(1, 1, 0, 1, 2)["data"]
    names = pl.Struct({"old_value_formatted": pl.String, "new_value_formatted": pl.String})
    data = pl.Struct({name: names if name == "additional_data" else pl.String for name in shape})
    return pl.DataFrame(
        changes, schema={"deal_id": pl.Int64, "object": pl.String, "timestamp": pl.String, "data": data}
    )


def leads(rows: int, **other: Any) -> pl.DataFrame:
    fields: dict[str, Any] = {
        "id": uuid,
        "title": lambda n: f"Lead {n}",
        "owner_id": 1,
        "person_id": lambda n: n + 1,
        "organization_id": None,
        "source_name": "Manually created",
        "origin": "ManuallyCreated",
        "origin_id": None,
        "channel": None,
        "channel_id": None,
        "value": lambda n: {"amount": n + 0.5, "currency": "EUR"} if n else None,
        "expected_close_date": None,
        "is_archived": False,
        "add_time": lambda n: moment(n).replace("Z", ".123Z"),
        "update_time": lambda n: moment(n).replace("Z", ".123Z"),
    }
    return of(rows, **(fields | other))


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    """A company whose second deal has moved twice; deals one and two have products."""
    moved = [change(2, 2, 20, 11, 12), change(2, 1, 10, 10, 11)]
    return {
        "organizations": organizations(rows),
        "persons": persons(rows),
        "deals": deals(
            rows,
            stage_id=lambda n: 12 if n == 1 else FIRST_STAGE,
            stage_change_time=lambda n: moment(20) if n == 1 else None,
            update_time=lambda n: moment({1: 20, rows - 1: 100}.get(n, n)),
        ),
        "dealProducts": deal_products(4, 2),
        "dealFlow": flow(moved),
        "products": of(
            rows,
            id=lambda n: n + 1,
            name=lambda n: f"Product {n}",
            code=lambda n: f"P-{n}",
            unit="pcs",
            category=None,
            owner_id=1,
            tax=23,
            prices=lambda n: [{"product_id": n + 1, "price": 12.5, "currency": "PLN", "cost": 7.25}],
            is_deleted=False,
            add_time=moment,
            update_time=moment,
        ),
        "leads": leads(rows),
        "activities": of(
            rows,
            id=lambda n: n + 1,
            type="call",
            owner_id=1,
            deal_id=lambda n: n + 1,
            lead_id=None,
            person_id=lambda n: n + 1,
            org_id=lambda n: n + 1,
            due_date="2026-03-01",
            due_time="09:30",
            duration="00:30",
            done=True,
            is_deleted=False,
            marked_as_done_time="",
            add_time=moment,
            update_time=moment,
        ),
        "pipelines": of(1, id=1, name="Sales", order_nr=0, is_deleted=False),
        "stages": of(
            3,
            id=lambda n: FIRST_STAGE + n,
            name=lambda n: f"Stage {FIRST_STAGE + n}",
            order_nr=lambda n: n,
            pipeline_id=1,
            deal_probability=100,
            is_deleted=False,
        ),
        "users": of(
            2, id=lambda n: n + 1, name=lambda n: f"User {n}", email="u@example.org", role_id=1, active_flag=True
        ),
        "leadSources": of(2, name=lambda n: ("Manually created", "Deal")[n]),
        "currencies": of(1, id=1, code="PLN", name="Polish Zloty", decimal_points=2, active_flag=True),
        "dealFields": of(
            1, field_code="channel", field_name="Source channel", options=[{"id": 52, "label": "Website"}]
        ),
        "organizationFields": of(1, field_code=TAX_ID, field_name="NIP", options=None),
        "productFields": of(1, field_code="category", field_name="Category", options=[{"id": 7, "label": "Parts"}]),
    }
