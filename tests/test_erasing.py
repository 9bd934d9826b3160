"""Erasing one person: out of every file, never in again, and not a cent of any figure moves."""

import csv
import gzip
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from decimal import Decimal
from itertools import cycle

import pytest

from pipelines import erased, publish
from pipelines.erasing import searching
from pipelines.outcomes import SettingsError
from tests.erasable import GONE, KEY, STAYS, WHY, PersonalFirm
from tests.published import AS_OF, ROOT, Published

NUMBERS = ("601234567", "601-234-567", "5210017228")


@pytest.fixture(scope="module")
def sold(tmp_path_factory) -> PersonalFirm:
    """Published; an older log, the firm's own files and what was sent name the person too."""
    firm = PersonalFirm(tmp_path_factory.mktemp("sold"))
    firm.make()
    firm.sell()
    ended = firm.run()
    assert ended.code == 0, ended.said
    company = firm.data / "company"
    company.mkdir()
    (company / "access.csv").write_text(f"email,role\n{GONE['mail']},manager\nhenryk@lis.pl,manager\n")
    (firm.data / "logs" / "older.log").write_text(f"could not read {GONE['name']}\n")
    (firm.data / "sent.jsonl").write_text(f'{{"to": "{GONE["mail"]}"}}\n{{"to": "henryk@lis.pl"}}\n')
    return firm


@pytest.fixture(scope="module")
def erasure(sold, tmp_path_factory):
    """The firm after the person was erased, and what the command said."""
    firm = sold.copy(tmp_path_factory.mktemp("erased"))
    return firm, firm.erase(KEY, GONE["mail"])


def money(firm: PersonalFirm) -> dict[str, list[tuple]]:
    return {
        "orders": firm.rows("select date_trunc('month', ordered_at), sum(net_amount), count(*) from canonical.orders"
                            " group by 1 order by 1"),
        "revenue": firm.rows("select * from marts.revenue order by all"),
        "deals": firm.rows("select deal_key, account_key, amount from marts.sales order by 1"),
        "snapshots": firm.rows("select as_of_date, sum(amount), count(*) from marts.kept_snapshots"
                               " group by 1 order by 1"),
        "people": firm.rows("select person_key, name from canonical.people order by 1"),
    }  # fmt: skip


def holds(firm: PersonalFirm, text: str) -> bool:
    return text.lower() in firm.every_text().lower()


def test_without_yes_it_says_what_it_found_and_changes_nothing(sold):
    before = sorted((path, path.stat().st_mtime_ns) for path in sold.data.rglob("*") if path.name != ".lock")
    ended = sold.run("erase", KEY, "--why", WHY)
    assert ended.code == 0, ended.said
    assert f"accounts of shop: {KEY}" in ended.said
    assert "shop deals: name 2" in ended.said
    assert GONE["name"] in ended.said
    assert "Nothing was changed" in ended.last
    assert sorted((path, path.stat().st_mtime_ns) for path in sold.data.rglob("*") if path.name != ".lock") == before


def test_of_the_erased_person_no_file_holds_anything_and_of_the_other_it_does(sold, erasure):
    firm, ended = erasure
    assert ended.code == 0, ended.said
    for text in (*GONE.values(), *NUMBERS, "Mrs Kruk"):
        assert not holds(firm, text), text
    for text in STAYS.values():
        assert holds(firm, text), text
    assert holds(sold, GONE["name"])
    told = re.search(r"Not found in (\d+) files: (\d+) texts", ended.last)
    assert int(told[1]) > 20
    assert int(told[2]) == len(GONE)
    assert "finds shop:a2, who was not erased" in ended.last


