"""People see two records beside each other, decide with one click, and what they decided waits for the refresh."""

import csv
import re
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import small_warehouse as small
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards import decisions, generation, pairs, side_by_side, words
from pipelines import inbox

ROOT = Path(__file__).parents[1]
GAMMA = ("business_central:gamma", "salesforce:gamma")
BETA = ("business_central:beta", "salesforce:beta")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    small.publish(folder)
    return folder


@pytest.fixture
def published(tmp_path, made, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMPANY_DIR", raising=False)
    monkeypatch.delenv("DECISIONS", raising=False)
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    yield tmp_path
    generation.close()


def page(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboards/app.py"), default_timeout=60)
    app.run()
    app.switch_page("views/who_is_who.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception and not [error for error in app.error if "reference number" in error.value]
    return app


def said(app: AppTest) -> str:
    return "\n".join(part.value for part in [*app.markdown, *app.caption, *app.info, *app.error, *app.success])


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def click(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def left(folder: Path) -> list[Path]:
    return sorted((folder / "company/inbox").glob("*"))


def test_pairs_are_ranked_by_the_money_that_hangs_on_them(published):
    app = page()
    tiles = figures(app)
    assert (tiles["Accounts"], tiles["Customers"], tiles["Pairs to decide"]) == ("7", "6", "2")
    assert tiles["Revenue in both"] == "69.0%", "1,800 of 2,610 is of the one customer both systems know"
    assert tiles["Money behind them"] == "1.7K PLN", "200 and an open deal of 1,000, and 500"
    queue = pairs.proposed([])
    assert queue["money"].to_list() == [1200, 500]
    assert "2 pairs wait for a decision" in said(app) and "**1.2K PLN**" in said(app)


def test_both_records_stand_beside_each_other_with_what_agrees_and_what_differs(published):
    shown = said(page(pair=" ".join(BETA)))
    assert "| :green[**✓ Name**] | Beta Garage Ltd | Beta Garage |" in shown
    assert "| :green[**✓ Telephone**] | \\+48 61 222 | \\+48 61 222 |" in shown
    assert "| :red[**≠ Street**] | Long 16 | Long 10 |" in shown
    assert "| Town | Poznań | Poznań |" in shown, "nobody compared the town, so no sign stands there"
    assert "80% sure" in shown and "too little agrees to be sure" in shown


def test_a_name_with_signs_in_it_stays_in_its_cell(published):
    assert "| Gamma Fleet | Gamma \\| Fleet |" in said(page())


@pytest.mark.parametrize(
    ("button", "decided"),
    [
        ("Same customer", (*GAMMA, "same")),
        ("Not the same", (*GAMMA, "different")),
        ("Parent: Gamma Fleet \\(Business Central\\)", (*reversed(GAMMA), "parent")),
        ("Parent: Gamma \\| Fleet \\(Salesforce\\)", (*GAMMA, "parent")),
    ],
)
def test_a_click_leaves_a_decision_that_the_refresh_takes_over(published, button, decided):
    app = page()
    app.text_input(key=f"why-{' '.join(GAMMA)}").input("=SUM(A1), they said")
    app = click(app, button)
    assert "Noted, waiting for the next refresh" in said(app)
    assert figures(app)["Decisions waiting"] == "1" and figures(app)["Pairs to decide"] == "1"
    [file] = left(published)
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}\.csv", file.name)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    spoken: list[str] = []
    inbox.take_over(published / "company", spoken.append)
    assert "warning" not in "".join(spoken)
    with open(published / "company/account_decisions.csv", newline="") as kept:
        [row] = list(csv.DictReader(kept))
    assert (row["account_key_a"], row["account_key_b"], row["decision"]) == decided
    assert row["who"] and row["reason"] == "'=SUM(A1), they said"
    assert abs((datetime.now(UTC) - datetime.fromisoformat(row["when"])).total_seconds()) < 60
    again = page()
    assert figures(again)["Pairs to decide"] == "1", "decided, though no refresh has published it yet"
    assert figures(again)["Decisions waiting"] == "0"


def test_a_decision_can_be_taken_back_while_it_waits_and_not_after(published):
    app = click(page(), "Same customer")
    [file] = left(published)
    taken = file.rename(file.with_name(f".{file.name}.taking"))
    app = click(app, "Undo")
    assert "too late" in said(app)
    taken.rename(file)
    app = click(page(), "Undo")
    assert left(published) == [] and figures(app)["Pairs to decide"] == "2"
    assert not decisions.undo("../account_decisions.csv"), "nothing but a waiting decision is ever removed"


def test_later_leads_to_the_next_pair_and_decides_nothing(published):
    app = click(page(), "Later")
    assert "This is number 2" in said(app) and not (published / "company").exists()


@pytest.mark.parametrize("setting", ["off", "no"])
def test_where_deciding_is_off_there_is_no_button_and_the_command_is_named(published, monkeypatch, setting):
    monkeypatch.setenv("DECISIONS", setting)
    app = page()
    assert not [button for button in app.button if button.label in ("Same customer", "Not the same", "Undo")]
    assert "switched off" in said(app)
    assert f"python -m pipelines decide {GAMMA[0]} same {GAMMA[1]}" in app.code[0].value


@pytest.mark.parametrize(
    ("address", "hosts", "is_alone"),
    [
        ("127.0.0.1", ["127.0.0.1", "localhost"], True),
        ("127.0.0.1", ["localhost", "figures.example.com"], False),
        ("127.0.0.1", [], False),
        (None, ["localhost"], False),
        ("0.0.0.0", ["localhost"], False),
    ],
)
def test_who_shares_the_pages_has_to_switch_deciding_on(published, monkeypatch, address, hosts, is_alone):
    options = {"server.address": address, "server.allowedHosts": hosts}
    known = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: options[name] if name in options else known(name))
    assert decisions.are_on() is is_alone and (decisions.who() is not None) is is_alone
    monkeypatch.setenv("DECISIONS", "on")
    assert decisions.are_on() and (decisions.who() is not None) is is_alone


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("https://figures.example.com/who-is-who", {}),
        ("http://127.0.0.1:8501/who-is-who", {"X-Forwarded-For": "10.0.0.7"}),
    ],
)
def test_what_comes_through_a_proxy_is_not_this_machine(published, monkeypatch, url, headers):
    monkeypatch.setattr(st, "context", SimpleNamespace(url=url, headers=headers))
    assert not decisions.are_on() and decisions.who() is None


