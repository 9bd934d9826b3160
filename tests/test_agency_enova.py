"""The marketing agency's books: what enova365 shows, and what is read out of that, against what really happened."""

from datetime import date, datetime, timedelta

import duckdb
import polars as pl
import pytest

from pipelines.erased import Erased
from pipelines.load import load
from pipelines.sandbox.agency.company import Agency
from pipelines.sandbox.agency.enova_words import BUFFER, CATEGORY, CORRECTS, DEAL, SEGMENT
from pipelines.sandbox.agency.truth_erp import in_erp
from pipelines.sandbox.business import truth_orders
from pipelines.sandbox.server import serve
from pipelines.sources import enova365
from tests import staged
from tests.published import compared
from tests.source_at_work import QUICK

pytestmark = pytest.mark.long
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
def test_the_books_of_the_past_stay_when_a_week_goes_by(day):
    before, after = (Agency(day + timedelta(days=later)).records("enova365") for later in (0, 7))
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
            assert (new["Stamp"] <= evening + 7 * 86_400).all(), f"{stream.entity} was changed in days to come"
        for name in set(old.columns) - set(key):
            same = both[name].eq_missing(both[f"{name}_next"])
            assert same.all(), f"{stream.entity}.{name} changed without a new Stamp"


def cents(*columns: str) -> list[pl.Expr]:
    return [(pl.col(name) * 100).round().cast(pl.Int64) for name in columns]


def test_a_document_is_the_sum_of_its_lines_and_a_correction_of_what_it_changes(company):
    records, sums = company.records("enova365"), ["SumaNetto", "SumaVAT"]
    stated = records["PozycjeDokHan"].select("Dokument", "Ident", *cents(*sums))
    corrected = records["RelacjeHandlowe"].filter(pl.col("Typ") == CORRECTS).select(Relacja="ID")
    pairs = records["PozRelHandlowej"].join(corrected, on="Relacja")
    before = pairs.join(stated, left_on=["NadrzednyDok", "NadrzednaIdent"], right_on=["Dokument", "Ident"])
    before = before.select(-pl.col(*sums), Dokument="PodrzednyDok")
    lines = pl.concat([stated.select(before.columns), before]).group_by("Dokument").agg(pl.col(*sums).sum())
    heads = records["DokHandlowe"].select("Kategoria", *cents(*sums), Dokument="ID")
    both = heads.join(lines, on="Dokument", how="full", suffix="_of_lines")
    for name in sums:
        assert both.filter(pl.col(name).ne_missing(pl.col(f"{name}_of_lines"))).is_empty(), name
    assert set(heads["Kategoria"]) == {2, 3, 302} and pairs.height > 20


def test_no_settlement_takes_more_of_either_side_than_there_is(company):
    records = company.records("enova365")
    settled = records["RozliczeniaSP"].with_columns(cents("KwotaDokumentuValue", "KwotaZaplatyValue"))
    by_money = pl.col("ZaplataType") == "Zaplaty"
    sides = [
        settled.select(ID="Dokument", used="KwotaDokumentuValue"),
        settled.filter(~by_money).select(ID="Zaplata", used="KwotaZaplatyValue"),
    ]
    due = pl.concat(sides).group_by("ID").agg(pl.col("used").sum())
    used = settled.filter(by_money).group_by(ID="Zaplata").agg(used=pl.col("KwotaZaplatyValue").sum())
    for entity, taken in (("Platnosci", due), ("Zaplaty", used)):
        rows = taken.join(records[entity].select("ID", *cents("KwotaValue")), on="ID", how="left")
        assert rows.filter((pl.col("used") > pl.col("KwotaValue")).fill_null(True)).is_empty(), entity
        assert rows.height > 100 and (rows["used"] == rows["KwotaValue"]).any(), entity


def landed(file: dict, stream) -> list[tuple]:
    """The rows of a table that are there, column by column as they are declared."""
    names = ", ".join(column.name for column in stream.columns)
    with duckdb.connect(file["path"], read_only=True) as connection:
        query = f"select {names} from raw.{stream.name} where not is_deleted order by all"  # noqa: S608
        return connection.execute(query).fetchall()


