"""Deals as the marts know them, numbered; and what is said of stages and of open deals."""

import numpy as np
import polars as pl

from pipelines.forecasting import chances, outlook, working_days

PLACE = ["source", "pipeline", "stage"]
# A stage as a whole, and how long a deal has been in it already.
BANDS = {"all": 0, "days_0_30": 0, "days_31_60": 31, "days_61_90": 61, "days_91_180": 91, "days_over_180": 181}
STAGE_CHANCES = {
    "source": pl.String, "pipeline": pl.String, "stage": pl.String, "age_band": pl.String, "stage_order": pl.Int64,
    "probability": pl.Float64, "crm_probability": pl.Float64, "method": pl.String, "closed_deals": pl.Int64,
    "open_deals": pl.Int64,
}  # fmt: skip
DEAL_CHANCES = {
    "deal_key": pl.String, "probability": pl.Float64, "crm_probability": pl.Float64, "method": pl.String,
    "closed_deals": pl.Int64, "days_in_stage": pl.Int64, "days_to_close": pl.Int64,
}  # fmt: skip


def stages(passes: pl.DataFrame) -> pl.DataFrame:
    """Every stage that deals were in, numbered, with the chance the CRM gives most deals that are in it now."""
    return (
        passes.group_by(PLACE).agg(pl.col("stage_order").min()).sort(PLACE, nulls_last=True).with_row_index("number")
    )  # fmt: skip


def crm_defaults(deals: pl.DataFrame) -> pl.DataFrame:
    """By stage, the chance that the CRM gives most of its open deals; of several as frequent, the lowest."""
    said = deals.filter(pl.col("status") == "open", pl.col("crm_probability").is_not_null())
    counted = said.group_by(*PLACE, "crm_probability").len()
    return (
        counted.sort(*PLACE, "len", "crm_probability", descending=[False, False, False, True, False], nulls_last=True)
        .group_by(PLACE, maintain_order=True)
        .agg(crm_default=pl.col("crm_probability").first())
    )


def numbered(passes: pl.DataFrame, deals: pl.DataFrame, minimum: int) -> outlook.Deals:
    known = _with_defaults(deals).sort("deal_key").with_row_index("deal")
    places = stages(passes).select(*PLACE, place="number")
    after = places.rename({"stage": "next_stage", "place": "next_place"})
    found = (
        passes.join(places, on=PLACE, nulls_equal=True)
        .join(after, on=["source", "pipeline", "next_stage"], how="left", nulls_equal=True)
        .join(known.select("deal", "deal_key", "closed_date"), on="deal_key")
        .sort("deal_key", "entered_date", "deal_pass_key")
    )
    ends = {"won": chances.WON, "lost": chances.LOST, "open": chances.OPEN, "stage": None}
    outcome = found["outcome"].replace_strict(ends, return_dtype=pl.Int64)
    return outlook.Deals(
        chances.Passes(
            *(_numbers(found[name]) for name in ("deal", "place")),
            *(_days(found[name]) for name in ("entered_date", "exited_date")),
            _numbers(pl.select(pl.coalesce(outcome, found["next_place"].cast(pl.Int64))).to_series()),
            _days(found["closed_date"]), places.height,
        ),
        known["amount"].to_numpy(), known["crm_default"].to_numpy(), minimum,
    )  # fmt: skip


def _with_defaults(deals: pl.DataFrame) -> pl.DataFrame:
    return deals.join(crm_defaults(deals), on=PLACE, how="left", nulls_equal=True)


def _numbers(column: pl.Series) -> np.ndarray:
    return column.cast(pl.Int64).to_numpy()


def _days(column: pl.Series) -> np.ndarray:
    return column.cast(pl.Int32).cast(pl.Int64).fill_null(chances.NEVER).to_numpy()


def stage_chances(passes: pl.DataFrame, deals: pl.DataFrame, as_of: int, minimum: int) -> pl.DataFrame:
    """One row per stage, and per time in it that enough closed deals reached."""
    known = numbered(passes, deals, minimum)
    seen = known.passes.at(as_of)
    model, closed = chances.learned(seen), chances.closed(seen)
    here = seen.outcome == chances.OPEN
    opened = np.bincount(seen.stage[here], minlength=seen.stages)
    rows = []
    for place in stages(passes).join(crm_defaults(deals), on=PLACE, how="left", nulls_equal=True).iter_rows(named=True):
        stage = place["number"]
        for band, begin in BANDS.items():
            count = int(closed[stage, begin])
            if band != "all" and count < minimum:
                continue
            own = float(model.won[stage, begin]) if count >= minimum else None
            rows.append(
                {**{name: place[name] for name in (*PLACE, "stage_order")}, "age_band": band,
                 "probability": place["crm_default"] if own is None else own,
                 "crm_probability": place["crm_default"], "method": _method(own, place["crm_default"]),
                 "closed_deals": count, "open_deals": int(opened[stage])}
            )  # fmt: skip
    return pl.DataFrame(rows, schema=STAGE_CHANCES, orient="row")


def _method(own: float | None, default: float | None) -> str:
    return "learned" if own is not None else "crm_default" if default is not None else "none"


def deal_chances(passes: pl.DataFrame, deals: pl.DataFrame, as_of: int, minimum: int) -> pl.DataFrame:
    """One row per open deal that is in a stage. Its own chance rests on closed deals that were there as long."""
    known = numbered(passes, deals, minimum)
    seen = known.passes.at(as_of)
    here = seen.outcome == chances.OPEN
    stage, deal, age = seen.stage[here], seen.deal[here], seen.days[here]
    so_old = chances.closed(seen)[stage, age]
    enough = so_old >= minimum
    model = chances.learned(seen)
    half = _days_until_half(model)[stage, age]
    own = np.where(enough, model.won[stage, np.minimum(age + 1, chances.LONGEST)], np.nan)
    said = _with_defaults(deals).sort("deal_key")[deal]
    default = said["crm_default"]
    own = pl.Series(own).fill_nan(None)
    found = said.select("deal_key", "crm_probability").with_columns(
        probability=pl.coalesce(own, default),
        method=pl.when(own.is_not_null()).then(pl.lit("learned"))
        .when(default.is_not_null()).then(pl.lit("crm_default")).otherwise(pl.lit("none")),
        closed_deals=pl.Series(so_old).cast(pl.Int64),
        days_in_stage=pl.Series(np.maximum(seen.exited - seen.entered, 0)[here]),
        days_to_close=pl.when(pl.Series(enough & (half > 0))).then(pl.Series(half)),
    )  # fmt: skip
    return found.select(pl.col(name).cast(kind) for name, kind in DEAL_CHANCES.items()).sort("deal_key")


def _days_until_half(model: chances.Chances) -> np.ndarray:
    """By stage and age, the days until half of those there are closed; -1 where they never are."""
    days = np.full(model.won.shape, -1)
    for day, over in enumerate(chances.ended_by(model, (chances.WON, chances.LOST), chances.LONGEST), start=1):
        days[(over >= 0.5) & (days < 0)] = day
    return days


def as_of_day(firm: pl.DataFrame) -> tuple[int, str | None, int, float]:
    """The day, the country, how many closed deals are enough, and the part of outcomes within an interval."""
    row = firm.row(0, named=True)
    day = working_days.number(row["as_of_date"])
    return day, row["country_code"], row["minimum_deals"], row["forecast_interval"]
