"""Tryton as it is: values that are objects, dates that are empty at first, records in pages behind the last one."""

import base64
import json
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sources.tryton.asking import Ranges, refused
from pipelines.sources.tryton.values import plain
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed
from tests.tryton_records import REVISIONS, moment, records, revisions

# A system of no demo company.
pytestmark = pytest.mark.long

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def parties(tmp_path, monkeypatch):
    """Seven parties, three to a page."""
    with at_work("tryton", records(7), tmp_path, monkeypatch, "parties", page_rows=3) as source:
        yield source


@pytest.fixture
def selling(tmp_path, monkeypatch):
    """Opportunities with their revisions."""
    with at_work("tryton", records(4), tmp_path, monkeypatch, "opportunities opportunity_stages") as source:
        yield source


def serve(source: SourceAtWork, **frames: pl.DataFrame) -> None:
    given = {name.replace("__", "."): frame for name, frame in frames.items()}
    source.sandbox.records = {"tryton": source.sandbox.records.frames("tryton") | given}


def domains(source: SourceAtWork, model: str) -> list[list]:
    """The domains that a model was asked with."""
    asked = [parse_qs(urlsplit(path).query) for _, path, _ in source.asked if path.split("?")[0].endswith(f"/{model}")]
    return [json.loads(base64.urlsafe_b64decode(one["d"][0])) for one in asked]


def test_values_are_told_as_everybody_tells_them_and_texts_stay_as_they_were_typed():
    typed = json.dumps('he wrote {"__class__": "Decimal", "decimal": "1"} and "receivable": 1').encode()
    date = b'{"__class__": "date", "year": 2026, "month": 8, "day": 4}'
    at = date.replace(b"date", b"datetime")[:-1] + b', "hour": 9, "minute": 5, "second": 0, "microsecond": 42}'
    amount = b'{"__class__": "Decimal", "decimal": "-1225.00"}'
    body = b'[{"receivable": 1, "revenue": true, "a": %b, "d": %b, "t": %b, "x": %b}]' % (amount, date, at, typed)
    (found,) = json.loads(plain(body, ("receivable", "revenue")), parse_float=Decimal)
    assert (found["a"], found["d"], found["t"]) == (Decimal("-1225.00"), "2026-08-04", "2026-08-04T09:05:00.000042Z")
    assert (found["receivable"], found["revenue"]) == (True, True)
    assert found["x"] == json.loads(typed)


def test_a_record_never_written_again_counts_from_the_moment_it_was_made(parties):
    parties.load()
    made = parties.rows("select id, changed_at from raw.parties order by id")
    assert made[:2] == [(1, moment(0)), (2, moment(61))]


def test_each_page_begins_behind_the_last_record_of_the_one_before(parties):
    parties.load()
    behind = [domain[-1] for domain in domains(parties, "party.party")]
    assert behind == [["id", ">", 0], ["id", ">", 3], ["id", ">", 6]]


def test_a_record_that_comes_while_pages_are_turned_is_read_and_none_is_missed_or_doubled(parties):
    eight = records(8)["party.party"]

    def meanwhile(_sandbox):
        serve(parties, party__party=eight.filter(pl.col("id") != 2))

    parties.sandbox.faults = [Fault("meanwhile", entity="party.party", on=2, value=meanwhile)]
    parties.load()
    assert parties.keys("parties") == [1, 2, 3, 4, 5, 6, 7, 8]


def test_an_order_that_changes_between_its_header_and_its_lines_is_whole_after_the_next_load(tmp_path, monkeypatch):
    made = records(4)
    at = {"write_date": moment(600)}
    later = {
        "sale__sale": changed(made["sale.sale"], 2, number="S-NEW", **at),
        "sale__line": changed(made["sale.line"], 2, quantity=Decimal(77), **at),
    }
    told = "select number, quantity from raw.sales, raw.sale_lines where sales.id = 3 and sale_lines.id = 3"
    with at_work("tryton", made, tmp_path, monkeypatch, "sales sale_lines") as orders:
        orders.sandbox.faults = [Fault("meanwhile", entity="sale.line", value=lambda _: serve(orders, **later))]
        orders.load()
        ((number, quantity),) = orders.rows(told)
        assert number != "S-NEW" and quantity == 77, "the header is of before, its line of after"
        orders.load()
        assert orders.rows(told) == [("S-NEW", 77)]


