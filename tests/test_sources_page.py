"""Whoever connects a system finds it all on one page: user, rights, settings, what is read and how."""

import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from pkgutil import iter_modules

import pytest

from pipelines import declared, sources, sources_page
from pipelines.configuration import BANKS, SYSTEMS
from pipelines.declared import System
from pipelines.http import Http
from pipelines.sandbox.vendors import spoken
from pipelines.streams import Stream
from tests.source_at_work import at_work, known

ROOT = Path(__file__).parents[1]
KNOWN = declared.systems()
CONNECTED = [one for one in KNOWN if one.about]
PAGE = sources_page.page(KNOWN)


def each(systems: list[System]):
    return pytest.mark.parametrize("one", systems, ids=lambda one: one.name)


def part(one: System) -> str:
    """What the page says of one system, as it is read."""
    found = PAGE.split(f'<h2 id="{one.name}">')[1].split("<h2 ")[0]
    return unescape(re.sub(r"<[^>]+>", " ", found))


def test_every_system_that_is_offered_and_has_streams_is_on_the_page():
    offered = {found.name for found in iter_modules(sources.__path__)} & set(SYSTEMS)
    assert {one.name for one in KNOWN} == offered - {"files"}
    assert PAGE.index('id="business_central"') < PAGE.index('id="nbp"'), "what has to be connected comes first"


def test_every_system_with_something_to_set_says_how_it_is_connected():
    assert {one.name for one in KNOWN if one.about is None} == set(BANKS)


@each(KNOWN)
def test_a_system_appears_with_everything_that_is_read_of_it(one):
    told = part(one)
    for stream in [each for own in one.streams for each in (own, own.lines) if each]:
        assert stream.entity in told and stream.name in told, stream.name
        assert not [column.field for column in stream.columns if column.field not in told], stream.name
    for entity in {entity for stream in one.streams for entity in one.entities(stream)}:
        assert entity in told
    assert f"check {one.name}" in told and f"SOURCES={one.name}" in told


@each(CONNECTED)
def test_the_guide_names_user_rights_settings_history_deletes_and_limits(one):
    told, about = part(one), one.about
    for words in (about.interface, about.user, about.history, about.deletes, *about.limits):
        assert words[1:].rstrip(".") in told, words
    for words in (*about.rights.items(), *about.settings.items()):
        assert all(word in told for word in words), words
    for name in one.needs:
        assert re.search(rf"^{one.prefix}{name}=", told, re.MULTILINE), "what is needed is no comment"
        assert name in about.settings, f"nobody learns what {name} is"


@pytest.mark.parametrize(
    "one, stream", [(one, stream) for one in CONNECTED for stream in one.streams],
    ids=lambda value: value.name,
)  # fmt: skip
def test_it_is_said_by_which_right_a_stream_is_read(one, stream):
    assert one.rights(stream), f"{one.title}: no right in ABOUT.rights names {stream.name} or {stream.entity}"


@each(CONNECTED)
def test_requests_apart_from_pages_are_said_of_streams_that_there_are(one):
    assert set(one.about.requests) <= {stream.name for stream in one.streams}


@each(CONNECTED)
def test_every_setting_stands_in_the_example_and_the_system_in_the_readme(one):
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in one.about.settings if f"#{one.prefix}{name}=" not in example]
    assert not missing, f".env.example lacks {', '.join(one.prefix + name for name in missing)}"
    assert f"`{one.name}`" in (ROOT / "README.md").read_text(encoding="utf-8")


@each([one for one in CONNECTED if one.name in spoken() and one.about.page])
def test_a_load_asks_for_pages_of_the_size_that_the_page_tells(one, tmp_path, monkeypatch):
    asked: list[str] = []
    ask = Http.ask

    def heard(self, entity, method, address, read, **options):
        asked.append(f"{address} {options}")
        return ask(self, entity, method, address, read, **options)

    monkeypatch.setattr(Http, "ask", heard)
    its = known(one.name)
    with at_work(one.name, its.records(2), tmp_path, monkeypatch, its.STREAMS) as source:
        source.load()
    assert [words for words in asked if re.search(rf"\b{one.about.page}\b", words)]


def test_requests_are_full_pages_unless_records_are_asked_for_apart():
    pages = {one.name: one for one in CONNECTED}
    stream = Stream("deals", "deals", columns=())
    about = pages["salesforce"].about
    one = System("crm", "CRM", (), (stream,), about, {})
    assert one.requests(stream) == math.ceil(1000 / about.page) == 1
    small = System("crm", "CRM", (), (stream,), replace(about, page=300), {})
    assert small.requests(stream) == 4
    apart = System("crm", "CRM", (), (stream,), replace(about, requests={"deals": 1000}), {})
    assert apart.requests(stream) == 1000


def test_an_entity_rests_on_all_tables_that_its_models_read_not_only_on_the_first():
    salesforce = next(one for one in KNOWN if one.name == "salesforce")
    assert {"tasks", "events"} <= {table for table, entities in salesforce.feeds.items() if "activities" in entities}
    erp = next(one for one in KNOWN if one.name == "business_central")
    assert "payments" in erp.feeds["customer_ledger_entries"], "through a model between them"


def test_the_page_can_be_read_before_anything_is_set_or_published(tmp_path):
    own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "docs"], cwd=tmp_path, capture_output=True, text=True,
        env=own | {"SOURCES": "business_central", "DATA_DIR": str(tmp_path / "data")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "data/docs/sources.html").read_text(encoding="utf-8") == PAGE
    assert "with the first refresh" in done.stdout
    assert not (tmp_path / "data/docs/index.html").exists()
