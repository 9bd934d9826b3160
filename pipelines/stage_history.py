"""The stages a deal went through, read from a vendor's log of changes that is asked for deal by deal.

One request a deal is dear. So only deals that are new or changed their stage since the last load are asked about, so
many at most in one load, the ones touched last first; who has to wait is kept in the resource's state, and the next
load goes on with them. A deal that never changed its stage needs no request.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from pipelines.envelope import Page
from pipelines.failures import Absent, Unavailable
from pipelines.reading import Reading
from pipelines.streams import Stream

DEALS_AT_ONCE = 200  # of a page of rows
AT_MOST = 5_000  # deals asked about in one load
FEW = (
    10  # so many may have been deleted since they were listed; if all the others are, it is the question that is wrong
)
# A deal as its list shows it, times in UTC; `stage_changed_at` is null where the stage never changed.
DEALS = {
    "deal_id": pl.Int64,
    "stage_id": pl.Int64,
    "added_at": pl.Datetime("us"),
    "changed_at": pl.Datetime("us"),
    "stage_changed_at": pl.Datetime("us"),
}
# A change of stage as the log has it; `number` tells the order of changes within one second.
CHANGES = {
    "deal_id": pl.Int64,
    "number": pl.Int64,
    "entered_at": pl.Datetime("us"),
    "old_stage_id": pl.Int64,
    "stage_id": pl.Int64,
    "old_stage_name": pl.String,
    "stage_name": pl.String,
    "changed_by": pl.Int64,
    "change_source": pl.String,
}
AGAIN = 2**31  # the last of all turns
SHOWN = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Log:
    """How a vendor is asked: for deals that changed since, for deals by their ids, for one deal's changes of stage."""

    changed: Callable[[datetime | None], pl.DataFrame]
    named: Callable[[list[int]], pl.DataFrame]
    changes: Callable[[int], list[dict[str, Any]]]
    may_go_on: Callable[[], bool] = lambda: True  # False: what is left of the vendor's budget is for others


def pages(reading: Reading, stream: Stream, state: dict[str, Any], log: Log) -> Iterator[Page]:
    """Every stage of each deal that was asked about, as rows that take the place of the deal's former ones."""
    kept = state.setdefault("history", {})
    reached, waited = kept.get("reached"), kept.get("waiting", [])
    since = _since(reading, reached)
    listed = log.changed(since)
    deals = _due(listed, since, waited, log)
    unmoved = deals.filter(pl.col("stage_changed_at").is_null())
    if unmoved.height:
        yield page(visits(unmoved, pl.DataFrame(schema=CHANGES)))
    moved = _in_turn(deals.filter(pl.col("stage_changed_at").is_not_null()), reached, waited)
    done = 0
    for rows, asked in _asked(reading, moved, log):
        done += asked
        yield page(rows)
    waiting = moved[done:].filter(pl.col("turn") < AGAIN)["deal_id"].to_list()
    if waiting:
        reading.note(stream, f"the history of {len(waiting):,} deals waits for the next load")
    if listed.height:
        last = min(listed["changed_at"].max(), reading.now).isoformat()
        kept["reached"] = max(last, reached or last)
    kept["waiting"] = waiting


def _due(listed: pl.DataFrame, since: datetime | None, waited: list[int], log: Log) -> pl.DataFrame:
    """Of the deals that changed, those whose stage did; and those that had to wait."""
    if since is None:
        return listed.unique("deal_id")
    late = pl.coalesce("stage_changed_at", "added_at") >= since
    others = log.named(sorted({*waited} - {*listed["deal_id"]}))
    return pl.concat([listed.filter(late | pl.col("deal_id").is_in(waited)), others]).unique("deal_id")


