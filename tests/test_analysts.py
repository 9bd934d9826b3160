"""Analysts ask the published file: by saved questions, a shell, a notebook, an assistant. Nobody can write to it."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import small_warehouse as small

from dashboards import generation, questions

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# A firm refreshed once has no forecast yet that could be judged, and a small one no order that lies too long.
MAY_BE_EMPTY = {"how_good_the_forecast_was", "orders_that_lie"}


@pytest.fixture
def firm(small_firm, monkeypatch):
    """The sandbox company as it is published; what starts here reads it, too."""
    monkeypatch.setenv("DATA_DIR", str(small_firm.folder))
    yield small_firm
    generation.close()


def ran(*command: str, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("name", sorted(questions.known()))
def test_every_saved_question_has_words_and_an_answer(firm, name):
    assert re.fullmatch(r"[A-Z].*\?( .*[.?])?|[A-Z].*\? .*\.", questions.known()[name])
    found = questions.answer(name)
    assert found.width > 1
    assert found.height > 0 or name in MAY_BE_EMPTY


def test_a_question_answers_with_the_figures_of_the_marts(firm):
    counted = firm.rows("select count(*) from marts.funnel_to_cash where is_won and orders_counted = 0").item()
    revenue = firm.rows("select sum(revenue_amount) from marts.profitability_lines").item()
    assert questions.answer("won_and_never_ordered").height == min(counted, 100) > 0
    assert questions.answer("contribution_of_each_month")["revenue_amount"].sum() == revenue


def test_questions_are_asked_on_the_command_line_and_a_wrong_name_says_which_there_are(tmp_path):
    small.publish(tmp_path)
    done = ran(sys.executable, "-m", "dashboards", "question", "who_pays_late", DATA_DIR=str(tmp_path))
    assert done.returncode == 0
    assert "Who pays how late" in done.stdout
    wrong = ran(sys.executable, "-m", "dashboards", "question", "nobody", DATA_DIR=str(tmp_path))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "No question is called 'nobody'" in wrong.stderr and "who_pays_late" in wrong.stderr
    nothing = ran(sys.executable, "-m", "dashboards", "question", "who_pays_late", DATA_DIR=str(tmp_path / "none"))
    assert nothing.returncode == 3
    assert "make refresh" in nothing.stderr and "Traceback" not in nothing.stderr


@pytest.mark.skipif(not (BIN / "duckdb").exists(), reason="the shell is not installed: make query installs it")
def test_the_shell_of_an_older_duckdb_opens_the_published_file_and_cannot_write(firm):
    counted = firm.rows("select count(*) from marts.receivables").item()
    shell = [str(BIN / "duckdb"), "-readonly", "-csv", "-noheader", str(firm.warehouse), "-c"]
    assert ran(*shell, "select count(*) from marts.receivables").stdout.strip() == str(counted)
    refused = ran(*shell, "delete from marts.receivables")
    assert refused.returncode != 0 and "read-only" in refused.stderr


def test_the_notebook_runs_from_its_first_cell_to_its_last(firm):
    pytest.importorskip("marimo", reason="the notebook is not installed: make notebook installs it")
    done = ran(sys.executable, "dashboards/notebook.py", PYTHONPATH=str(ROOT))
    assert done.returncode == 0, done.stderr


def test_an_assistant_reads_marts_and_definitions_and_nothing_else(firm):
    pytest.importorskip("mcp", reason="the assistant's interface is not installed: make assistant installs it")
    asked = {
        "measures": ("measures", {}),
        "columns": ("columns", {"table": "marts.receivables"}),
        "counted": ("query", {"sql": "select count(*) as counted from marts.receivables;"}),
        "file": ("query", {"sql": "select * from read_text('/etc/passwd')"}),
        "deleted": ("query", {"sql": "delete from marts.receivables"}),
        "settings": ("query", {"sql": "set enable_external_access = true"}),
        "late": ("ask", {"name": "who_pays_late"}),
    }
    answers = asyncio.run(_answers(asked))
    counted = firm.rows("select count(*) from marts.receivables").item()
    assert f'"counted": {counted}' in answers["counted"]
    assert "open_receivables" in answers["measures"] and "formula" not in answers["columns"]
    assert "days_overdue" in answers["columns"]
    assert "median_days_late" in answers["late"]
    for refused in ("file", "deleted", "settings"):
        assert '"error"' in answers[refused] and "root:" not in answers[refused]


async def _answers(asked: dict[str, tuple[str, dict]]) -> dict[str, str]:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(
        command=sys.executable, args=["-m", "dashboards", "assistant"], env=dict(os.environ), cwd=str(ROOT)
    )
    async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as session:
        await session.initialize()
        found = {name: await session.call_tool(tool, given) for name, (tool, given) in asked.items()}
    return {name: "\n".join(part.text for part in answer.content) for name, answer in found.items()}