def test_what_is_read_day_by_day_is_what_is_read_at_once_also_when_a_draft_is_dropped(tmp_path):
    drafts = Agency(TODAY).invoices.filter(pl.col("t_dropped") // 86_400 - pl.col("t_drafted") // 86_400 == 1)
    first = date(1970, 1, 1) + timedelta(days=drafts["t_drafted"].max() // 86_400)
    each, once = tmp_path / "each", tmp_path / "once"
    each.mkdir(), once.mkdir()
    documents = next(stream for stream in enova365.STREAMS if stream.entity == "DokHandlowe")
    state = [column.name for column in documents.columns].index("stan")
    seen = []
    with serve(Agency(first)) as sandbox:
        for later in range(3):
            day = first + timedelta(days=later)
            sandbox.records = Agency(day)
            daily = read(sandbox, "enova365", each, day)
            seen.append(sum(row[state] == BUFFER for row in landed(daily, documents)))
        whole = read(sandbox, "enova365", once, day)
    assert seen[0] > seen[-1], "no draft was dropped"
    for stream in enova365.STREAMS:
        each_day, at_once = landed(daily, stream), landed(whole, stream)
        if stream.entity == "ChangeInfos":
            # The log keeps what it said of a draft while the draft was there.
            assert set(at_once) < set(each_day) and len(each_day) - len(at_once) <= seen[0], stream.name
        else:
            assert each_day == at_once, stream.name


def test_every_invoice_and_correction_is_what_was_written_and_a_wrong_one_is_cancelled(company, warehouse):
    found = warehouse(
        "select invoices.*, corrected.invoice_number as corrected_number, orders.order_number as found_order,"
        " cast(round(invoices.net_amount * invoices.booked_rate, 2) as decimal(18, 2)) as booked_net"
        " from work.canonical.invoices"
        " left join work.canonical.invoices as corrected on invoices.corrects_invoice_key = corrected.invoice_key"
        " left join work.canonical.orders on invoices.order_key = orders.order_key and invoices.kind = 'invoice'"
    )
    pairs = {
        "kind": "kind", "net": "net_amount", "gross": "gross_amount", "currency": "currency_code",
        "posted_date": "issued_date", "is_cancelled": "is_cancelled", "net_zloty": "booked_net",
        "corrects": "corrected_number", "order_number": "found_order",
    }  # fmt: skip
    truth = company.truth()["invoices"]
    assert compared(truth, found, "invoice_number", pairs) == []
    assert truth["is_cancelled"].any() and truth["corrects"].n_unique() > 20 and "EUR" in set(truth["currency"])


def test_every_line_of_a_document_sums_to_it_and_a_correction_changes_no_line_it_only_repeats(company, warehouse):
    found = warehouse(
        "select invoices.kind, invoices.invoice_number, any_value(invoices.net_amount) as whole,"
        " sum(lines.net_amount) as lines, count(*) as many from work.canonical.invoices"
        " left join work.canonical.invoice_lines as lines using (invoice_key) group by all"
    )
    assert found.filter((pl.col("whole") != pl.col("lines")).fill_null(True)).is_empty()
    corrections = found.filter(pl.col("kind") == "correction")
    assert corrections.height > 20 and corrections["many"].max() == 1, "one line is given back or allowed for"


def test_what_every_customer_owes_is_right_to_the_cent(company, warehouse):
    found = warehouse("select * from work.marts.receivables")
    truth = company.truth()["receivables"]
    pairs = {"open_amount": "open_amount", "settled_date": "settled_date", "currency": "currency_code"}
    assert compared(truth, found, "invoice_number", pairs) == []
    assert {"EUR", "PLN"} <= set(truth.filter(pl.col("open_amount") != 0)["currency"])


def test_money_in_advance_waits_for_its_invoice(company, warehouse):
    early = warehouse(
        "select count(*) as many from work.canonical.payments as payments"
        " inner join work.canonical.payment_allocations as allocations using (payment_key)"
        " where payments.paid_date < allocations.allocated_date"
    )
    assert early["many"].item() > 10
    paid = warehouse("select currency_code, sum(amount) as amount from work.canonical.payments group by 1")
    truth = company.known_entries.filter(pl.col("kind") == 2).group_by("currency").agg(-pl.col("amount").sum())
    assert {row[0]: int(row[1] * 100) for row in paid.iter_rows()} == dict(truth.iter_rows())


def test_every_order_has_its_value_its_customer_its_deal_and_its_days(company, warehouse):
    found = warehouse(
        "select orders.*, cast(ordered_at at time zone 'UTC' at time zone 'Europe/Warsaw' as date) as ordered_day,"
        " cast(cancelled_at at time zone 'UTC' at time zone 'Europe/Warsaw' as date) as cancelled_day,"
        " split_part(account_key, ':', -1) as card, lines.lines as found_lines"
        " from work.canonical.orders left join"
        " (select order_key, count(*) as lines from work.canonical.order_lines group by 1) as lines using (order_key)"
    )
    pairs = {
        "net_amount": "net_amount", "currency": "currency_code", "lines": "found_lines", "ordered_date": "ordered_day",
        "requested_date": "requested_date", "promised_date": "promised_date", "is_cancelled": "is_cancelled",
        "cancelled_date": "cancelled_day", "card": "card", "noted_deal": "deal_reference",
    }  # fmt: skip
    cards = company.customers.select("customer", card=pl.col("place").cast(pl.String))
    noted = company.known_orders.join(cards, on="customer", how="left", maintain_order="left").select(
        "card",
        order_number="number",
        noted_deal=pl.when("is_linked_in_erp").then(company.deal_ids(company.known_orders["deal"].to_numpy())),
    )
    truth = truth_orders.orders(company).join(noted, on="order_number")
    assert compared(truth, found, "order_number", pairs) == []
    assert truth["noted_deal"].drop_nulls().len() > 50 and truth["is_cancelled"].any()


def test_every_order_is_a_draft_open_done_or_called_off_as_it_really_is(company, warehouse):
    now = company.now
    state = (
        pl.when(pl.col("t_cancelled") <= now)
        .then(pl.lit("cancelled"))
        .when(pl.col("t_released") > now)
        .then(pl.lit("draft"))
        .when(pl.col("t_done") <= now)
        .then(pl.lit("completed"))
        .otherwise(pl.lit("open"))
    )
    truth = company.known_orders.select(order_number="number", state=state)
    found = warehouse("select order_number, status from work.canonical.orders")
    assert compared(truth, found, "order_number", {"state": "status"}) == []
    assert truth["state"].n_unique() == 4


def test_every_line_is_work_promised_for_a_day_and_what_was_called_off_of_it_is_known(company, warehouse):
    found = warehouse(
        "select *, cast(split_part(order_line_key, ':', -1) as bigint) * 10000 as line from work.canonical.order_lines"
        " inner join (select order_key, order_number from work.canonical.orders) as orders using (order_key)"
    )
    lines = company.lines.join(company.known_orders.select("order", "number", "t_cancelled"), on="order")
    standing = company.known_invoices.filter(pl.col("t_undone") > company.now)
    billed = company.invoiced.join(standing, on="invoice", how="semi")
    billed = billed.group_by("order", "line").agg(billed=pl.col("pieces").sum())
    lines = lines.join(billed, on=["order", "line"], how="left").with_columns(pl.col("billed").fill_null(0))
    off = pl.when(pl.col("t_cancelled") <= company.now).then(pl.col("quantity") - pl.col("billed")).otherwise(0)
    truth = lines.select(order_number="number", line=(pl.col("line") + 1) * 10_000, pieces="quantity", off=off)
    pairs = {"pieces": "quantity", "off": "quantity_cancelled"}
    assert compared(truth, found, ["order_number", "line"], pairs) == []
    assert set(found["kind"]) == {"service"} and truth["off"].sum() > 0


def test_every_customer_has_its_cards_and_each_card_its_tax_number(company, warehouse):
    found = warehouse("select *, split_part(account_key, ':', -1) as vendor_id from work.canonical.accounts")
    digits = pl.col("tax_id").str.replace_all("[^0-9A-Za-z]", "")
    found = found.with_columns(told=digits)
    truth = in_erp(company)
    known = truth.filter(pl.col("valid_tax_id").is_not_null())
    assert compared(truth, found, "vendor_id", {}) == []
    told = found.join(known, on="vendor_id", how="semi")
    assert compared(known, told, "vendor_id", {"valid_tax_id": "told"}) == []
    assert 0.8 * truth.height < known.height < truth.height, "everybody's number is known, or hardly anybody's"
    assert truth["customer"].n_unique() < truth.height, "nobody has two cards"
    assert set(found["country_code"]) == {"PL", "DE", "LT", "CZ"} & set(found["country_code"]) != {"PL"}
    assert 0 < found["is_blocked"].sum() < found.height / 4 and found["segment"].null_count() == 0
    assert found.select(pl.col("street", "postcode", "city", "payment_terms_days").null_count()).row(0) == (0, 0, 0, 0)


def test_every_order_is_somebodys_and_the_log_says_who_approved_it(company, warehouse):
    owners = warehouse(
        "select people.name, count(*) as orders from work.canonical.orders"
        " left join work.canonical.people on orders.owner_key = people.person_key group by 1"
    )
    assert {name for name, _ in owners.iter_rows()} == {" ".join(seller) for seller in company.manner.words.SELLERS}
    events = warehouse(
        "select order_number,"
        " cast(min(happened_at at time zone 'UTC' at time zone 'Europe/Warsaw') as date) as approved"
        " from work.canonical.order_events inner join work.canonical.orders using (order_key)"
        " where event = 'approved' and person_key is not null group by 1"
    )
    released = company.known_orders.filter(pl.col("t_released") <= company.now)
    day = (pl.col("t_released") // 86_400).cast(pl.Int32).cast(pl.Date)
    truth = released.select(order_number="number", released=day)
    assert compared(truth, events, "order_number", {"released": "approved"}) == []
