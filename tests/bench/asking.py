"""Requests for every deal with the full history of its stages, and for a hundred that changed, per CRM: `make bench`.

    python -m tests.bench.asking [deals]

Beside them the fewest that the vendor's interface allows: the largest page, the largest batch, one call a deal where
there is no other way. The comparison of all keys, which finds what was deleted, comes at an interval, uncounted.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from math import ceil
from pathlib import Path

import polars as pl
import pytest

from pipelines.sandbox import pipedrive_api
from tests import hubspot_records, livespace_records, pipedrive_records, vendor_records
from tests.source_at_work import TODAY, SourceAtWork, at_work

CHANGED, STAGES = 100, 3
NEXT = TODAY + timedelta(days=1)
Records = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Crm:
    streams: str
    records: Callable[[int], Records]
    changed: Callable[[Records, datetime], Records]  # the first hundred deals, changed at a moment
    fewest: Callable[[int], int]  # for so many deals at once
    fewest_changed: int
    settings: Mapping[str, str] = field(default_factory=dict)


def salesforce(deals: int) -> Records:
    made = {stream.name: stream for stream in vendor_records.salesforce.STREAMS}
    rows = {"opportunities": deals, "opportunity_history": deals * STAGES}
    return {made[n].entity: vendor_records.frame("salesforce", made[n], range(count)) for n, count in rows.items()}


def salesforce_changed(records: Records, at: datetime) -> Records:
    text = at.strftime(vendor_records.FORMS["salesforce"])
    return {name: first(frame, SystemModstamp=text) for name, frame in records.items()}


def hubspot_changed(records: Records, at: datetime) -> Records:
    text = at.isoformat(timespec="milliseconds") + "Z"
    return records | {"deals": first(records["deals"], updatedAt=text, hs_lastmodifieddate=text)}


def pipedrive(deals: int) -> Records:
    """A deal moves ten minutes after the one before it: what is read again for safety are few."""
    moves = (
        (pipedrive_records.change(n + 1, 2 * n + move, moved(n) + move, 10 + move, 11 + move) for move in range(2))
        for n in range(deals)
    )
    times = {name: lambda n: pipedrive_records.moment(moved(n) + 1) for name in ("stage_change_time", "update_time")}
    added = pipedrive_records.moment(0)
    return pipedrive_records.records(5) | {
        "deals": pipedrive_records.deals(deals, stage_id=12, add_time=added, **times),
        "dealFlow": pipedrive_records.flow(list(chain.from_iterable(moves))),
    }


def moved(deal: int) -> int:
    return 10 * (deal + 1)


def pipedrive_changed(records: Records, at: datetime) -> Records:
    text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return records | {"deals": first(records["deals"], update_time=text, stage_change_time=text)}


def livespace(deals: int) -> Records:
    """A deal changes twenty minutes after the one before it: the list is asked for by day, a day more than needed."""
    times = {name: lambda n: livespace_records.moment(20 * n) for name in ("created", "modified")}
    return livespace_records.records(5) | {"Deal/getAll": livespace_records.deals(deals, **times)}


def livespace_changed(records: Records, at: datetime) -> Records:
    moved = {"modified": f"{at:%Y-%m-%d %H:%M:%S}+00", "stage_id": livespace_records.stage(1)}
    return records | {"Deal/getAll": first(records["Deal/getAll"], **moved)}


def first(frame: pl.DataFrame, **values: str) -> pl.DataFrame:
    known = {name: value for name, value in values.items() if name in frame.columns}
    early = pl.int_range(pl.len()) < CHANGED
    return frame.with_columns(
        pl.when(early).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in known.items()
    )


CRMS = {
    # Lists of 2,000 rows, the history a list of its own.
    "salesforce": Crm(
        "opportunities opportunity_history", salesforce, salesforce_changed,
        lambda deals: ceil(deals / 2000) + ceil(deals * STAGES / 2000), 2,
    ),
    # Pages of 50 where the history comes along; changes by a search of 200, their histories by batches of 50.
    "hubspot": Crm(
        "deals deal_stage_history", hubspot_records.records, hubspot_changed,
        lambda deals: ceil(deals / 50), 1 + ceil(CHANGED / 50),
    ),
    # Pages of 500 of deals and of archived ones; the changes of a deal by one call a deal, there is no other.
    "pipedrive": Crm(
        "deals deal_stages", pipedrive, pipedrive_changed,
        lambda deals: ceil(deals / 500) + 1 + deals, 2 + CHANGED, {"history_deals": "1000000"},
    ),
    # Pages of 200, the most that was seen to be answered, in up to twenty seconds; each call has a session of its own,
    # which is a request too. No history can be asked for: a stage is what a load saw.
    "livespace": Crm(
        "deals deal_versions", livespace, livespace_changed,
        lambda deals: 2 * ceil(deals / 200), 2 * ceil(CHANGED / 200),
    ),
}  # fmt: skip


def main(deals: str = "10000") -> None:
    count = int(deals)
    print(f"{count:,} deals of {STAGES} stages, then {CHANGED} of them changed")
    print(f"{'CRM':>12} {'first load':>11} {'fewest':>8} {'stages':>7} {'changed':>9} {'fewest':>8}")
    for system, crm in CRMS.items():
        records = crm.records(count)
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            # However many tokens a plan gives out a day: with few, the histories of many deals take days.
            patch.setattr(pipedrive_api, "DAILY_TOKENS", 10**9)
            with at_work(system, records, Path(folder), patch, crm.streams) as source:
                whole = asked(source, TODAY, crm.settings)
                stages = source.rows(f"select count(*) from raw.{crm.streams.split()[-1]}")[0][0]  # noqa: S608
                source.sandbox.records = {system: crm.changed(records, NEXT - timedelta(hours=1))}
                later = asked(source, NEXT, crm.settings)
        told = f"{whole:>11,} {crm.fewest(count):>8,} {stages:>7,} {later:>9,} {crm.fewest_changed:>8,}"
        print(f"{system:>12} {told}")


def asked(source: SourceAtWork, now: datetime, settings: Mapping[str, str]) -> int:
    source.load(now, http__requests_per_second="100000", sweep_days="365", **settings)
    return len(source.asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
