"""What people decide about accounts is kept: none lost, none twice, and what is no decision is said and set aside."""

import csv
import os
import resource
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import decisions, inbox
from pipelines.configuration import read
from pipelines.outcomes import SettingsError
from tests.part_of_project import needed_by, part_of_project

ROOT = Path(__file__).parents[1]
HEADER = "account_key_a,account_key_b,decision,who,when,reason"
SEED = ROOT / "dbt_project/seeds/account_decisions.csv"
DECIDED = 'crm:1,erp:2,same,anna,2026-11-20T10:00:00Z,"one owner, two ""shops"""'
TAKE_OVER = "import sys, pathlib; from pipelines import inbox; inbox.take_over(pathlib.Path(sys.argv[1]), print)"


@pytest.fixture
def company(tmp_path) -> Path:
    (tmp_path / "company/inbox").mkdir(parents=True)
    return tmp_path / "company"


def leave(company: Path, *lines: str, name: str = "20261120T100000Z-0123abcd.csv", header: str = HEADER) -> Path:
    path = company / "inbox" / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def kept(company: Path) -> list[list[str]]:
    with open(company / decisions.NAME, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


def taken_over(company: Path) -> str:
    said: list[str] = []
    inbox.take_over(company, said.append)
    return "\n".join(said)


def left(company: Path) -> list[str]:
    return sorted(path.name for path in (company / "inbox").iterdir())


def decide(folder: Path, *arguments: str, **more: str) -> subprocess.Popen:
    environment = {**os.environ, "DATA_DIR": "data", "SOURCES": "", "PYTHONPATH": str(ROOT), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines", "decide", *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def publish_accounts(folder: Path) -> None:
    generation = folder / "data/generations/000001-20261121T060000Z"
    generation.mkdir(parents=True)
    (folder / "data/current").symlink_to(f"generations/{generation.name}")
    with duckdb.connect(str(generation / "warehouse.duckdb")) as connection:
        connection.execute("create schema canonical")
        connection.execute("create table canonical.accounts (account_key varchar, name varchar)")
        accounts = [("crm:1", "Alfa Parts"), ("erp:C10001", "ALFA PARTS LTD"), ("crm:2", "Beta")]
        connection.executemany("insert into canonical.accounts values (?, ?)", accounts)


def test_the_columns_of_a_decision_are_those_of_the_shipped_file():
    assert SEED.read_text().splitlines()[0] == ",".join(decisions.COLUMNS) == HEADER


def test_decisions_of_the_inbox_come_into_the_firm_s_file_once_and_leave_the_inbox(company):
    leave(company, DECIDED, "crm:3,erp:4,different,,2026-11-20,")
    leave(company, DECIDED, name="20261120T100001Z-89abcdef.csv")
    assert "2 of the inbox added" in taken_over(company)
    assert left(company) == []
    assert kept(company) == [
        ["crm:1", "erp:2", "same", "anna", "2026-11-20T10:00:00Z", 'one owner, two "shops"'],
        ["crm:3", "erp:4", "different", "", "2026-11-20", ""],
    ]
    assert stat.S_IMODE((company / decisions.NAME).stat().st_mode) == 0o600
    leave(company, DECIDED)
    assert taken_over(company) == "", "the same decision again adds nothing"
    assert len(kept(company)) == 2 and left(company) == []


def test_a_killed_refresh_leaves_each_decision_exactly_once(company):
    for at in range(3):
        leave(company, f"crm:{at},erp:2,same,anna,2026-11-20T10:00:00Z,why", name=f"20261120T10000{at}Z-0123abcd.csv")
    command = [sys.executable, "-c", TAKE_OVER, str(company)]
    killed = subprocess.run(command, env=os.environ | {"CRASH_AT": "decisions_appended"}, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(kept(company)) == 3 and len(left(company)) == 3
    taken_over(company)
    assert [row[0] for row in kept(company)] == ["crm:0", "crm:1", "crm:2"] and left(company) == []


def test_a_full_disk_loses_no_decision(company):
    written = leave(company, DECIDED).read_bytes()
    taken_over(company)
    before = (company / decisions.NAME).read_bytes()
    leave(company, "crm:5,erp:6,same,anna,2026-11-20T10:00:00Z,why")
    full = subprocess.run(
        [sys.executable, "-c", TAKE_OVER, str(company)], cwd=ROOT, check=False, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (len(written), len(written))),
    )  # fmt: skip
    assert full.returncode == 1 and "File too large" in full.stderr
    assert (company / decisions.NAME).read_bytes() == before
    taken_over(company)
    assert [row[0] for row in kept(company)] == ["crm:1", "crm:5"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["crm:1,erp:2,maybe,anna,2026-11-20,"], "line 2, column decision: 'maybe' is none of same, different, parent"),
        ([DECIDED, "crm:1,,same,anna,2026-11-20,"], "line 3, column account_key_b: '' is not an account key"),
        (["crm:1,crm:1,same,anna,2026-11-20,"], "line 2, column account_key_b: 'crm:1' is the same account"),
        (["crm:1,erp:2,same,anna,yesterday,"], "line 2, column when: 'yesterday' is no moment"),
        (["crm:1,erp:2,same,anna,2999-01-01,"], "line 2, column when: '2999-01-01' is in the future"),
        (["crm:1,erp:2,same,anna,0001-01-01T00:00:00+14:00,"], "line 2, column when"),
        (["=cmd|' /c calc'!A0,erp:2,same,anna,2026-11-20,"], "line 2, column account_key_a"),
        (["crm:1,erp:2,same"], "line 2, it has 3 values, not 6"),
        ([], "line 2: it holds no decision"),
        (['crm:1,erp:2,same,"anna'], "it is not a CSV file in utf-8"),
    ],
)
def test_a_file_that_is_no_decision_is_set_aside_and_said_and_nothing_of_it_counts(company, lines, said):
    leave(company, *lines)
    good = leave(company, "crm:7,erp:8,same,anna,2026-11-20,", name="20261120T100001Z-89abcdef.csv")
    spoken = taken_over(company)
    assert f"warning: The inbox: 20261120T100000Z-0123abcd.csv, {said}" in spoken
    assert "put it back" in spoken
    refused = company / "inbox/refused"
    assert said in (refused / "20261120T100000Z-0123abcd.csv.reason.txt").read_text()
    assert (refused / "20261120T100000Z-0123abcd.csv").is_file()
    assert left(company) == ["refused"] and not good.exists()
    assert [row[0] for row in kept(company)] == ["crm:7"]


