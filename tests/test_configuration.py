"""What the environment asks for is understood once, and what is missing is said in a sentence."""

from datetime import UTC, date, datetime

import pytest

from pipelines import configuration
from pipelines.outcomes import SettingsError
from tests.firm import Firm

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REAL = {"SOURCES": "salesforce", "TIME_ZONE": "Europe/Warsaw"}
CREDENTIALS = {
    "SALESFORCE__BASE_URL": "https://parts.example",
    "SALESFORCE__CLIENT_ID": "id",
    "SALESFORCE__CLIENT_SECRET": "hidden",
}


def read(clock=NOON, **settings: str) -> configuration.Configuration:
    return configuration.read(settings, clock)


def names(**settings: str) -> list[str]:
    return [source.name for source in read(**settings).sources]


def test_with_nothing_configured_the_sandbox_company_is_loaded():
    asked = read()
    assert asked.company == "parts"
    assert [source.name for source in asked.sources] == ["salesforce", "business_central"]
    assert (asked.time_zone, asked.default_currency) == ("Europe/Warsaw", "PLN")


def test_sources_narrow_the_sandbox_company():
    assert names(COMPANY="parts", SOURCES="salesforce") == ["salesforce"]


def test_sources_alone_mean_real_systems():
    asked = read(**REAL, **CREDENTIALS)
    assert asked.company is None
    assert asked.world == "real"
    assert asked.sources[0].settings["client_secret"] == "hidden"


def test_every_folder_of_files_is_a_source(tmp_path):
    for name in ("crm", "erp", ".hidden"):
        (tmp_path / name).mkdir()
    assert names(SOURCES="files", FILES_DIR=str(tmp_path), TIME_ZONE="UTC") == ["crm", "erp"]


def test_a_second_instance_has_credentials_of_its_own():
    own = {name.replace("SALESFORCE__", "SALESFORCE__NORTH__"): f"{value}/north" for name, value in CREDENTIALS.items()}
    first, second = read(SOURCES="salesforce salesforce@north", TIME_ZONE="UTC", **CREDENTIALS, **own).sources
    assert (first.stem, second.stem) == ("salesforce", "salesforce__north")
    assert (first.settings["client_secret"], second.settings["client_secret"]) == ("hidden", "hidden/north")
    assert not any("north" in value for value in first.settings.values())


def test_a_pace_said_once_holds_for_every_source_that_says_nothing_else():
    pace = {"SWEEP_DAYS": "7", "HTTP__ATTEMPTS": "3", "SALESFORCE__HTTP__ATTEMPTS": "9"}
    (source,) = read(**REAL, **CREDENTIALS, **pace).sources
    assert (source.settings["sweep_days"], source.settings["http__attempts"]) == ("7", "9")


def test_a_process_inherits_no_credential():
    asked = read(**REAL, **CREDENTIALS, HTTP__ATTEMPTS="2", SALESFORCE__HTTP__ATTEMPTS="3")
    assert "SALESFORCE__CLIENT_SECRET" not in asked.environment
    assert asked.environment["HTTP__ATTEMPTS"] == "2"
    assert asked.environment["SALESFORCE__HTTP__ATTEMPTS"] == "3"
    assert "hidden" not in repr(asked)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({**REAL}, "SALESFORCE__BASE_URL, SALESFORCE__CLIENT_ID, SALESFORCE__CLIENT_SECRET is not set"),
        ({**REAL, **CREDENTIALS, "TIME_ZONE": ""}, "TIME_ZONE is not set"),
        ({**REAL, **CREDENTIALS, "TIME_ZONE": "Warszawa"}, "TIME_ZONE=Warszawa is not a time zone"),
        ({"SOURCES": "sap", "TIME_ZONE": "UTC"}, "SOURCES names sap"),
        ({"SOURCES": "salesforce@North", "TIME_ZONE": "UTC"}, "SOURCES names salesforce@North"),
        ({"SOURCES": "files", "TIME_ZONE": "UTC"}, "FILES_DIR= is not a folder"),
        ({"COMPANY": "bakery"}, "COMPANY=bakery is not a sandbox company"),
        ({"COMPANY": "parts", "SOURCES": "files"}, "has only salesforce and business_central"),
        ({"AS_OF": "21.11.2026"}, "AS_OF=21.11.2026 is not a date"),
        ({"REPORTING_CURRENCY": "zł"}, "REPORTING_CURRENCY=zł is not a currency code"),
        ({"SANDBOX_SCALE": "big"}, "SANDBOX_SCALE=big is not a size"),
        ({"SANDBOX_SCALE": "-1"}, "SANDBOX_SCALE=-1 is not a size"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(settings, said):
    with pytest.raises(SettingsError) as error:
        read(**settings)
    assert said in str(error.value)


@pytest.mark.parametrize("name", ["Old data", "2025", "raw", "remembered"])
def test_a_folder_that_cannot_be_a_source_is_named(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(SettingsError, match=name):
        names(SOURCES="files", FILES_DIR=str(tmp_path), TIME_ZONE="UTC")


def test_today_is_the_firm_s_day_not_the_machine_s():
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert read(clock=late).as_of == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-03-29", "2026-03-29T21:59:59"),
        ("2026-10-25", "2026-10-25T22:59:59"),
        ("2026-12-31", "2026-12-31T22:59:59"),
    ],
)
def test_a_day_ends_when_it_ends_in_the_firm_s_time_zone(day, end):
    # Days on which clocks change, and the last of a year.
    assert read(AS_OF=day).now.isoformat() == end


def test_of_a_real_system_nothing_newer_than_the_clock_is_believed():
    assert read(**REAL, **CREDENTIALS).now == NOON.replace(tzinfo=None)


def test_what_is_set_for_one_run_wins_over_what_is_written_down(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("SANDBOX_SCALE=3\nAS_OF=2026-01-01\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AS_OF", "2026-02-02")
    asked = configuration.read()
    assert (asked.sandbox_scale, asked.as_of) == (3, date(2026, 2, 2))


def test_wrong_settings_end_with_their_code_and_one_sentence(tmp_path):
    ended = Firm(tmp_path).run(SOURCES="sap")
    assert ended.code == 2
    assert ended.last.endswith(
        f"SOURCES names sap, which is not a system; there are {', '.join(configuration.SYSTEMS)}."
    )
    assert "Traceback" not in ended.said


def test_a_word_that_is_no_command_shows_the_commands(tmp_path):
    ended = Firm(tmp_path).run("reload")
    assert ended.code == 2
    assert "rollback" in ended.said


def test_what_a_sandbox_company_exports_is_a_folder_beside_its_systems():
    sources = read(COMPANY="agency").sources
    assert [source.system for source in sources] == ["hubspot", "enova365", "files", "nbp"]
    assert names(COMPANY="agency", SOURCES="hubspot timesheets") == ["hubspot", "timesheets"]
    with pytest.raises(SettingsError, match="the sandbox company parts has only salesforce and business_central"):
        read(COMPANY="parts", SOURCES="timesheets")


def test_tables_of_rates_need_no_credentials_and_stand_beside_a_sandbox_company():
    alone = read(SOURCES="nbp ecb", TIME_ZONE="Europe/Warsaw", NBP__START="2024-01-01")
    assert [source.name for source in alone.sources] == ["nbp", "ecb"]
    assert alone.sources[0].settings["start"] == "2024-01-01"
    beside = "salesforce business_central nbp"
    assert names(COMPANY="parts", SOURCES=beside) == beside.split()
    assert names() == ["salesforce", "business_central"], "the company by itself reads no bank"
