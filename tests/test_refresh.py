"""A refresh publishes what holds, says what does not, and leaves nothing half done."""

import json
import shutil
from dataclasses import dataclass

import duckdb
import pytest

from pipelines import at_work, attempts, publish
from pipelines.landing import Unusable, refuse_shrunk
from pipelines.outcomes import NoSpace
from tests.firm import HERE, Firm, copy_of, expected_orders

NEGATIVE = "order_id,order_number,account_id,net_amount,ordered_at\n1,N1,a1,-5.00,2026-01-01T10:00:00\n"


def project(folder, **models: str) -> str:
    """The small warehouse with some of its models written anew."""
    shutil.copytree(HERE / "protocol_project", folder)
    for name, text in models.items():
        [path] = folder.rglob(f"{name}.*")
        path.write_text(text)
    return str(folder)


def test_a_company_without_a_row_is_published_and_fills_on_the_next_run(tmp_path):
    firm = copy_of("published", tmp_path)
    first, second = firm.generations.all()
    assert publish.manifest(first)["tables"]["canonical.orders"]["rows"] == 0
    assert publish.manifest(second)["tables"]["canonical.orders"]["rows"] == 40
    assert firm.orders() == expected_orders(40)


def test_a_second_refresh_of_the_same_day_changes_no_figure(tmp_path):
    firm = copy_of("published", tmp_path)
    before = firm.figures()
    ended = firm.run()
    assert ended.code == 0, ended.said
    assert firm.figures() == before
    tables = [publish.manifest(path)["tables"] for path in firm.generations.all()[-2:]]
    assert tables[0]["canonical.orders"] == tables[1]["canonical.orders"]
    assert "4 tests passed" in ended.said
    assert str(firm.data / "warehouse.duckdb") in ended.last


def test_a_source_that_fails_keeps_its_last_good_rows_and_the_others_go_on(tmp_path):
    firm = copy_of("published", tmp_path)
    firm.export(90, broken=True)
    firm.export(5, source="branch")
    firm.export(1, source="newcomer", broken=True)
    ended = firm.run()
    assert ended.code == 5, ended.said
    assert "without new rows of newcomer, shop" in ended.last
    assert firm.orders() == sorted(expected_orders(40) + expected_orders(5, source="branch"))
    loads = dict(firm.rows("select source, state from marts.source_loads"))
    assert loads == {"branch": "loaded", "newcomer": "never", "shop": "kept"}
    [(said,)] = firm.rows("select message from marts.source_loads where source = 'shop'")
    assert "31.31.2026" in said
    firm.export(50)
    shutil.rmtree(firm.folder / "files" / "newcomer")
    assert firm.run().code == 0
    assert firm.orders() == sorted(expected_orders(50) + expected_orders(5, source="branch"))
    assert ("published_without_source", None, 5) in firm.rows(
        "select outcome, failed_step, exit_code from marts.refreshes"
    )


def test_a_failed_test_publishes_nothing_and_is_told_by_its_sentence(tmp_path):
    firm = copy_of("published", tmp_path)
    (firm.folder / "files/shop/orders.csv").write_text(NEGATIVE)
    ended = firm.run()
    assert ended.code == 6
    assert "No order is worth less than nothing (1 rows)" in ended.last
    assert "Traceback" not in ended.said
    assert firm.orders() == expected_orders(40)
    last = attempts.read(firm.data)[-1]
    assert (last["outcome"], last["failed_step"], last["exit_code"]) == ("gate_failed", "build", 6)
    assert firm.left_over() == []


WARNED = "select order_key from {{ ref('orders') }} where net_amount > 39 {{ config(severity='warn') }}"
WORDS_FOR_MONEY = (
    "select order_key, order_number, account_key, 'much' as net_amount, ordered_at from {{ ref('stg_files__orders') }}"
)
CONTRACT = """
models:
  - name: orders
    config: {contract: {enforced: true}}
    columns:
      - {name: order_key, data_type: varchar}
      - {name: order_number, data_type: varchar}
      - {name: account_key, data_type: varchar}
      - {name: net_amount, data_type: "decimal(18, 2)"}
      - {name: ordered_at, data_type: timestamp}
"""
RECONCILED = """
select 'raw_to_canonical_rows' as check_code, 'shop' as source, 'orders' as entity, null as period_month,
    40 as left_amount, 39 as right_amount, true as is_gate, {ok} as is_ok
"""


