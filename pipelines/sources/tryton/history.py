"""The stages of an opportunity: Tryton keeps every revision of one, and shows it as it was at a moment."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dlt
import polars as pl

from pipelines import stage_history
from pipelines.extraction import Page, Reading, Since, Stream, columns, parsed
from pipelines.pages import batch
from pipelines.raw_tables import moment as read_moment
from pipelines.sources.tryton.asking import Company, written
from pipelines.sources.tryton.streams import CHANGED
from pipelines.sources.tryton.values import moment, plain

STATES = ("lead", "opportunity", "converted", "won", "lost", "cancelled")
NUMBERS = {state: number for number, state in enumerate(STATES, start=1)}
OPPORTUNITY = "sale.opportunity"
NOW = Stream(
    "opportunities", OPPORTUNITY, cursor=CHANGED, columns=columns(int="id", text=f"state create_date {CHANGED}")
)
THEN = Stream("opportunities", OPPORTUNITY, columns=columns(int="id", text="state"))


def histories(company: Company, reading: Reading, stream: Stream, _since: Since) -> Iterator[Page]:
    log = stage_history.Log(
        changed=lambda since: _stages(company.ask(NOW, written(since) if since else [])),
        named=lambda ids: _stages(company.some(NOW, ids)),
        changes=lambda opportunity: _changes(company, opportunity),
    )
    kept = dlt.current.resource_state().setdefault("companies", {}).setdefault(str(company.number), {})
    return map(_named, stage_history.pages(reading, stream, kept, log))


def _named(page: Page) -> Page:
    """Each stage by its name, of what was never written too."""
    rows = [json.loads(record) for record in page.records]
    return Page([json.dumps(row | {"stage_name": STATES[row["stage_id"] - 1]}).encode() for row in rows], page.next)


def _stages(pages: Iterator[Page]) -> pl.DataFrame:
    """Opportunities and where they stand, as stage_history.py takes them; one never written is where it began."""
    rows = pl.concat([batch(page, NOW).rows for page in [Page([]), *pages]])
    added, changed = read_moment(pl.col("create_date")), read_moment(pl.col(CHANGED))
    return rows.select(
        pl.col("id").alias("deal_id"),
        pl.col("state").replace_strict(NUMBERS, default=None, return_dtype=pl.Int64).alias("stage_id"),
        added.alias("added_at"),
        changed.alias("changed_at"),
        pl.when(changed > added).then(changed).alias("stage_changed_at"),
    )


def _changes(company: Company, opportunity: int) -> list[dict[str, Any]]:
    """Its state at every revision, the first one too: that a state repeats is for stage_history.py to see."""
    found = []
    for number, at in enumerate(_revisions(company, opportunity)):
        pages = company.ask(THEN, [["id", "=", opportunity]], {"_datetime": moment(at)})
        for state in [state for page in pages for state in batch(page, THEN).rows["state"] if state in NUMBERS]:
            found.append({"deal_id": opportunity, "number": number, "entered_at": at, "stage_id": NUMBERS[state]})
    return found


def _revisions(company: Company, opportunity: int) -> list[datetime]:
    """When it was written, the first time first. It is a question, though it is asked by POST."""
    told = company.http.ask(
        f"{OPPORTUNITY}/history_revisions",
        "POST",
        company.http.address(OPPORTUNITY, f"{OPPORTUNITY}/history_revisions"),
        lambda body: parsed(plain(body)),
        json={"ids": [opportunity]},
        headers=company.headers(),
    )
    moments = {datetime.fromisoformat(str(at)) for at, *_ in told}
    return sorted(at.astimezone(UTC).replace(tzinfo=None) for at in moments)