def test_where_others_read_too_a_decision_needs_a_name(published, monkeypatch):
    monkeypatch.setattr(decisions, "who", lambda: None)
    app = page()
    assert all(button.disabled for button in app.button if button.key.startswith("decide-"))
    app.text_input(key="decided-by").input("Zofia").run()
    app = click(app, "Not the same")
    assert [one.who for one in decisions.waiting()] == ["Zofia"]


def test_an_inbox_that_cannot_be_written_is_a_plain_sentence(published):
    (published / "company").write_text("a file where the folder should be")
    app = click(page(), "Same customer")
    assert "The decision was not saved" in said(app) and figures(app)["Pairs to decide"] == "2"


def test_only_pairs_that_somebody_should_decide_are_asked(published, monkeypatch):
    with duckdb.connect(str((published / "warehouse.duckdb").resolve())) as connection:
        connection.execute("update canonical.account_pairs set outcome = 'apart'")
    assert "No pair waits for a decision" in said(page())


@pytest.mark.parametrize("source", ["salesforce", "business_central"])
def test_with_one_system_the_question_is_said_to_have_no_answer(tmp_path, monkeypatch, source):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    small.publish(tmp_path, (source,))
    app = page()
    assert "there is no second system" in said(app)
    assert "because only one connected system delivers accounts" in said(app)
    assert "Pairs to decide" not in figures(app)
    generation.close()


def test_where_documents_link_is_shown_as_soon_as_the_warehouse_says_it(published):
    assert "How far documents name each other" not in [head.value for head in page().subheader]
    generation.close()
    with duckdb.connect(str((published / "warehouse.duckdb").resolve())) as connection:
        connection.execute("drop table if exists marts.thread_coverage")
        connection.execute(
            "create table marts.thread_coverage as select 'salesforce' as source, 'deals' as from_entity,"
            " 'orders' as to_entity, 6 as documents_counted, 5 as linked_counted, 1 as orphans_counted"
        )
    generation.close()
    app = page()
    assert "How far documents name each other" in [head.value for head in app.subheader]
    assert any("linked_counted" in shown.value.columns for shown in app.dataframe)


def test_every_rule_and_reason_has_its_words():
    for code in ("decision", "erp_reference", "tax_id", "scored", "alone"):
        assert words.knows(f"match_rule.{code}")
    reasons = ("decided_different", "tax_ids_differ", "name_only", "not_sure_enough", "common_name", "one_to_one")
    for code in (*reasons, "in_conflict"):
        assert words.knows(f"match_reason.{code}")
    for code in (*pairs.COMPARED, *side_by_side.TOLD):
        assert words.knows(f"field.{code}")


def test_what_an_account_says_and_is_not_believed_on_stands_beside_what_counts(published):
    app = page()
    assert "**1** value goes unused" in said(app)
    shown = next(table.value for table in app.dataframe if "kept_value" in table.value.columns)
    assert shown.drop(columns="customer_name").to_dict("records") == [
        {
            "kept_value": "New 2", "kept_source": "Salesforce", "other_value": "Old 1",
            "other_source": "Business Central", "why_kept": "changed last",
        }
    ]  # fmt: skip
