"""What a source does not let us read is said on the pages, by reason and in the reader's language, and is never a 0."""

import json
import os
import subprocess

import duckdb
import polars as pl
import pytest
import small_warehouse as small

from dashboards import words
from pipelines.failures import Absent, NotBought, Unavailable
from pipelines.sandbox.faults import Fault
from tests.paged import page, said, table
from tests.part_of_project import part_of_project
from tests.seldom_searched import DBT
from tests.source_at_work import at_work
from tests.vendor_records import salesforce_records

FAULTS = [Fault("forbidden", entity="Case", times=None), Fault("not_found", entity="Quote", times=None)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A load that may not read one table and does not find another, and what dbt makes of what it wrote down."""
    folder = tmp_path_factory.mktemp("not_read")
    with (
        pytest.MonkeyPatch.context() as patched,
        at_work("salesforce", salesforce_records(3), folder, patched, "accounts cases quotes", faults=FAULTS) as source,
    ):
        source.load()
    return warehouse(folder, {"salesforce": source.landing})


def warehouse(folder, landings):
    """The coverage of some landing files, built by the project's own models and macros."""
    of_systems = [f"staging/{system}/stg_{system}__coverage.sql" for system in landings]
    kept = (*of_systems, "staging/tables_not_read.sql", "marts/trust/not_read.sql", "marts/trust/_trust.yml")
    project = part_of_project(folder / "dbt_project", *kept)
    attached = [{"path": str(path), "alias": system, "read_only": True} for system, path in landings.items()]
    work = {"type": "duckdb", "path": str(folder / "work.duckdb"), "threads": 1, "attach": attached}
    profile = {"lead_to_cash": {"target": "work", "outputs": {"work": work}}}
    (folder / "profiles.yml").write_text(json.dumps(profile), encoding="utf-8")
    instances = " ".join(f"{system}:{system}:{system}" for system in landings)
    environment = os.environ | {"SOURCES": " ".join(landings), "INSTANCES": instances, "AS_OF": "2026-03-31"}
    command = [*DBT, "run", "--select", "*"]
    places = {"profiles-dir": folder, "project-dir": project, "target-path": folder / "target", "log-path": folder}
    command += [f"--{option}={place}" for option, place in places.items()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    connection = duckdb.connect(":memory:")
    for name, path in {**landings, "work": work["path"]}.items():
        connection.execute(f"attach '{path}' as {name} (read_only)")
    return connection


def test_why_an_entity_is_not_fed_reaches_the_warehouse(built):
    found = built.sql("select entity, is_fed, reason from work.staging.stg_salesforce__coverage").fetchall()
    known = {entity: (fed, reason) for entity, fed, reason in found}
    assert known["tickets"] == (False, "no_right")
    assert known["quotes"] == (False, "not_there")
    assert known["accounts"] == (True, None)


def test_every_table_that_could_not_be_read_is_listed_with_its_reason_even_one_that_feeds_nothing_by_itself(built):
    found = built.sql("select source, raw_table, reason, rows_kept from work.marts.not_read order by 2").fetchall()
    assert found == [("salesforce", "cases", "no_right", 0), ("salesforce", "quotes", "not_there", 0)]


def test_a_landing_file_of_an_older_version_is_read_without_reasons(tmp_path):
    path = tmp_path / "salesforce.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw")
        connection.execute('create table raw.coverage(entity varchar, is_fed boolean, "rows" bigint, since date)')
        connection.execute("insert into raw.coverage values ('cases', false, 7, null)")
    older = warehouse(tmp_path, {"salesforce": path})
    told = "select is_fed, reason from work.staging.stg_salesforce__coverage where entity = 'tickets'"
    assert older.sql(told).fetchall() == [(False, None)]


def covered(entity: str, reason: str, source: str = "salesforce") -> tuple[str, dict]:
    return "canonical.coverage", {"source": source, "entity": entity, "is_fed": False, "reason": reason}


def unread(raw_table: str, reason: str) -> tuple[str, dict]:
    row = {"not_read_key": f"salesforce:{raw_table}", "source": "salesforce", "raw_table": raw_table}
    return "marts.not_read", row | {"reason": reason, "rows_kept": 0}


def test_the_page_of_trust_lists_what_could_not_be_read_and_why(data_dir):
    more = [covered("tickets", "no_right"), unread("cases", "no_right"), unread("quotes", "not_bought")]
    small.publish(data_dir, more=more)
    app = page("trust", section="sources")
    assert not app.error and not app.exception
    assert words.text("section.not_read") in said(app)
    assert table(app, "raw_table").select("raw_table", "reason").rows() == [
        ("Cases", "No right to read it: ask the administrator of the system"),
        ("Quotes", "Not bought, or not switched on"),
    ]
    of_entities = table(app, "is_fed").filter(pl.col("entity") == words.text("entity.tickets"))
    assert of_entities["reason"].to_list() == ["No right to read it: ask the administrator of the system"]


def test_where_all_came_nothing_is_listed(published):
    assert words.text("section.not_read") not in said(page("trust", section="sources"))


@pytest.mark.parametrize(
    "reason, words_for",
    [
        ("no_right", "Salesforce gives our login no right to read this: tickets"),
        ("not_there", "this installation of Salesforce does not have this: tickets"),
        ("not_bought", "in Salesforce the firm has not bought or not switched on this: tickets"),
    ],
)
def test_a_chart_whose_entity_is_not_fed_says_why(data_dir, reason, words_for):
    small.publish(data_dir, more=[covered("tickets", reason)])
    assert f"Not available, because {words_for}." in said(page("order_cycle_time"))


def test_a_tile_tells_apart_what_may_not_be_read_and_what_nobody_has(data_dir):
    small.publish(data_dir, ("salesforce",), more=[covered("invoices", "no_right", "business_central")])
    shown = said(page("funnel_to_cash"))
    assert "because Business Central gives our login no right to read this: invoices" in shown
    assert "because no connected system delivers orders" in shown


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_the_reason_is_said_in_the_language_of_the_reader(data_dir, language):
    small.publish(data_dir, more=[covered("tickets", "no_right"), unread("cases", "no_right")])
    with words.speaking(language):
        phrase = words.text("because.no_right", source="Salesforce", missing=words.text("entity.tickets"))
        heading = words.text("section.not_read")
    assert phrase in said(page("order_cycle_time", lang=language))
    assert heading in said(page("trust", lang=language, section="sources"))


def test_every_reason_that_a_load_can_give_has_its_words():
    for kind in (Unavailable, Absent, NotBought):
        for code in (f"unread.{kind.reason}", f"because.{kind.reason}"):
            assert all(isinstance(texts.get(code), str) for texts in words.languages()), code
