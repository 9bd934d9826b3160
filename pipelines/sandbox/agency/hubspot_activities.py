"""HubSpot's activities: calls, mails, meetings, notes and tasks about deals. Of what was said nothing is told."""

import numpy as np
import polars as pl

from pipelines.sandbox.agency.hubspot_accounts import company_id
from pipelines.sandbox.agency.hubspot_deals import deal_id, living
from pipelines.sandbox.agency.hubspot_words import TALKS, moment, own, owner, record_id, together
from pipelines.sandbox.clock import DAY

# The numbers by which the vendor knows what belongs together: with deals, and with companies.
KINDS = {"calls": (206, 182), "emails": (210, 186), "meetings": (212, 188), "notes": (214, 190), "tasks": (216, 192)}
CALLED_OFF = 3  # among the fates of a meeting: held three times of four
PLANNED = ("meetings", "tasks")


def talks(company) -> pl.DataFrame:
    """One row per activity known today. Meetings and tasks are planned ahead, the others written down afterwards."""
    dice, now = company.dice, company.now
    rows = company.known_deals.select("deal", "account", "seller", "t0", "t_deleted")
    many = dice.whole(rows["deal"].to_numpy(), "activities", 0, 4)
    rows = rows.with_columns(place=pl.int_ranges(0, pl.Series(many))).explode("place", empty_as_null=False)
    key = rows["deal"].to_numpy() * 8 + rows["place"].to_numpy()
    later = pl.Series(dice.whole(key, "days to the activity", 0, 8)) + pl.col("place") * 9
    second = 32_400 + pl.Series(dice.whole(key, "minute of the activity", 0, 480)) * 60
    fate = dice.pick(key, "what became of the meeting", 60, 20, 12, 8)
    rows = rows.with_columns(
        key=pl.Series(key),
        kind=pl.Series(np.array(list(KINDS))[dice.pick(key, "kind of activity", 35, 25, 20, 8, 12)]),
        minutes=pl.Series(dice.whole(key, "quarters of an hour", 1, 8) * 15),
        is_called_off=pl.Series(fate == CALLED_OFF),
        t=pl.max_horizontal((pl.col("t0") // DAY + later) * DAY + second, pl.col("t0") + 60),
    )
    planned = pl.max_horizontal("t0", pl.col("t") - 4 * DAY)
    rows = rows.with_columns(t_made=pl.when(pl.col("kind").is_in(PLANNED)).then(planned).otherwise("t"))
    is_over = pl.col("t") <= now
    return rows.filter((pl.col("t_made") <= now) & (pl.col("t_made") < pl.col("t_deleted"))).with_columns(
        is_over=is_over
    )


def records(company) -> dict[str, pl.DataFrame]:
    every = talks(company)
    return {kind: _objects(every, kind) for kind in KINDS} | _pairs(company, every)


def _objects(every: pl.DataFrame, kind: str) -> pl.DataFrame:
    rows = every.filter(pl.col("kind") == kind)
    changed = pl.when("is_over").then("t").otherwise("t_made")
    outgoing = pl.col("key") % 3 > 0
    done = pl.when("is_over").then(pl.lit("COMPLETED"))
    off = pl.when(pl.col("is_called_off") & pl.col("is_over")).then(pl.lit("CANCELED"))
    properties = {
        "calls": {
            "hs_call_direction": pl.when(outgoing).then(pl.lit("OUTBOUND")).otherwise(pl.lit("INBOUND")),
            "hs_call_duration": (pl.col("minutes") * 60_000).cast(pl.String),
        },
        "emails": {"hs_email_direction": pl.when(outgoing).then(pl.lit("EMAIL")).otherwise(pl.lit("INCOMING_EMAIL"))},
        "meetings": {
            "hs_meeting_outcome": off.when("is_over").then(pl.lit("COMPLETED")).otherwise(pl.lit("SCHEDULED")),
            "hs_meeting_start_time": moment("t"),
            "hs_meeting_end_time": moment(pl.col("t") + pl.col("minutes") * 60),
        },
        "notes": {},
        "tasks": {"hs_task_type": pl.lit("TODO"), "hs_task_status": done.otherwise(pl.lit("NOT_STARTED"))},
    }
    return rows.select(
        **own(_talk_id(), "t_made", changed),
        hubspot_owner_id=owner(),
        hs_timestamp=moment("t"),
        **properties[kind],
    ).sort("id")


def _talk_id() -> pl.Expr:
    return record_id(TALKS, "key")


def _pairs(company, every: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """With the deal while it is there, and with the company all the same."""
    there = living(company).select("deal", is_there=pl.lit(True))
    every = every.join(there, on="deal", how="left", maintain_order="left")
    found = {}
    for kind, (with_deals, with_companies) in KINDS.items():
        rows = every.filter(pl.col("kind") == kind)
        found[f"{kind}/deals"] = together(rows, _talk_id(), pl.when("is_there").then(deal_id()), with_deals)
        found[f"{kind}/companies"] = together(rows, _talk_id(), company_id(), with_companies)
    return found