def _in_turn(deals: pl.DataFrame, reached: str | None, waited: list[int]) -> pl.DataFrame:
    """Who had to wait goes first, then who is new, then who was read before and may have changed within the overlap."""
    queue = pl.DataFrame(
        {"deal_id": waited, "turn": range(len(waited))}, schema={"deal_id": pl.Int64, "turn": pl.Int64}
    )
    again = pl.col("changed_at") <= (datetime.fromisoformat(reached) if reached else datetime.min)
    turn = pl.coalesce("turn", pl.when(again).then(AGAIN).otherwise(AGAIN - 1))
    placed = deals.join(queue, on="deal_id", how="left").with_columns(turn.alias("turn"))
    return placed.sort("turn", "changed_at", "deal_id", descending=[False, True, True])


def _since(reading: Reading, reached: str | None) -> datetime | None:
    if reached is None:
        return None
    overlap = timedelta(minutes=reading.options.number("OVERLAP_MINUTES", 10))
    return min(datetime.fromisoformat(reached), reading.now) - overlap


def _asked(reading: Reading, deals: pl.DataFrame, log: Log) -> Iterator[tuple[pl.DataFrame, int]]:
    """Rows of some deals at a time, and how many deals these were; ends where the rest has to wait."""
    at_most = int(reading.options.number("HISTORY_DEALS", AT_MOST))
    for first in range(0, min(deals.height, at_most), DEALS_AT_ONCE):
        some = deals[first : min(first + DEALS_AT_ONCE, at_most)]
        changes: list[dict[str, Any]] = []
        gone: list[int] = []
        asked = 0
        for deal in some["deal_id"]:
            if not log.may_go_on():
                break
            asked += 1
            try:
                changes += log.changes(deal)
            except Absent:
                gone.append(deal)  # deleted since it was listed: what is known of it stays
        if len(gone) == asked > FEW:
            raise Unavailable(f"not available: none of {asked} deals shows its changes")
        here = some[:asked].filter(~pl.col("deal_id").is_in(gone))
        yield visits(here, pl.DataFrame(changes, schema=CHANGES, orient="row")), asked
        if asked < some.height:
            return


def visits(deals: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """One row per visit of a deal to a stage: where it was added, each change, where the record has it now.

    `method` is log, or derived where only the record tells of the stage and the log does not.
    """
    ordered = changes.join(deals, on="deal_id", how="semi").sort("deal_id", "entered_at", "number")
    ends = ordered.group_by("deal_id", maintain_order=True).agg(
        pl.first("old_stage_id", "old_stage_name"),
        last_stage_id=pl.last("stage_id"),
        last_entered_at=pl.last("entered_at"),
    )
    known = deals.join(ends, on="deal_id", how="left")
    never_moved = pl.col("last_stage_id").is_null() & pl.col("stage_changed_at").is_null()
    added = known.select(
        "deal_id",
        stage_id=pl.when(never_moved).then("stage_id").otherwise("old_stage_id"),
        stage_name="old_stage_name",
        entered_at="added_at",
        method=pl.lit("log"),
        part=pl.lit(0),
    )
    missed = pl.col("stage_changed_at") > pl.coalesce("last_entered_at", pl.col("added_at") - pl.duration(days=1))
    now = known.filter(missed & pl.col("stage_id").ne_missing(pl.col("last_stage_id"))).select(
        "deal_id", "stage_id", entered_at="stage_changed_at", method=pl.lit("derived"), part=pl.lit(2)
    )
    moved = ordered.drop("old_stage_id", "old_stage_name").with_columns(method=pl.lit("log"), part=pl.lit(1))
    rows = pl.concat([added, moved, now], how="diagonal").filter(pl.col("stage_id").is_not_null())
    rows = rows.sort("deal_id", "part", "entered_at", "number", maintain_order=True)
    rows = rows.filter(pl.col("stage_id").ne_missing(pl.col("stage_id").shift(1).over("deal_id")))
    return rows.with_columns(position=pl.int_range(1, pl.len() + 1).over("deal_id")).select(
        pl.format("{}:{}", "deal_id", "position").alias("id"),
        *("deal_id", "position", "stage_id", "stage_name", "changed_by", "change_source", "method"),
        entered_at=pl.col("entered_at").dt.strftime(SHOWN),
    )


def page(rows: pl.DataFrame) -> Page:
    return Page(rows.write_ndjson().encode().splitlines() if rows.height else [])
