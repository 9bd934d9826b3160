"""Pipedrive's deals, with the changes of their stage and their products. Won and lost are no stages there."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import names
from pipelines.sandbox.business.sales import LONGEST, LOST, WON
from pipelines.sandbox.clock import DAY, pipedrive_time, utc
from pipelines.sandbox.furniture import words

ORDER = "e" * 40  # the field in which the sellers keep the order's number
PIPELINE, STAGE, CHANNEL = 1, 11, 50
LISTED = 30 * DAY  # so long a deleted deal is still shown


def deal_number(deals: pl.Expr) -> pl.Expr:
    return deals + 1


def deal_ids(deals: np.ndarray) -> pl.Series:
    return pl.Series(deals + 1).cast(pl.String)


def channel() -> pl.Expr:
    """The number of the choice; what nobody chose is left out."""
    return pl.when(pl.col("source") < len(words.CHANNELS)).then(pl.col("source") + CHANNEL)


def known(company) -> pl.DataFrame:
    """Deals shown today: their stage, since when, and what became of them."""
    rows = company.known_deals.filter(pl.col("t_deleted") + LISTED > company.now)
    stage, moved, closed = pl.col("s0"), pl.lit(None, pl.Int64), pl.lit(None, pl.Int64)
    for step in range(1, LONGEST):
        here = (pl.col(f"s{step}") >= 0) & (pl.col(f"t{step}") <= company.now)
        moves = here & (pl.col(f"s{step}") < WON) & (pl.col(f"s{step}") != stage)
        moved = pl.when(moves).then(pl.col(f"t{step}")).otherwise(moved)
        stage = pl.when(moves).then(pl.col(f"s{step}")).otherwise(stage)
        closed = pl.when(here & (pl.col(f"s{step}") >= WON)).then(pl.col(f"t{step}")).otherwise(closed)
    return rows.with_columns(standing=stage, t_moved_on=moved, t_closed=closed)


def deals(company) -> pl.DataFrame:
    now, rows = company.now, known(company)
    is_gone = pl.col("t_deleted") <= now
    is_won, is_lost = pl.col("stage") == WON, pl.col("stage") == LOST
    status = (
        pl.when(is_gone)
        .then(pl.lit("deleted"))
        .when(is_won)
        .then(pl.lit("won"))
        .when(is_lost)
        .then(pl.lit("lost"))
        .otherwise(pl.lit("open"))
    )
    junk = pl.col("junk").replace_strict(dict(enumerate(names.JUNK)), default=None, return_dtype=pl.String)
    stamp = pl.max_horizontal(
        "t_stage",
        "t_moved",
        pl.when(pl.col("t_copied") <= now).then("t_copied").otherwise(0),
        pl.when(is_gone).then("t_deleted").otherwise(0),
    )
    hope = (pl.col("t_stage") // DAY + 20 + pl.col("deal") % 40).cast(pl.Int32).cast(pl.Date).cast(pl.String)
    reason = pl.col("lost_reason").replace_strict(dict(enumerate(words.LOST_REASONS)), return_dtype=pl.String)
    nothing = pl.lit(None, pl.String)
    return rows.select(
        id=deal_number(pl.col("deal")),
        title=pl.coalesce(junk, pl.format("{} {}", "core_name", "deal")),
        value=pl.col("amount") / 100,
        currency="currency",
        status=status,
        probability=pl.lit(None, pl.Int64),
        lost_reason=pl.when(is_lost).then(reason),
        origin=pl.lit("ManuallyCreated"),
        origin_id=nothing,
        channel=channel(),
        channel_id=nothing,
        owner_id=pl.col("seller") + 1,
        person_id=pl.lit(None, pl.Int64),
        org_id=pl.col("account") + 1,
        pipeline_id=pl.lit(PIPELINE),
        stage_id=pl.col("standing") + STAGE,
        is_deleted=is_gone,
        is_archived=is_lost & (pl.col("t_closed") < now - 400 * DAY),
        expected_close_date=hope,
        stage_change_time=pipedrive_time(pl.col("t_moved_on")),
        close_time=pipedrive_time(pl.when(pl.col("stage") >= WON).then("t_closed")),
        won_time=pipedrive_time(pl.when(is_won).then("t_closed")),
        lost_time=pipedrive_time(pl.when(is_lost).then("t_closed")),
        custom_fields=pl.struct(pl.col("order_number").alias(ORDER)),
        add_time=pipedrive_time(pl.col("t0")),
        update_time=pipedrive_time(stamp),
    ).sort("id")


def flow(company) -> pl.DataFrame:
    """Changes of stage, and of status as the feed has them too; numbers are text."""
    rows = known(company)
    parts, stage = [], pl.col("s0")
    for step in range(1, LONGEST):
        here = (pl.col(f"s{step}") >= 0) & (pl.col(f"t{step}") <= company.now)
        moves = here & (pl.col(f"s{step}") < WON) & (pl.col(f"s{step}") != stage)
        parts.append(
            rows.filter(moves).select(
                "deal", "seller", old=stage, new=pl.col(f"s{step}"), t=pl.col(f"t{step}"), step=pl.lit(step)
            )
        )
        stage = pl.when(moves).then(pl.col(f"s{step}")).otherwise(stage)
    every = pl.concat(parts).sort("deal", "step", descending=[False, True])
    stages = {place: name for place, (name, _) in enumerate(words.STAGES)}
    at = utc(pl.col("t")).dt.strftime("%Y-%m-%d %H:%M:%S")
    data = {
        "id": (pl.col("deal") * 8 + pl.col("step")).cast(pl.String),
        "item_id": deal_number(pl.col("deal")).cast(pl.String),
        "user_id": (pl.col("seller") + 1).cast(pl.String),
        "field_key": pl.lit("stage_id"),
        "old_value": (pl.col("old") + STAGE).cast(pl.String),
        "new_value": (pl.col("new") + STAGE).cast(pl.String),
        "additional_data": pl.struct(
            old_value_formatted=pl.col("old").replace_strict(stages, return_dtype=pl.String),
            new_value_formatted=pl.col("new").replace_strict(stages, return_dtype=pl.String),
        ),
        "change_source": pl.lit("app"),
        "log_time": at,
    }
    return every.select(
        deal_id=deal_number(pl.col("deal")), object=pl.lit("dealChange"), timestamp=at, data=pl.struct(**data)
    )


def products(company) -> pl.DataFrame:
    here = known(company).select("deal")
    every = company.deal_items.join(here, on="deal", how="semi", maintain_order="left")
    rows = every.join(company.items.select("item", "name"), on="item", how="left", maintain_order="left")
    rows = rows.join(company.known_deals.select("deal", "currency"), on="deal", how="left", maintain_order="left")
    return rows.select(
        id=pl.col("deal") * 8 + pl.col("place"),
        deal_id=deal_number(pl.col("deal")),
        product_id=pl.col("item") + 1,
        name="name",
        currency="currency",
        item_price=(pl.col("total") / pl.col("quantity")).round() / 100,
        quantity="quantity",
        discount=pl.lit(0),
        discount_type=pl.lit("percentage"),
        sum=pl.col("total") / 100,
        comments=pl.lit(""),
        is_enabled=pl.lit(True),
    ).sort("id")