def test_no_figure_moves_by_a_cent_and_no_row_is_lost(sold, erasure):
    firm, _ = erasure
    assert money(firm) == money(sold)
    [(name,)] = firm.rows(f"select name from canonical.accounts where account_key = '{KEY}'")  # noqa: S608
    assert re.fullmatch("erased-[0-9a-f]{8}", name)
    deals = firm.rows("select deal_name, customer_name from marts.sales order by deal_key")
    assert deals == [(name, name), (f"Wardrobe of {STAYS['name']}", STAYS["name"]), (name, STAYS["name"])]


def test_older_generations_are_gone_and_what_is_published_is_whole(erasure):
    firm, _ = erasure
    assert firm.generations.all() == [firm.current]
    assert publish.health(firm.current) == []
    assert "no whole older generation" in firm.run("rollback").last
    assert not (firm.data / "parsed").exists()
    assert not (firm.data / "logs" / "older.log").exists()
    assert (firm.data / "company" / "access.csv").read_text() == "email,role\nhenryk@lis.pl,manager\n"


def test_the_list_of_the_erased_names_nobody(erasure):
    firm, _ = erasure
    path = firm.data / "company" / "erased.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert {row["why"] for row in rows} == {WHY}
    assert {row["kind"] for row in rows} == {"record", "text"}
    listed = path.read_text(encoding="utf-8").lower()
    words = {part for value in GONE.values() for part in re.split(r"\W+", value.lower()) if len(part) > 3}
    assert {word for word in words if word in listed} == set()
    for name in ("erased.csv", "erased.salt"):
        assert stat.S_IMODE((path.parent / name).stat().st_mode) == 0o600


@pytest.mark.long
def test_the_next_refresh_keeps_the_person_out_though_the_source_still_sends_them(erasure, tmp_path):
    firm = erasure[0].copy(tmp_path)
    firm.sell(deals=5)
    ended = firm.run(AS_OF="2026-04-01")
    assert ended.code == 0, ended.said
    assert firm.rows("select count(*), sum(amount) from canonical.deals") == [(5, Decimal("608.40"))]
    names = [name for (name,) in firm.rows("select deal_name from canonical.deals where account_key = 'shop:a1'")]
    assert len(names) == 3
    assert all(name.startswith("erased-") for name in names)
    for text in (*GONE.values(), *NUMBERS):
        assert not holds(firm, text), text
    assert holds(firm, STAYS["name"])


def test_erasing_twice_changes_nothing_more(erasure, tmp_path):
    firm = erasure[0].copy(tmp_path)
    before, listed = firm.current.name, (firm.data / "company" / "erased.csv").read_bytes()
    for who in (KEY, GONE["mail"]):
        ended = firm.erase(who)
        assert ended.code == 0, ended.said
        assert "Was erased already" in ended.said
    assert firm.current.name == before
    assert (firm.data / "company" / "erased.csv").read_bytes() == listed


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("shop:nobody", "shop:nobody is no record of shop; looked through"),
        ("nobody@example.com", "no row of shop holds the e-mail address nobody@example.com"),
        ("crm:a1", "neither an e-mail address nor <source>:<record id>; loaded is shop"),
    ],
)
def test_who_is_not_there_is_told_so_and_nothing_is_done(sold, who, said):
    ended = sold.erase(who)
    assert ended.code == 2
    assert said in ended.last
    assert not (sold.data / "company" / "erased.csv").exists()


def test_a_reason_that_names_the_person_is_refused(sold):
    ended = sold.erase(KEY, why=f"letter of {GONE['name']}")
    assert ended.code == 2
    assert "--why names the person" in ended.last
    assert not (sold.data / "company" / "erased.csv").exists()


SPOILED = [
    (lambda line: line.replace(",record,", ",recrod,"), "line 2, column kind: 'recrod' was not written by an erasure"),
    (lambda line: line[: line.index(",record")] + ",record,0,abc,2026-03-31,why,seal", "line 2, column hash: 'abc'"),
    (lambda line: line.replace("letter", "mail"), "line 2, column seal: the line was changed after it was written"),
    (lambda line: "one,two", "line 2, it has 2 values, not 7"),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILED)