def test_what_is_no_file_of_ours_is_neither_followed_nor_waited_for(company, tmp_path):
    (tmp_path / "secret").write_text("password")
    (company / "inbox/link.csv").symlink_to(tmp_path / "secret")
    os.mkfifo(company / "inbox/pipe.csv")
    (company / "inbox/large.csv").write_bytes(b"x" * (inbox.LARGEST + 1))
    (company / "inbox/latin.csv").write_bytes(f"{HEADER}\ncrm:1,erp:2,same,J\xf3zef,2026-11-20,\n".encode("latin-1"))
    leave(company, DECIDED, name="wrong.csv", header="a,b")
    said = taken_over(company)
    for what in (
        "link.csv, it is not a plain file",
        "pipe.csv, it is not a plain file",
        "large.csv, it is larger than",
    ):
        assert what in said
    assert "latin.csv, it is not a CSV file in utf-8" in said and "wrong.csv, line 1: the columns must be" in said
    assert "password" not in said
    assert left(company) == ["refused"] and not (company / decisions.NAME).exists()


def test_a_file_that_is_still_written_is_left_alone(company):
    for name in (".20261120T100000Z-0123abcd.csv", "20261120T100000Z-0123abcd.csv.part"):
        leave(company, DECIDED, name=name)
    assert taken_over(company) == ""
    assert len(left(company)) == 2 and not (company / decisions.NAME).exists()


def test_a_text_is_one_line_that_no_spreadsheet_runs(company):
    leave(company, 'crm:1,erp:2,same,@anna,2026-11-20T11:00:00+01:00,"=1+1\n\x07two\u2028three"')
    taken_over(company)
    assert kept(company) == [["crm:1", "erp:2", "same", "'@anna", "2026-11-20T10:00:00Z", "'=1+1 two three"]]


def test_what_the_firm_wrote_into_the_file_itself_stays_as_it_is(company, tmp_path):
    own = f"\ufeff{HEADER}\r\ncrm:9,erp:9,same,Zofia,2025-01-01,wie".encode()
    (tmp_path / "repository.csv").write_bytes(own)
    (company / decisions.NAME).symlink_to(tmp_path / "repository.csv")
    leave(company, DECIDED)
    taken_over(company)
    content = (tmp_path / "repository.csv").read_bytes()
    assert content.startswith(own + b"\r\n") and content.count(b"\r\n") == content.count(b"\n") == 3
    assert (company / decisions.NAME).is_symlink()


def test_a_firm_s_file_with_other_columns_is_not_written_to(company):
    (company / decisions.NAME).write_text("a,b\n")
    leave(company, DECIDED)
    with pytest.raises(SettingsError, match="line 1: the columns must be"):
        taken_over(company)
    assert (company / decisions.NAME).read_text() == "a,b\n"
    (company / decisions.NAME).unlink()
    taken_over(company)
    assert len(kept(company)) == 1, "once the file is right, what waited is taken"


