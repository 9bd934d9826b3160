"""The pipeline of each day is written down at its refresh: told anew that day, never afterwards, and it adds up."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.firm import Firm
from tests.part_of_project import needed_by, part_of_project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
ASKED = needed_by("pipeline_changes")
HEADER = (
    "deal_id,account_id,name,status,stage,currency_code,amount,probability,created_at,closed_at,expected_close_date"
)
# Percent in one system, parts of one in the other; both mean the same.
SHOP = ["e,1,Small,open,Offer,PLN,10,0.6,2026-03-01T10:00:00,,2026-04-30"]
OLD = "o,1,Long ago,won,Won,PLN,999,100,2025-12-01T10:00:00,2026-01-05T10:00:00,2026-01-05"
MARCH_29 = [
    "a,1,Growing,open,Offer,PLN,100,60,2026-03-01T10:00:00,,2026-04-10",
    "b,1,Slipping,open,Offer,PLN,200,40,2026-03-01T10:00:00,,2026-04-20",
    "c,1,Winning,open,Offer,PLN,300,80,2026-03-01T10:00:00,,2026-04-05",
    "d,1,Vanishing,open,Offer,PLN,50,10,2026-03-01T10:00:00,,2026-04-05",
    OLD,
]
MARCH_31 = [
    "a,1,Growing,open,Offer,PLN,120,60,2026-03-01T10:00:00,,2026-04-10",
    "b,1,Slipping,open,Offer,PLN,200,40,2026-03-01T10:00:00,,2026-05-05",
    "c,1,Winning,won,Won,PLN,310,100,2026-03-01T10:00:00,2026-03-30T10:00:00,2026-04-05",
    "f,1,New,open,Offer,PLN,70,20,2026-03-30T10:00:00,,2026-05-01",
    OLD,
]
CORRECTED = [row.replace("PLN,120", "PLN,130") for row in MARCH_31]


class Story(Firm):
    """A firm whose deals are exported day by day."""

    def export_deals(self, source: str, rows: list[str]) -> None:
        path = self.folder / "files" / source / "deals.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")

    def refreshed(self, day: str) -> None:
        process = self.start(DBT_PROJECT_DIR=str(self.folder / "project"), PYTHONPATH=str(ROOT), AS_OF=day)
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said

    def snapshots(self) -> list[tuple]:
        return self.rows(
            "select cast(as_of_date as varchar), deal_key, status, amount from marts.pipeline_snapshots order by all"
        )

    def changes(self) -> dict[str, Decimal]:
        return dict(self.rows("select kind, sum(amount) from marts.pipeline_changes group by 1"))


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """What was written down after each refresh: of two days, one of them twice, of the first again, and of a third."""
    story, told = Story(tmp_path_factory.mktemp("pipeline")), {}
    part_of_project(story.folder / "project", *ASKED)
    story.export_deals("shop", SHOP)
    for name, day, rows in [
        ("first day", "2026-03-29", MARCH_29),
        ("second day", "2026-03-31", MARCH_31),
        ("second day again", "2026-03-31", CORRECTED),
    ]:
        story.export_deals("crm", rows)
        story.refreshed(day)
        told[name] = (story.snapshots(), story.changes())
    told["probabilities"] = story.rows(
        "select deal_key, probability from canonical.deals where deal_key in ('crm:a', 'shop:e') order by 1"
    )

    for _ in range(2):
        process = story.start("rollback")
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
    story.refreshed("2026-04-02")
    told["after going back"] = (story.snapshots(), story.changes())

    story.refreshed("2026-03-29")
    told["first day again"] = (story.snapshots(), story.changes())
    return told


def of(day: str, rows: list[tuple]) -> list[tuple]:
    return [row[1:] for row in rows if row[0] == day]


def test_open_deals_are_written_down_and_what_closed_long_ago_is_not(days):
    rows, changes = days["first day"]
    assert of("2026-03-29", rows) == [
        ("crm:a", "open", 100), ("crm:b", "open", 200), ("crm:c", "open", 300), ("crm:d", "open", 50),
        ("shop:e", "open", 10),
    ]  # fmt: skip
    assert changes == {}


@pytest.mark.figure("forecast_accuracy")
def test_a_later_day_changes_nothing_of_an_earlier_one(days):
    before, (after, _) = days["first day"][0], days["second day"]
    assert of("2026-03-29", after) == of("2026-03-29", before)
    assert ("crm:c", "won", 310) in of("2026-03-31", after)


def test_a_day_refreshed_again_is_told_anew_and_not_twice(days):
    rows, _ = days["second day again"]
    assert [row for row in of("2026-03-31", rows) if row[0] == "crm:a"] == [("crm:a", "open", 130)]
    assert len(rows) == len(set(row[:2] for row in rows))


@pytest.mark.figure("weighted_pipeline")
def test_opening_and_what_changed_is_closing(days):
    _, changes = days["second day again"]
    assert changes == {
        "opening": 660, "new": 70, "grown": 40, "slipped": 0, "won": -310, "removed": -50, "closing": 410,
    }  # fmt: skip
    assert sum(amount for kind, amount in changes.items() if kind != "closing") == changes["closing"]


def test_what_was_published_before_going_back_is_not_forgotten_and_its_last_word_counts(days):
    before, (after, _) = days["second day again"][0], days["after going back"]
    assert [row for row in after if row[0] < "2026-04-02"] == before


def test_a_past_day_refreshed_again_is_not_written_anew(days):
    assert days["first day again"][0] == days["first day"][0]


@pytest.mark.figure("weighted_pipeline")
def test_a_probability_of_60_and_of_0_6_are_the_same(days):
    assert days["probabilities"] == [("crm:a", Decimal("0.6")), ("shop:e", Decimal("0.6"))]