def test_a_warning_is_published_and_shown(tmp_path):
    firm = copy_of("loaded", tmp_path / "firm")
    models = {"an_order_is_worth_something": WARNED}
    built = firm.run("build", DBT_PROJECT_DIR=project(tmp_path / "project", **models))
    assert built.code == 0, built.said
    ended = firm.run("publish")
    assert ended.code == 0, ended.said
    assert "1 warnings" in ended.said
    assert "No order is worth less than nothing (21 rows)" in ended.said
    assert firm.rows("select count(*) from marts.test_results where status = 'warn' and failures = 21") == [(1,)]


def test_a_broken_contract_publishes_nothing_and_names_the_table(tmp_path):
    firm = copy_of("loaded", tmp_path / "firm")
    models = {"orders": WORDS_FOR_MONEY, "_marts": CONTRACT}
    ended = firm.run("build", DBT_PROJECT_DIR=project(tmp_path / "project", **models))
    assert ended.code == 6
    assert "orders could not be built" in ended.last
    assert "net_amount" in ended.last


def test_figures_that_do_not_agree_with_the_source_are_not_published(tmp_path):
    firm = copy_of("loaded", tmp_path / "firm")
    other = project(tmp_path / "project", revenue=RECONCILED.format(ok="false"))
    (tmp_path / "project/models/marts/revenue.sql").rename(tmp_path / "project/models/marts/reconciliation.sql")
    (tmp_path / "project/models/marts/_marts.yml").unlink()
    assert firm.run("build", DBT_PROJECT_DIR=other).code == 0
    ended = firm.run("publish")
    assert ended.code == 6
    assert "raw to canonical rows (shop orders): 40 against 39" in ended.last
    assert firm.orders() == expected_orders(40)


FULL = [
    ("load", "generation_made", 100_000),  # copying the landing file
    ("load", "landing_copied", 2_000),  # what dlt extracts
    ("load", "landing_copied", 100_000),  # the landing file
    ("build", "building", 200_000),  # the work file
    ("publish", "audited", 100_000),  # the warehouse file
    ("publish", "scanned", 500),  # the manifest
]


@pytest.mark.parametrize(("command", "step", "size"), FULL)
def test_a_full_disk_has_its_own_code_and_costs_nothing(tmp_path, command, step, size):
    firm = copy_of({"load": "published", "build": "loaded", "publish": "built"}[command], tmp_path)
    if command == "load":
        firm.export(3000)
    ended = firm.run(command, at=step, do=f"full:{size}")
    assert ended.code == 4, ended.said
    assert "nothing was published" in ended.last
    assert firm.is_whole()
    assert firm.orders() == expected_orders(40)


@pytest.mark.long
def test_with_room_again_the_next_refresh_is_exact(tmp_path):
    firm = copy_of("published", tmp_path)
    firm.export(3000)
    assert firm.run(at="landing_copied", do="full:100000").code == 4
    assert firm.run().code == 0
    assert firm.orders() == expected_orders(3000)
    assert firm.left_over() == []


@dataclass
class Nearly:
    free: int


def test_too_little_space_is_said_before_anything_is_done(tmp_path, monkeypatch):
    firm = copy_of("published", tmp_path)
    monkeypatch.setattr(at_work.shutil, "disk_usage", lambda _: Nearly(free=1000))
    with pytest.raises(NoSpace, match="0 MB free and a refresh needs 64 MB"):
        at_work.require_space(firm.generations)