def test_a_decision_by_hand_names_both_accounts_and_who_decided_when(tmp_path):
    publish_accounts(tmp_path)
    before = datetime.now(UTC).replace(microsecond=0)
    process = decide(tmp_path, "crm:1", "same", "erp:C10001", "--why", "=their bookkeeper told us", "--who", "Zofia")
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert "crm:1 (Alfa Parts) and erp:C10001 (ALFA PARTS LTD) are one customer" in said
    [[first, second, decision, who, when, why]] = kept(tmp_path / "data/company")
    assert [first, second, decision, who, why] == ["crm:1", "erp:C10001", "same", "Zofia", "'=their bookkeeper told us"]
    assert before <= datetime.fromisoformat(when) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("crm:1", "same", "C10001"), "C10001 is not the key of a published account. Did you mean erp:C10001"),
        (("crm:1", "same", "crm:1"), "'crm:1' is the same account"),
        (("crm:1", "equal", "crm:2"), "invalid choice: 'equal'"),
    ],
)
def test_a_decision_about_no_pair_of_accounts_is_not_taken(tmp_path, arguments, said):
    publish_accounts(tmp_path)
    process = decide(tmp_path, *arguments, "--why", "x")
    spoken = process.communicate(timeout=60)[0]
    assert process.returncode == 2 and said in spoken, spoken
    assert not (tmp_path / "data/company").exists()


def test_two_who_decide_at_once_lose_no_line(tmp_path):
    both = [decide(tmp_path, f"crm:{at}", "different", "erp:1", "--why", "x") for at in range(6)]
    for process in both:
        assert process.wait(timeout=90) == 0, process.communicate()[0]
    assert sorted(row[0] for row in kept(tmp_path / "data/company")) == [f"crm:{at}" for at in range(6)]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """The simulated company, small: its folder and a way to run the product in it."""
    folder = tmp_path_factory.mktemp("sandbox")
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    environment |= {"AS_OF": "2026-11-20", "SANDBOX_SCALE": "0.05", "PYTHONPATH": str(ROOT), "DATA_DIR": "data"}
    environment["DBT_PROJECT_DIR"] = str(part_of_project(folder / "project", *needed_by("account_matches")))
    configured = read(environment)
    assert configured.company == "parts"

    def run(*command: str, **more: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "pipelines", *command], cwd=folder, env=environment | more, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
        )  # fmt: skip
        return ended.returncode, ended.stdout

    return folder, run


def pairs(folder: Path) -> list[tuple[str, str]]:
    """Accounts of two systems that are one customer, because of one number both know."""
    with duckdb.connect(str((folder / "data/warehouse.duckdb").resolve()), read_only=True) as connection:
        return connection.execute(
            "select min(account_key), max(account_key) from canonical.account_matches group by customer_key"
            " having count(*) = 2 and min(rule) = max(rule) and min(rule) in ('tax_id', 'erp_reference') order by 1"
        ).fetchall()


def customers_of(folder: Path, pair: tuple[str, str]) -> int:
    with duckdb.connect(str((folder / "data/warehouse.duckdb").resolve()), read_only=True) as connection:
        return connection.execute(
            "select count(distinct customer_key) from canonical.account_matches where account_key in (?, ?)", pair
        ).fetchone()[0]


@pytest.mark.long
def test_decisions_count_in_the_refresh_that_takes_them_over_and_in_every_one_after(sandbox):
    folder, run = sandbox
    assert run("refresh")[0] == 0
    apart, by_hand, *_ = pairs(folder)
    assert customers_of(folder, apart) == customers_of(folder, by_hand) == 1

    company = folder / "data/company"
    assert run("decide", by_hand[0], "different", by_hand[1], "--why", 'two firms, one "number"')[0] == 0
    (company / "inbox").mkdir()
    leave(company, f"{apart[0]},{apart[1]},different,anna,2026-11-20T10:00:00Z,sold")
    leave(company, f"{apart[0]},{apart[1]},equal,anna,2026-11-20T10:00:00Z,", name="wrong.csv")
    unknown = "20261120T100002Z-89abcdef.csv"
    leave(company, "salesforce:gone,business_central:gone,same,anna,2026-11-20T10:00:00Z,", name=unknown)
    assert run("load")[0] == 0
    assert run("build", CRASH_AT="decisions_appended")[0] == -signal.SIGKILL
    code, said = run("build")
    assert code == 0, said
    assert run("publish")[0] == 0
    assert len(kept(company)) == 3
    assert (company / "inbox/refused/wrong.csv").is_file()
    assert customers_of(folder, apart) == customers_of(folder, by_hand) == 2

    code, said = run("refresh")
    assert code == 0, said
    assert len(kept(company)) == 3
    assert customers_of(folder, apart) == customers_of(folder, by_hand) == 2, "the next refresh keeps them apart"
