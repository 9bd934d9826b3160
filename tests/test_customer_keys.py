"""A customer's key is what older reports call it: it changes only where somebody says who is who, and that is told."""

from pathlib import Path

import pytest

from tests.firm import Firm
from tests.part_of_project import needed_by, part_of_project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
ASKED = needed_by("account_matches", "customer_key_changes")
HEADER = "account_id,name,country_code,phone,postcode,created_at"
CRM = [
    "a,Delta Motors,PL,426301122,90-001,2020-01-01T10:00:00",
    "c,Gamma Serwis,PL,223304455,00-950,2020-03-01T10:00:00",
    "e,Epsilon,PL,,,2020-04-01T10:00:00",
]
ERP = [
    "A,DELTA MOTORS,PL,42 630 11 22,90-001,2021-01-01T10:00:00",
    "C,Gamma Serwis,PL,22 330 44 55,00-950,2021-03-01T10:00:00",
    "O,Omega,PL,,,2021-05-01T10:00:00",
]
SHOP = ["7,Delta-Motors Sp. z o.o.,PL,+48 426301122,90-001,2019-01-01T10:00:00"]
DECISION = "account_key_a,account_key_b,decision,who,when,reason\nerp:C,crm:c,different,ola,2026-03-30,two brothers\n"


class Story(Firm):
    """A firm with two systems, refreshed day by day."""

    def export_accounts(self, source: str, rows: list[str]) -> None:
        path = self.folder / "files" / source / "accounts.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")

    def refreshed(self, day: str) -> dict[str, str]:
        process = self.start(DBT_PROJECT_DIR=str(self.folder / "project"), PYTHONPATH=str(ROOT), AS_OF=day)
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said
        return dict(self.rows("select account_key, customer_key from canonical.account_matches"))

    def changes(self) -> list[tuple]:
        return self.rows(
            "select account_key, from_customer_key, to_customer_key, change_kind, cast(as_of_date as varchar)"
            " from marts.customer_key_changes order by all"
        )


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """The keys after each of four refreshes, and the changes told by then."""
    story, told = Story(tmp_path_factory.mktemp("story")), []
    part_of_project(story.folder / "project", *ASKED)
    story.export_accounts("crm", CRM)
    story.export_accounts("erp", ERP)
    told.append((story.refreshed("2026-03-29"), story.changes()))

    story.export_accounts("crm", [CRM[2], CRM[1], CRM[0].replace("Delta Motors", "Delta Motors International")])
    story.export_accounts("erp", ERP[::-1])
    story.export_accounts("shop", SHOP)
    told.append((story.refreshed("2026-03-30"), story.changes()))

    (story.data / "company").mkdir(exist_ok=True)
    (story.data / "company" / "account_decisions.csv").write_text(DECISION, encoding="utf-8")
    told.append((story.refreshed("2026-03-31"), story.changes()))
    told.append((story.refreshed("2026-03-31"), story.changes()))
    return told


def test_two_systems_agree_on_their_customers_and_nothing_has_changed_yet(days):
    keys, changes = days[0]
    assert keys["crm:a"] == keys["erp:A"] and keys["crm:c"] == keys["erp:C"]
    assert len(set(keys.values())) == 4 and changes == []


def test_other_orders_new_names_and_a_new_system_change_no_key(days):
    (before, _), (after, changes) = days[:2]
    assert {account: after[account] for account in before} == before
    assert after["shop:7"] == before["crm:a"], "an older account of a new system joins, it does not rename"
    assert changes == []


def test_a_decision_splits_a_wrong_merge_and_the_split_is_told(days):
    (before, _), (after, changes) = days[1:3]
    assert after["crm:c"] == before["crm:c"] != after["erp:C"]
    assert changes == [("erp:C", before["erp:C"], after["erp:C"], "split", "2026-03-31")]
    assert {account: key for account, key in after.items() if account != "erp:C"} == {
        account: key for account, key in before.items() if account != "erp:C"
    }


def test_a_decision_outlives_the_next_refresh_and_a_day_refreshed_again_is_told_once(days):
    assert days[3] == days[2]
