"""The hours the agency's people work: for parts of projects, for proposals, and on their own matters.

Hours are kept in quarters, and rates in whole zlotys or euros, so that what an entry costs has no hidden digits.
"""

import numpy as np
import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.known_deals import PROPOSAL
from pipelines.sandbox.business.orders import FAR, WAVES
from pipelines.sandbox.business.sales import LONGEST
from pipelines.sandbox.clock import CALENDAR, DAY, START, day_of, number, working_day, working_days
from pipelines.sandbox.dice import Dice

KINDS = len(words.FAMILIES)  # of work
OWN = -1  # of nobody's project
RISE = 1.05  # of what an hour costs, a year
QUARTERS = 18  # an entry is of four and a half hours at most
# Keys of jobs that belong to no order; an entry's key is its job's and its place in it.
DIRECT, FROM_PROPOSALS, FROM_OWN = 1 << 54, 1 << 55, 1 << 59
IN_A_JOB = 64


def entries(company) -> pl.DataFrame:
    """One row per entry of a time sheet until today, numbered in the order of days."""
    rows = pl.concat([_entries(company.dice, _jobs(company)), _own(company)])
    rows = rows.filter(pl.col("day") <= company.now // DAY).sort("day", "key")
    return rows.with_row_index("place", offset=1).with_columns(pl.col("place").cast(pl.Int64), **_cost(company, rows))


def _jobs(company) -> pl.DataFrame:
    """What hours are worked for: from which day to which, how many quarters, and what kind of work it is."""
    return pl.concat([_parts(company), _without_an_order(company), _proposals(company)])


def _job(rows: pl.DataFrame, dice: Dice, key: np.ndarray, first: np.ndarray, last: np.ndarray) -> pl.DataFrame:
    """Work of the hours sold, less or more of it than was thought."""
    needed = rows["pieces"].to_numpy() * 4 * np.clip(dice.skewed(key, "hours needed", 0.9, 0.3), 0.4, 2.5)
    return rows.select(
        "firm",
        "order",
        deal=pl.lit(-1, pl.Int64),
        key=pl.Series(key),
        kind=pl.col("item") % KINDS,
        quarters=pl.Series(np.maximum(np.round(needed), 1).astype(np.int64)),
        first=pl.Series(np.minimum(first, last)),
        last=pl.Series(last),
    )


def _parts(company) -> pl.DataFrame:
    """A part of a project is worked on from the end of the one before it, the first from its confirmation on."""
    times = company.orders.select("order", "t_confirmed", *[f"t_left_{wave}" for wave in range(WAVES - 1)])
    rows = company.deliveries.filter(pl.col("item") < catalogue.sold(company.items, company.manner))
    rows = rows.join(times, on="order", how="left", maintain_order="left")
    begun = pl.col("t_confirmed")
    for wave in range(1, WAVES):
        begun = pl.when(pl.col("wave") == wave).then(f"t_left_{wave - 1}").otherwise(begun)
    first = working_day(day_of(rows.select(begun=begun)["begun"].to_numpy()), 1)
    return _job(rows, company.dice, rows["piece"].to_numpy(), first, day_of(rows["t_left"].to_numpy()))


def _without_an_order(company) -> pl.DataFrame:
    """Small jobs that nobody ordered in writing take some days of their month before their invoice."""
    is_hours = pl.col("item") < catalogue.sold(company.items, company.manner)
    rows = company.invoiced.filter((pl.col("order") < 0) & is_hours & (pl.col("t_invoiced") < FAR))
    last = day_of(rows["t_drafted"].to_numpy())
    key = DIRECT + rows["piece"].to_numpy() % DIRECT
    month = working_day(last.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))
    return _job(rows, company.dice, key, np.maximum(working_day(last, -4), month), last)


