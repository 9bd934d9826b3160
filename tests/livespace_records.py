"""Small records in Livespace's own shapes, each row told apart by its number."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl

STREAMS, ENTITY, TABLE = "deals users", "Deal/getAll", "deals"
UNLINKED = True  # its pages do not say where the next one is
START = datetime(2026, 1, 1, 8)
STAGES = ("Talks", "Offer", "Contract")


def moment(minutes: float) -> str:
    """By a clock two hours ahead, the offset in two digits."""
    return (START + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S+02")


def uuid(kind: str, number: int) -> str:
    return f"{kind}0000-0e10-11eb-879b-{number:012x}"


def of(rows: int, **fields: Any) -> pl.DataFrame:
    """A frame; what is not a function of the row's number is the same in each."""
    give: Callable[[Any, int], Any] = lambda value, row: value(row) if callable(value) else value  # noqa: E731
    made = {name: [give(value, row) for row in range(rows)] for name, value in fields.items()}
    empty = {name: pl.String for name, values in made.items() if all(value is None for value in values)}
    return pl.DataFrame(made, schema_overrides=empty)


def stage(place: int) -> str:
    return uuid("57a6", place)


def deals(rows: int, **other: Any) -> pl.DataFrame:
    fields: dict[str, Any] = {
        "id": lambda n: uuid("dea1", n),
        "deal_id": lambda n: str(n),
        "name": lambda n: f"Deal {n}",
        "status": "open",
        "currency": "PLN",
        "value": lambda n: f"{n} 234,50",
        "value_final": "0,00",
        "probability": "5,00",
        "process_id": uuid("5e11", 0),
        "stage_id": stage(0),
        "company_id": lambda n: uuid("c0de", n),
        "owner_id": None,
        "source_name": "Polecenie",
        "lost_reason_name": None,
        "url": lambda n: f"https://example.livespace.io/deal/{n}",
        "date_end": "2026-09-30",
        "created": moment,
        "modified": moment,
        "status_change_date": None,
    }
    return of(rows, **(fields | other))


def records(rows: int = 5) -> dict[str, pl.DataFrame]:
    """An account with so many companies and deals, all in the first stage."""
    return {
        "Contact/getAll/company": of(
            rows,
            id=lambda n: uuid("c0de", n),
            name=lambda n: f"Company {n}",
            nip=lambda n: f"521000000{n}",
            email=lambda n: f"office{n}@example.org",
            phone="+48 22 000 00 00",
            www="www.example.org",
            owner_id=None,
            source_name="Polecenie",
            url=lambda n: f"https://example.livespace.io/company/{n}",
            addresses=lambda n: [{"street": f"Nowa {n}", "city": "Warszawa", "postcode": "00-001"}],
            created=moment,
            modified=moment,
        ),
        "Deal/getAll": deals(rows),
        "Deal/process_getList": of(
            len(STAGES),
            id=stage,
            name=lambda n: STAGES[n],
            process_id=uuid("5e11", 0),
            process_name="Sales",
            place=lambda n: n,
        ),
        "Default/User_getAll": of(
            rows,
            id=lambda n: uuid("05e5", n),
            name=lambda n: f"User {n}",
            firstname="User",
            lastname=lambda n: str(n),
            email=lambda n: f"user{n}@example.org",
        ),
        "Deal/product_getAll": of(
            2,
            id=lambda n: uuid("b00c", n),
            name=lambda n: f"Product {n}",
            sku=lambda n: f"P-{n}",
            default_price="2500.00",
        ),
    }
