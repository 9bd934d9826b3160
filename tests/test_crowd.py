"""One reader's question that never ends, or asks for all memory, is stopped; the others are served meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from dashboards import facts, generation, warehouse, words
from dashboards.warehouse import Filter
from tests.paged import page, said

READERS = 20
# Ranges short enough for memory, so that time is what it runs out of.
ENDLESS = (
    "select count(*) from range(100000) as a cross join range(100000) as b cross join range(100000) as c"
    " where a.range + b.range + c.range < 0"
)
# Every value is another one, so that nothing of it can be left out of memory.
GREEDY = "select count(distinct a.range * 100000 + b.range) from range(100000) as a cross join range(100000) as b"


def limited(monkeypatch, **limits: str) -> None:
    monkeypatch.setattr(generation, "LOCKDOWN", {**generation.LOCKDOWN, **limits})
    generation.close()


def asked(reader: int) -> float:
    """A filter of one's own, so that nobody is served from what another was told."""
    return float(warehouse.figure("revenue", [Filter("revenue_amount", ">", reader)]))


@pytest.mark.parametrize(
    "question, limits, reason",
    [
        pytest.param(ENDLESS, {"max_execution_time": "2000"}, duckdb.InterruptException, id="time"),
        pytest.param(GREEDY, {"memory_limit": "200MB"}, duckdb.OutOfMemoryException, id="memory"),
    ],
)
def test_a_question_without_end_is_stopped_and_twenty_readers_are_served_meanwhile(
    published, monkeypatch, question, limits, reason
):
    limited(monkeypatch, **limits)
    with ThreadPoolExecutor(READERS + 1) as readers:
        runaway = readers.submit(warehouse.query, question)
        time.sleep(0.2)
        answers = [readers.submit(asked, reader) for reader in range(READERS)]
        assert [answer.result(timeout=60) for answer in answers] == [2610] * READERS
        with pytest.raises(reason):
            runaway.result(timeout=60)
    assert asked(READERS + 1) == 2610


def test_the_limits_of_every_reader_are_set_and_locked(published):
    name = generation.current()
    found = dict(
        generation.answer(
            name, "select name, value from duckdb_settings() where name in ('max_execution_time', 'temp_directory')", ()
        ).iter_rows()
    )
    assert found == {"max_execution_time": "15000", "temp_directory": ""}
    for setting in ("max_execution_time = 0", "memory_limit = '20GB'"):
        with pytest.raises(duckdb.Error):
            warehouse.query(f"set {setting}")


@pytest.mark.parametrize(
    "question, limits, language",
    [
        pytest.param(ENDLESS, {"max_execution_time": "1500"}, "pl", id="time"),
        pytest.param(GREEDY, {"memory_limit": "200MB"}, "ru", id="memory"),
    ],
)
def test_who_asked_it_reads_a_plain_sentence_and_no_error(published, monkeypatch, question, limits, language):
    limited(monkeypatch, **limits)
    monkeypatch.setattr(facts, "tests", lambda: warehouse.query(question))
    app = page("trust", lang=language)
    assert not app.error and not app.exception
    with words.speaking(language):
        assert [warning.value for warning in app.warning] == [words.text("state.too_much")]
    assert not any(sign in said(app) for sign in ("Interrupt", "Memory", "Error", "select"))
