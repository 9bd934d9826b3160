"""The marketing agency's books: what enova365 shows of it, and what is read out of that, against what really happened."""

from datetime import date, datetime, timedelta

import duckdb
import polars as pl
import pytest

from pipelines.erased import Erased
from pipelines.load import load
from pipelines.sandbox.agency.company import Agency
from pipelines.sandbox.agency.enova_words import BUFFER, CATEGORY, DEAL, SEGMENT
from pipelines.sandbox.agency.truth_erp import in_erp
from pipelines.sandbox.business import truth_money, truth_orders
from pipelines.sandbox.server import serve
from pipelines.sources import enova365
from pipelines.streams import KEY_PARTS
from tests import staged
from tests.published import compared
from tests.source_at_work import QUICK

TODAY = date(2026, 5, 29)
SCALE = 0.3
FIELDS = {"deal_feature": DEAL, "category_feature": CATEGORY, "segment_feature": SEGMENT, "sweep_days": "1"}
MODELS = "accounts people products orders order_lines order_events invoices invoice_lines payments payment_allocations"
NO_GOODS = {"Obroty", "Zasoby"}  # of hours nothing is taken out of a warehouse, and nothing lies in one


@pytest.fixture(scope="module")
def company() -> Agency:
    return Agency(TODAY, SCALE)


def read(sandbox, system: str, folder, day: date) -> dict:
    """What a source brings on the evening of that day, into the landing file it filled before."""
    landing = folder / f"{system}.duckdb"
    known = sandbox.settings(system) | QUICK | (FIELDS if system == "enova365" else {"start": "2023-10-01"})
    now = datetime(day.year, day.month, day.day, 22)
    settings = known | {"time_zone": "Europe/Warsaw"}
    load(system, system, landing, folder / f"{system} {day}", settings=settings, now=now, erased=Erased())
    return {"path": str(landing), "alias": system, "read_only": True}


@pytest.fixture(scope="module")
def warehouse(company, tmp_path_factory):
    """The ERP as it was read out of its database, as canonical tables and what is receivable."""
    folder = tmp_path_factory.mktemp("agency")
    with serve(company) as sandbox:
        attached = [read(sandbox, system, folder, TODAY) for system in ("enova365", "nbp")]
    models = " ".join(f"canonical.{model}" for model in MODELS.split())
    with staged.built(folder, attached, f"{models} receivables", TODAY.isoformat()) as connection:
        yield lambda sql: connection.sql(sql).pl()


def made_of(stream, field: str | None) -> list[str]:
    """The columns of the table that a key or a cursor is made of."""
    return list(stream.parts(field)) if field else []


def test_the_erp_shows_every_table_that_is_read_and_nothing_that_is_not(company):
    records = company.records("enova365")
    assert set(records) == {stream.entity for stream in enova365.STREAMS}
    for stream in enova365.STREAMS:
        frame = records[stream.entity]
        declared = {name for column in stream.columns for name in made_of(stream, column.field)}
        assert set(frame.columns) <= declared, stream.entity
        assert frame.is_empty() is (stream.entity in NO_GOODS), stream.entity
        assert not frame.height or not any(frame.null_count().row(0)), f"{stream.entity}: enova365 has its own nothing"
        assert not frame.select(made_of(stream, stream.key)).is_duplicated().any(), stream.entity


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 3, 31), date(2026, 4, 20), date(2026, 5, 29)])
def test_the_books_of_the_past_stay_when_the_day_moves_on(day):
    before, after = (Agency(day + timedelta(days=later)).records("enova365") for later in (0, 1))
    evening = (day - date(1970, 1, 1)).days * 86_400 + 86_399
    drafts = before["DokHandlowe"].filter(pl.col("Stan") == BUFFER).select(Dokument="ID")
    for stream in enova365.STREAMS:
        key, old, new = made_of(stream, stream.key), before[stream.entity], after[stream.entity]
        gone = old.join(new, on=key, how="anti")
        if "Dokument" in old.columns and stream.entity == "PozycjeDokHan":
            assert gone.join(drafts, on="Dokument", how="anti").is_empty(), "a line of a document that stays is gone"
        elif stream.entity not in ("DokHandlowe", "Platnosci"):
            assert gone.is_empty(), f"{stream.entity} lost rows"
        both = old.join(new, on=key, suffix="_next")
        if "Stamp" in old.columns:
            both = both.filter(pl.col("Stamp") == pl.col("Stamp_next"))
            fresh = new.join(old, on=key, how="anti")
            assert (fresh["Stamp"] > evening).all(), f"{stream.entity} has new rows of an old day"
            assert (new["Stamp"] <= evening + 86_400).all(), f"{stream.entity} was changed tomorrow"
        for name in set(old.columns) - set(key):
            same = both[name].eq_missing(both[f"{name}_next"])
            assert same.all(), f"{stream.entity}.{name} changed without a new Stamp"


def test_what_is_read_day_by_day_is_what_is_read_at_once(tmp_path):
    """A draft invoice lies in the buffer on the first day, is dropped on the second, and never was on the third."""
    dropped = Agency(TODAY).invoices.filter(pl.col("t_dropped") < TODAY.toordinal() * 86_400)
    drafted, went = ((dropped[name] // 86_400).to_list() for name in ("t_drafted", "t_dropped"))
    first = next(date(1970, 1, 1) + timedelta(days=a) for a, b in zip(drafted, went, strict=True) if b == a + 1)
    days = [first + timedelta(days=later) for later in range(3)]
    each, once = tmp_path / "each", tmp_path / "once"
    with serve(Agency(days[0], 1)) as sandbox:
        for day in days:
            sandbox.records = Agency(day)
            assert stands(read(sandbox, "enova365", each, day)).select("ID").height > 0
        read(sandbox, "enova365", once, days[-1])
    for stream in enova365.STREAMS:
        assert landed(each, stream.name) == landed(once, stream.name), stream.name