def test_a_list_that_somebody_edited_is_refused_by_its_line(erasure, tmp_path, spoil, said):
    company = tmp_path / "company"
    shutil.copytree(erasure[0].data / "company", company)
    path = company / "erased.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], spoil(lines[1]), *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(said)):
        erased.read(company)


def test_without_its_key_the_list_is_refused_and_the_refresh_with_it(erasure, tmp_path):
    firm = erasure[0].copy(tmp_path)
    (firm.data / "company" / "erased.salt").unlink()
    ended = firm.run()
    assert ended.code == 2, ended.said
    assert "erased.salt is gone" in ended.last


KILLED = ["erasure_listed", "landing_rewritten", "building", "published", "half_tidied", "tidied"]


@pytest.mark.long
@pytest.mark.parametrize(("step", "by"), zip(KILLED, cycle(["refresh", "erase"]), strict=False))
def test_killed_in_the_middle_the_next_run_finishes(sold, tmp_path, step, by):
    firm = sold.copy(tmp_path)
    assert firm.erase(KEY, GONE["mail"], CRASH_AT=step).code == -signal.SIGKILL
    assert firm.is_whole()
    ended = firm.erase(KEY) if by == "erase" else firm.run()
    assert ended.code == 0, ended.said
    assert money(firm) == money(sold)
    assert firm.generations.all() == [firm.current]
    for text in (*GONE.values(), *NUMBERS):
        assert not holds(firm, text), text
    assert holds(firm, STAYS["name"])


def test_a_file_that_still_holds_the_person_is_named_even_when_it_is_packed(sold, tmp_path):
    for name, content in {"list.csv": f"name\n{GONE['name']}\n", "other.csv": "name\nnobody\n"}.items():
        with gzip.open(tmp_path / f"{name}.gz", "wt") as file:
            file.write(content)
    found = searching.search([tmp_path, sold.data], [GONE["name"], "Nobody Whosoever"]).found
    assert "list.csv.gz" in found[GONE["name"]]
    assert {name.split("/")[-1] for name in found[GONE["name"]]} >= {"shop.duckdb", "warehouse.duckdb", "sales.parquet"}
    assert found["Nobody Whosoever"] == set()


@pytest.mark.long
def test_a_firm_s_customer_is_erased_in_every_system_and_no_figure_moves(small_firm, tmp_path):
    folder = tmp_path / "published"
    shutil.copytree(small_firm.folder, folder, symlinks=True)
    query = "select month, sum(revenue_amount), sum(cm1_amount), count(*) from marts.customer_profitability group by 1"
    before = small_firm.rows(f"{query} order by 1")
    account = small_firm.rows(
        "select crm.account_key, crm.account_name, crm.customer_key, erp.account_name as other_name"
        " from canonical.account_matches as crm join canonical.account_matches as erp using (customer_key)"
        " where crm.source = 'salesforce' and erp.source = 'business_central' and erp.rule = 'scored'"
        " order by 1 limit 1"
    ).row(0, named=True)
    settings = {"DATA_DIR": str(folder), "AS_OF": AS_OF.isoformat(), "SANDBOX_SCALE": small_firm.scale}
    environment = {name: value for name, value in os.environ.items() if name != "SOURCES"} | settings
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "erase", account["account_key"], "--why", "asked for it", "--yes"],
        cwd=ROOT, env=environment | {"COMPANY": "parts"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Not found in" in done.stdout
    after = Published(folder, small_firm.scale)
    assert after.rows(f"{query} order by 1").equals(before)
    names = after.rows(
        f"select distinct name from canonical.accounts join canonical.account_matches using (account_key)"  # noqa: S608
        f" where customer_key = '{account['customer_key']}'"
    )
    assert names.height == 1
    assert names.item().startswith("erased-")
    found = searching.search([folder], [account["account_name"], account["other_name"]]).found
    assert found == {account["account_name"]: set(), account["other_name"]: set()}