def _proposals(company) -> pl.DataFrame:
    """Whether it is won or not, a proposal takes days of work before it is sent."""
    sent = pl.lit(FAR)
    for step in reversed(range(LONGEST)):
        sent = pl.when(pl.col(f"s{step}") == PROPOSAL).then(f"t{step}").otherwise(sent)
    rows = company.deals.filter(pl.col("junk") < 0).with_columns(sent=sent).filter(pl.col("sent") < FAR)
    key = FROM_PROPOSALS + rows["deal"].to_numpy()
    last = day_of(rows["sent"].to_numpy())
    return rows.select(
        "firm",
        order=pl.lit(-1, pl.Int64),
        deal="deal",
        key=pl.Series(key),
        kind=pl.col("deal") % KINDS,
        quarters=pl.Series(company.dice.whole(key, "quarters for the proposal", 12, 70)),
        first=pl.Series(np.maximum(working_day(last, -6), day_of(rows["t0"].to_numpy()))),
        last=pl.Series(last),
    )


def _entries(dice: Dice, jobs: pl.DataFrame) -> pl.DataFrame:
    """A job is written down in entries of some hours, all along its time, on working days."""
    many = ((pl.col("quarters") + QUARTERS - 1) // QUARTERS).clip(upper_bound=IN_A_JOB)
    rows = jobs.with_columns(many=many).with_columns(place=pl.int_ranges(0, "many")).explode("place")
    key = rows["key"].to_numpy() * IN_A_JOB + rows["place"].to_numpy()
    first, last = rows["first"].to_numpy(), rows["last"].to_numpy()
    along = (rows["place"].to_numpy() + dice.share(key, "day of work")) / rows["many"].to_numpy()
    days = np.busday_count(first.astype("datetime64[D]"), (last + 1).astype("datetime64[D]"), busdaycal=CALENDAR)
    day = working_day(first, np.floor(along * days).astype(np.int64))
    rows = rows.with_columns(key=pl.Series(key), day=pl.Series(day)).sort("key")
    rest = (pl.col("place") < pl.col("quarters") % pl.col("many")).cast(pl.Int64)
    return rows.select(
        "firm",
        "order",
        "deal",
        "kind",
        "day",
        "key",
        quarters=pl.col("quarters") // pl.col("many") + rest,
        person=_in_turn(),
    )


def _in_turn() -> pl.Expr:
    """Who is free: everybody can do a little of everything, so a day's entries are shared out one after the other."""
    return (pl.int_range(pl.len()).over("day") + pl.col("day")) % len(words.TEAM)


def _own(company) -> pl.DataFrame:
    """On Fridays the office is tidied and its own website written: hours that no client has."""
    days = working_days(number(START), int(company.now // DAY))
    fridays = days[(days + 4) % 7 == 5]
    many = max(1, round(len(words.TEAM) * min(company.scale, 1)))
    day, person = (table.ravel() for table in np.meshgrid(fridays, np.arange(many), indexing="ij"))
    key = FROM_OWN + day * len(words.TEAM) + person
    return pl.DataFrame(
        {
            "firm": np.full(len(day), OWN),
            "order": np.full(len(day), -1),
            "deal": np.full(len(day), -1),
            "kind": person % KINDS,
            "day": day,
            "key": key,
            "quarters": company.dice.whole(key, "quarters on own matters", 2, 12),
            "person": person,
        }
    )


def _cost(company, rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Rate and money of the entry's day, and its cost in ten-thousandths of a zloty."""
    person = rows["person"].to_numpy()
    today = np.array([rate for _, _, _, rate, _ in words.TEAM])[person]
    year = 1970 + rows["day"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    rate = np.round(today * RISE ** (year - 2026)).astype(np.int64)
    currency = np.array([currency for *_, currency in words.TEAM])[person]
    euro = company.reporting.rate_of(rows["day"].to_numpy())
    zloty = np.where(currency == "EUR", euro, 10_000)
    cost = (rows["quarters"].to_numpy() * rate * zloty * 2 + 4) // 8
    is_known = ~np.isin(person, words.NEWCOMERS)
    known = pl.Series(is_known)
    return {
        "rate": pl.select(pl.when(known).then(pl.Series(rate))).to_series(),
        "currency": pl.Series(currency),
        "cost": pl.select(pl.when(known).then(pl.Series(cost))).to_series(),
    }