def test_a_second_load_asks_for_what_was_written_since_and_for_what_was_made_and_never_written(parties):
    parties.load()
    fresh = changed(records(7)["party.party"], 2, name="Written")
    at = pl.when(pl.col("id") == 3).then(pl.lit(moment(500))).otherwise(pl.col("write_date"))
    serve(parties, party__party=fresh.with_columns(at.alias("write_date")))
    parties.load()
    ((either, written, never), *_) = (domain[0] for domain in domains(parties, "party.party"))
    assert (either, written[:2]) == ("OR", ["write_date", ">="])
    assert never[0] == ["write_date", "=", None] and never[1][:2] == ["create_date", ">="]
    assert parties.rows("select name, changed_at from raw.parties where id = 3") == [("Written", moment(500))]


def test_a_page_said_to_be_followed_by_others_is_followed_and_where_nothing_is_said_until_one_is_empty():
    ranges = Ranges()
    for said, rows, more in [("3/7", 3, True), ("3/3", 3, False), ("3/*", 3, True), ("", 3, True), ("", 0, False)]:
        ranges.asks({"Content-Range": f"records 0-{said}"} if said else {})
        assert ranges.more(rows) is more, said


def test_a_field_that_this_version_lacks_is_reported_and_the_rest_is_read(parties):
    serve(parties, party__party=records(7)["party.party"].drop("code"))
    parties.load()
    assert len(parties.keys("parties")) == 7
    assert parties.rows("select note from raw.coverage where entity = 'parties'") == [("not available: code",)]


def test_a_module_that_is_not_activated_is_reported_where_it_may_be_missing_and_ends_the_load_where_not(
    tmp_path, monkeypatch
):
    made = records(3)
    del made["sale.complaint"]
    with at_work("tryton", made, tmp_path, monkeypatch, "parties complaints") as source:
        result = source.load()
        assert any("complaints: not available: the module is not activated" in text for text in result.skipped)
        assert source.keys("parties") == [1, 2, 3]
        source.sandbox.records = {"tryton": {"sale.complaint": records(3)["sale.complaint"]}}
        with pytest.raises(SourceFailed, match=r"party\.party: not available: the module is not activated"):
            source.load(TOMORROW)


def test_what_tryton_says_of_a_refusal_is_told_by_its_words():
    page = b"<!doctype html>\n<title>500 Internal Server Error</title>\n<p>%b</p>"
    assert "key is refused" in refused(401, b"")
    assert "no right to read it" in str(refused(400, b'{"status": 400, "message": "You are not allowed to access X."}'))
    assert "the question is refused" in refused(400, b'{"status": 400, "message": "The value is not valid."}')
    assert refused(500, page % b"&#39;nope&#39;").field == "nope"
    assert refused(500, page % b"database is locked") is None, "the server's own trouble is asked again"


def test_the_stages_of_an_opportunity_come_from_its_revisions_and_one_never_written_costs_no_request(selling):
    selling.load()
    stages = "select deal_id, stage_name, entered_at, method from raw.opportunity_stages order by deal_id, position"
    assert selling.rows(stages)[1:3] == [(2, "lead", moment(1), "log"), (2, "opportunity", moment(61), "log")]
    assert selling.rows(stages)[0] == (1, "lead", moment(0), "log")
    asked = [path for method, path, _ in selling.asked if method == "POST"]
    assert len(asked) == 2, "of four opportunities two were ever written"


def test_a_revision_that_changed_something_else_is_no_stage(selling):
    told = [(2, moment(1), "lead"), (2, moment(30), "lead"), (2, moment(61), "opportunity"), (2, moment(70), "lead")]
    serve(selling, **{REVISIONS.replace(".", "__"): revisions(*told, (4, moment(3), "lead"))})
    selling.load()
    assert selling.rows(
        "select stage_name, entered_at from raw.opportunity_stages where deal_id = 2 order by position"
    ) == [("lead", moment(1)), ("opportunity", moment(61)), ("lead", moment(70))]


def test_only_the_companies_named_are_read_and_a_name_nobody_has_is_said(parties):
    parties.load(companies="Sandbox")
    assert parties.rows("select distinct company_id, company_name, company_currency from raw.parties") == [
        ("1", "Sandbox", "PLN")
    ]
    with pytest.raises(SourceFailed, match="there is no company Elsewhere"):
        parties.load(companies="Elsewhere")


def test_nothing_is_asked_in_a_way_that_could_write(selling):
    selling.load()
    methods = {(method, path.split("?")[0].rpartition("/")[2]) for method, path, _ in selling.asked}
    assert {method for method, _ in methods} == {"GET", "POST"}
    assert {path for method, path in methods if method == "POST"} == {"history_revisions"}