def test_rows_of_a_demo_never_meet_the_real_firm_s(tmp_path):
    firm = copy_of("published", tmp_path)
    path = firm.current / "manifest.json"
    known = json.loads(path.read_text())
    known["world"] = "sandbox:parts:1"
    path.write_text(json.dumps(known))
    shutil.rmtree(firm.data / "remembered")
    firm.export(3)
    ended = firm.run()
    assert ended.code == 0, ended.said
    assert "starts empty" in ended.said
    assert firm.orders() == expected_orders(3)
    assert firm.rows("select count(*) from marts.revenue") == [(3,)]


def test_a_folder_read_from_elsewhere_starts_anew(tmp_path):
    firm = copy_of("published", tmp_path)
    shutil.copytree(firm.folder / "files", firm.folder / "moved")
    assert "40 rows" in firm.run("load", FILES_DIR="moved").said


@pytest.mark.long
def test_after_a_rollback_what_was_remembered_comes_back(tmp_path):
    firm = copy_of("published", tmp_path)
    assert firm.run("rollback").code == 0
    with duckdb.connect(str(firm.current / "remembered.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from customer_keys").fetchall() == [(0,)]
    firm.export(0)
    assert firm.run().code == 0
    with duckdb.connect(str(firm.current / "remembered.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from customer_keys").fetchall() == [(7,)]
    # The generation we went back from is gone once a newer one is read.
    assert [path.name[:6] for path in firm.generations.all()] == ["000001", "000004"]


def test_a_clock_set_back_by_a_day_loses_no_row_and_no_order_of_attempts(tmp_path):
    firm = copy_of("published", tmp_path)
    ended = firm.run("load", AS_OF="2026-03-30")
    assert ended.code == 0, ended.said
    [landing] = firm.data.glob("generations/.building-*/landing/shop.duckdb")
    with duckdb.connect(str(landing), read_only=True) as connection:
        assert connection.execute("select count(*) from raw.orders where not is_deleted").fetchall() == [(40,)]
    assert firm.run("rollback").code == 0
    lines = attempts.read(firm.data)
    assert [line["refresh_id"] for line in lines] == sorted(line["refresh_id"] for line in lines)
    assert all(line["ended_at"] >= line["started_at"] for line in lines)


def test_a_table_that_lost_most_of_its_rows_is_taken_for_a_broken_export():
    with pytest.raises(Unusable, match=r"orders has 12 rows where it had 400.*ACCEPT_FEWER_ROWS=shop"):
        refuse_shrunk("shop", {"orders": 400, "people": 9}, {"orders": 12, "people": 1})
    refuse_shrunk("shop", {"orders": 400}, {"orders": 390})


SECRET = "marker-of-a-secret-5f2d"


def test_no_credential_is_written_anywhere(tmp_path):
    firm = Firm(tmp_path)
    settings = {
        "SOURCES": "salesforce",
        "SALESFORCE__BASE_URL": "http://127.0.0.1:9",
        "SALESFORCE__CLIENT_ID": "us",
        "SALESFORCE__CLIENT_SECRET": SECRET,
        "HTTP__ATTEMPTS": "1",
        "HTTP__BACKOFF_SECONDS": "0",
    }
    ended = firm.run("load", **settings)
    assert ended.code == 5, ended.said
    assert "salesforce" in ended.said
    assert SECRET not in ended.said
    written = [path for path in firm.data.rglob("*") if path.is_file()]
    assert len(written) > 2
    assert [path for path in written if SECRET.encode() in path.read_bytes()] == []


def test_an_error_nobody_foresaw_is_a_sentence_with_its_details_in_a_log(tmp_path):
    firm = copy_of("built", tmp_path)
    [building] = firm.generations.left_over()
    (building / "work.duckdb").write_bytes(b"this is no database")
    ended = firm.run("publish")
    assert ended.code == 1
    assert "Traceback" not in ended.said
    [log] = (firm.data / "logs").glob(f"{building.name.removeprefix('.building-')}.log")
    assert "Traceback" in log.read_text()
    assert firm.is_whole()
