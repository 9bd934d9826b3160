"""Before the first load: each thing that can be wrong with a connection is said in a sentence, with what to do."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import polars as pl
import pytest

from pipelines.about import About
from pipelines.checking import addresses, checked
from pipelines.checking.command import run
from pipelines.checking.findings import Finding
from pipelines.configuration import Source
from pipelines.extraction import Page, Scope, SourceFailed, Unavailable, resource
from pipelines.http import Http
from pipelines.outcomes import SettingsError
from pipelines.reading import Reading
from pipelines.sandbox.answers import CLIENT_SECRET
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.server import Sandbox, serve
from pipelines.sandbox.vendors import spoken
from pipelines.sources import nbp
from pipelines.streams import Stream, columns
from tests.source_at_work import QUICK, known
from tests.vendor_records import business_central_records, salesforce_records

ROWS = 5
NOBODY = "http://127.0.0.1:1"


def found(sandbox: Sandbox, system: str, **settings: str) -> list[Finding]:
    given = sandbox.settings(system) | {"time_zone": "Europe/Warsaw"} | QUICK | settings
    return list(checked(Source(system, system, given)))


@contextmanager
def vendor(system: str, *faults: Fault, **records) -> Iterator[Sandbox]:
    with serve({system: known(system).records(ROWS) | records}, faults=faults) as sandbox:
        yield sandbox


def to_fix(findings: list[Finding]) -> dict[str, str]:
    return {one.about: one.words for one in findings if one.state == "fix"}


def noted(findings: list[Finding]) -> dict[str, str]:
    return {one.about: one.words for one in findings if one.state == "note"}


@pytest.mark.parametrize("system", sorted(spoken()))
def test_where_all_is_well_every_stream_is_named_and_asked_with_few_requests(system):
    with vendor(system) as sandbox:
        told = found(sandbox, system)
        streams = import_module(f"pipelines.sources.{system}").STREAMS
        assert to_fix(told) == {}
        well = {one.about for one in told if one.state == "well"}
        assert {stream.name for stream in streams} | {"settings", "clock", "credentials"} <= well
        assert len(sandbox.requests) <= 4 * len(streams) + 5, (
            "one small question each, and what a stream asks beside it"
        )


def test_only_as_many_records_as_the_vendor_must_give_are_asked_for(monkeypatch):
    asked: list[str] = []
    ask = Http.ask

    def heard(self, entity, method, address, read, **options):
        asked.append(f"{entity} {(options.get('headers') or {}).get('Prefer')}")
        return ask(self, entity, method, address, read, **options)

    monkeypatch.setattr(Http, "ask", heard)
    with serve({"business_central": business_central_records(30, only="customers")}) as sandbox:
        found(sandbox, "business_central")
    customers = [one for one in asked if one.startswith("customers ")]
    assert customers == ["customers odata.maxpagesize=1"], "a page of a single record, and no second one"


def test_a_wrong_secret_is_said_once_with_the_settings_to_look_at():
    with vendor("business_central") as sandbox:
        told = found(sandbox, "business_central", client_secret="marker-of-a-wrong-secret")
    assert to_fix(told) == {
        "credentials": "the client id or its secret is refused (401):"
        " see BUSINESS_CENTRAL__CLIENT_ID, BUSINESS_CENTRAL__CLIENT_SECRET"
    }
    assert not [one for one in told if "marker-of-a-wrong-secret" in one.words]


def test_a_source_whose_address_nobody_sets_is_asked_for_the_time_all_the_same(monkeypatch):
    day = datetime.now(UTC).date()
    rates = pl.DataFrame({"day": [day], "currency": ["EUR"], "rate": ["4.2011"]})
    with serve({"nbp": {"tables": rates}}) as sandbox:
        monkeypatch.setattr(nbp, "ADDRESS", sandbox.bank_url("nbp"))
        told = list(checked(Source("nbp", "nbp", QUICK | {"time_zone": "Europe/Warsaw"})))
        assert len(sandbox.requests) <= 2, "of years of tables the last weeks, and the time"
    assert to_fix(told) == {}
    assert {"settings", "exchange_rates", "clock"} <= {one.about for one in told if one.state == "well"}


def test_an_entity_without_a_right_names_the_right_to_ask_for_and_the_others_are_asked_on():
    with vendor("salesforce", Fault("forbidden", entity="Lead", times=None)) as sandbox:
        told = found(sandbox, "salesforce")
    assert to_fix(told) == {
        "leads": "Lead: not available: no right to read it (INSUFFICIENT_ACCESS);"
        " ask the administrator for: Leads: Read, View All Records"
    }
    assert "cases" in {one.about for one in told if one.state == "well"}


def test_what_an_older_installation_may_lack_is_worth_a_note_and_what_it_must_have_is_to_be_fixed():
    faults = [Fault("not_found", entity=name, times=None) for name in ("Quote", "Product2")]
    with vendor("salesforce", *faults) as sandbox:
        told = found(sandbox, "salesforce")
    assert "this org has no such object" in noted(told)["quotes"]
    assert list(to_fix(told)) == ["products"]


@pytest.mark.parametrize(
    "system, entity, gone", [("salesforce", "Account", "CurrencyIsoCode"), ("business_central", "customers", "website")]
)
def test_a_field_that_the_installation_lacks_is_named(system, entity, gone):
    records = known(system).records(ROWS)[entity].drop(gone)
    with vendor(system, **{entity: records}) as sandbox:
        told = found(sandbox, system)
    assert to_fix(told) == {}
    stream = next(one.name for one in import_module(f"pipelines.sources.{system}").STREAMS if one.entity == entity)
    assert noted(told)[stream] == f"{entity}: not available: {gone}; what rests on it stays empty"


def test_a_field_without_which_nothing_can_be_loaded_is_to_be_fixed():
    records = salesforce_records(ROWS)["Account"].drop("SystemModstamp")
    with vendor("salesforce", Account=records) as sandbox:
        assert "SystemModstamp is gone" in to_fix(found(sandbox, "salesforce"))["accounts"]


@pytest.mark.parametrize("minutes, way", [(10, "ahead of"), (-10, "behind")])
def test_a_clock_that_is_off_says_by_how_much_and_what_to_do(monkeypatch, minutes, way):
    monkeypatch.setattr(addresses, "now", lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    with vendor("salesforce") as sandbox:
        told = found(sandbox, "salesforce")
    assert list(to_fix(told)) == ["clock"]
    assert f"ours is 10 minutes {way} the source's" in to_fix(told)["clock"] and "ntp" in to_fix(told)["clock"]


def test_a_host_that_does_not_answer_is_said_at_once_and_nothing_else_is_asked():
    with vendor("salesforce") as sandbox:
        told = found(sandbox, "salesforce", base_url=NOBODY)
        assert sandbox.requests == []
    assert list(to_fix(told)) == ["address"]
    assert f"SALESFORCE__BASE_URL: {NOBODY} does not answer" in to_fix(told)["address"]


def test_an_address_that_is_none_is_said_with_how_to_write_it():
    with vendor("salesforce") as sandbox:
        told = found(sandbox, "salesforce", base_url="example.my.salesforce.com")
    assert to_fix(told) == {
        "address": "SALESFORCE__BASE_URL is not an address of the web;"
        " it is the address of My Domain, e.g. https://example.my.salesforce.com"
    }


def test_a_web_page_in_the_place_of_the_interface_is_said_once_for_all_streams():
    faults = [Fault("html", entity=name, times=None) for name in business_central_records(1)]
    with vendor("business_central", *faults) as sandbox:
        told = found(sandbox, "business_central")
    assert list(to_fix(told)) == ["customers", "paymentTerms"]
    assert "the answer is not JSON" in to_fix(told)["customers"] and "web page" in to_fix(told)["customers"]
    assert noted(told)["the rest"] == "was not asked: first this"


def test_a_setting_that_nobody_reads_is_noted_for_it_may_be_misspelled():
    with vendor("salesforce") as sandbox:
        told = found(sandbox, "salesforce", taxid_field="TaxId__c")
    assert "SALESFORCE__TAXID_FIELD is not a setting of Salesforce" in noted(told)["settings"]


def test_a_folder_of_files_is_read_and_says_what_is_wrong_in_it(tmp_path):
    (tmp_path / "orders.csv").write_text("order_id,order_number,ordered_at\n1,N1,31.31.2026\n", encoding="utf-8")
    told = list(checked(Source("shop", "files", {"folder": str(tmp_path), "time_zone": "Europe/Warsaw"})))
    assert "31.31.2026" in to_fix(told)["files"]


def command(*names: str, **environment: str) -> tuple[int, str]:
    own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "check", *names],
        env=own | {"TIME_ZONE": "Europe/Warsaw", **environment}, cwd=environment["DATA_DIR"], capture_output=True,
        text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def spelled(sandbox: Sandbox, system: str) -> dict[str, str]:
    return {f"{system}__{name}".upper(): value for name, value in sandbox.settings(system).items()}


def test_the_command_ends_with_0_or_2_and_tells_no_secret_and_no_trace(tmp_path):
    with serve({"salesforce": salesforce_records(ROWS)}) as sandbox:
        settings = spelled(sandbox, "salesforce") | {"DATA_DIR": str(tmp_path)}
        code, said = command(SOURCES="salesforce", **settings)
        assert code == 0, said
        assert "All is well: salesforce can be loaded." in said and "TO FIX" not in said
        sandbox.faults = [Fault("forbidden", entity="Account", times=None)]
        code, said = command("salesforce", **settings)
    assert code == 2
    assert said.splitlines()[-1].endswith("code 2: There is something to fix: salesforce.")
    assert "TO FIX  accounts" in said and "Accounts: Read, View All Records" in said
    assert CLIENT_SECRET not in said and "Traceback" not in said
    assert list(Path(tmp_path).iterdir()) == [], "nothing is loaded and nothing is left"


def test_a_source_that_lacks_a_setting_is_said_and_the_others_are_asked_all_the_same(tmp_path, monkeypatch):
    with serve({"salesforce": salesforce_records(ROWS)}) as sandbox:
        for name, value in (spelled(sandbox, "salesforce") | {"TIME_ZONE": "UTC", "COMPANY": ""}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        said: list[str] = []
        with pytest.raises(SettingsError, match=r"to fix: business_central; salesforce can be loaded"):
            run(["business_central", "salesforce"], said.append)
    assert "BUSINESS_CENTRAL__BASE_URL" in "\n".join(said) and "is not set" in "\n".join(said)


class Database:
    """A source that is read by no HTTP: pages of a table, of as many rows as a setting says, and its own clock."""

    NEEDS = ("BASE_URL", "PASSWORD")
    STREAMS: ClassVar = [Stream("documents", "CDN.TraNag", columns=columns(int="id"))]
    ABOUT = About(
        "Ledger", "erp", "SQL", "a login", {"SELECT on CDN.TraNag": "documents"},
        {"BASE_URL": "its address", "PASSWORD": "its password", "ROWS_AT_ONCE": "rows of one question"}, "none", "none",
        few={"ROWS_AT_ONCE": "1"},
    )  # fmt: skip

    def __init__(self, refused: Exception | None = None) -> None:
        self.requests = self.asked = 0
        self.refused = refused

    def ledger(self, reading: Reading):
        rows = int(reading.options.number("ROWS_AT_ONCE", 1000))

        def pages(stream: Stream, since: object):
            for first in range(0, 5000, rows):
                self.requests += 1
                reading.clock = reading.now - timedelta(minutes=10)
                if self.refused:
                    raise self.refused
                yield Page([b'{"id": %d}' % number for number in range(first, first + rows)])

        made = [resource(reading, stream, [Scope(pages, pages)], self) for stream in self.STREAMS]
        return SimpleNamespace(resources={one.name: one for one in made})


def told_of(database: Database, monkeypatch) -> list[Finding]:
    monkeypatch.setitem(sys.modules, "pipelines.sources.ledger", database)
    settings = {"base_url": "mssql://db.example:1433/FIRM", "password": "marker", "time_zone": "UTC"}
    return list(checked(Source("ledger", "ledger", settings)))


def test_a_source_that_is_read_otherwise_is_asked_for_one_row_and_for_its_own_clock(monkeypatch):
    database = Database()
    told = told_of(database, monkeypatch)
    assert database.requests == 1
    assert "documents" in {one.about for one in told if one.state == "well"}
    assert "ours is 10 minutes ahead of the source's" in to_fix(told)["clock"]


def test_a_database_whose_tables_all_have_rows_tells_its_clock(monkeypatch):
    module = import_module("pipelines.sources.comarch_xl")
    monkeypatch.setattr(module, "STREAMS", module.STREAMS[:1])
    with vendor("comarch_xl") as sandbox:
        told = found(sandbox, "comarch_xl")
    assert {"clock", module.STREAMS[0].name} <= {one.about for one in told if one.state == "well"}


def test_a_login_that_is_refused_leads_to_the_settings_of_any_source(monkeypatch):
    told = told_of(Database(refused=SourceFailed("ledger", "CDN.TraNag", "the login is locked (18486)")), monkeypatch)
    assert to_fix(told)["credentials"] == "the login is locked (18486): see LEDGER__PASSWORD"


def test_its_rights_are_named_as_those_of_any_other(monkeypatch):
    told = told_of(Database(refused=Unavailable("not available: no right to read it")), monkeypatch)
    assert "ask the administrator for: SELECT on CDN.TraNag" in to_fix(told)["documents"]
