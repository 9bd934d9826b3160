"""When a deal changed its stage: Pipedrive's feed of a deal's changes, or its changelog."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import dlt
import polars as pl

from pipelines import stage_history
from pipelines.extraction import Http, Page, Reading, Since, Stream, columns, once
from pipelines.pages import batch
from pipelines.raw_tables import moment
from pipelines.sources.pipedrive.limits import Budget
from pipelines.sources.pipedrive.lists import LARGEST_PAGE, PAGES, address, asked, lists, some
from pipelines.sources.pipedrive.streams import V1, V2

Changes = Callable[[int], list[dict[str, Any]]]
# What a deal's list tells of its stage.
STAGE_OF_DEAL = Stream(
    "deals",
    "deals",
    api=V2,
    cursor="update_time",
    columns=columns(int="id stage_id", bool="is_deleted", text="add_time update_time stage_change_time"),
)


def histories(http: Http, reading: Reading, budget: Budget, stream: Stream, _since: Since) -> Iterator[Page]:
    """By the flow, which reaches back to when a deal was added; or by the changelog, for half the tokens."""
    ways = {"flow": _flow, "changelog": _changelog}
    way = ways.get(reading.options.text("HISTORY", "flow"))
    if way is None:
        raise reading.failed(stream, f"HISTORY is one of {', '.join(ways)}")
    log = stage_history.Log(
        changed=lambda since: _stages(lists(http, STAGE_OF_DEAL, since)),
        named=partial(_named, http),
        changes=partial(_read, reading, stream, partial(way, http)),
        may_go_on=budget.may_go_on,
    )
    return stage_history.pages(reading, stream, dlt.current.resource_state(), log)


def _read(reading: Reading, stream: Stream, changes: Changes, deal: int) -> list[dict[str, Any]]:
    try:
        return changes(deal)
    except (KeyError, TypeError, ValueError) as error:
        raise reading.failed(stream, f"the changes of deal {deal} cannot be read ({error!r})") from None


def _named(http: Http, deals: list[int]) -> pl.DataFrame:
    paths = [(path, ids) for ids in some(deals) for path in ("deals", "deals/archived")]
    return _stages(page for path, ids in paths for page in asked(http, V2, path, LARGEST_PAGE | {"ids": ids}))


def _stages(pages: Iterator[Page]) -> pl.DataFrame:
    """Living deals and where they stand, as stage_history.py takes them."""
    frames = [batch(page, STAGE_OF_DEAL).rows for page in [Page([]), *pages]]
    times = {"added_at": "add_time", "changed_at": "update_time", "stage_changed_at": "stage_change_time"}
    deals = pl.concat(frames).filter(~pl.col("is_deleted").fill_null(False))
    deals = deals.with_columns(moment(pl.col(field)).alias(name) for name, field in times.items())
    moved = pl.col("stage_changed_at") > pl.col("added_at")
    deals = deals.with_columns(pl.when(moved).then("stage_changed_at").alias("stage_changed_at"))
    return deals.select(pl.col("id").alias("deal_id"), *list(stage_history.DEALS)[1:])


def _flow(http: Http, deal: int) -> list[dict[str, Any]]:
    """Changes of stage out of a feed of all changes, in no order; a deal's ids are text there, empty objects lists."""
    given = LARGEST_PAGE | {"start": "0", "items": "dealChange", "all_changes": "1"}
    feed = once(http, "deals/flow", PAGES[V1], address(http, V1, f"deals/{deal}/flow"), params=given)
    changes = [(row, row["data"]) for row in feed if row.get("object") == "dealChange"]
    return [
        _change(deal, number(data["id"]), row["timestamp"], data, data.get("user_id"))
        for row, data in changes
        if data.get("field_key") == "stage_id"
    ]


def _changelog(http: Http, deal: int) -> list[dict[str, Any]]:
    """Changes of stage out of a log of all changes, the newest first; it pages by cursor and has no numbers."""
    path = address(http, V1, f"deals/{deal}/changelog")
    log = once(http, "deals/changelog", PAGES[V2], path, params=LARGEST_PAGE)
    return [
        _change(deal, -place, row["time"], row, row.get("actor_user_id"))
        for place, row in enumerate(log)
        if row.get("field_key") == "stage_id"
    ]


def _change(deal: int, place: int | None, time: str, told: dict[str, Any], user: Any) -> dict[str, Any]:
    names = told.get("additional_data")
    names = names if isinstance(names, dict) else {}
    entered = datetime.fromisoformat(time)
    return {
        "deal_id": deal,
        "number": place,
        "entered_at": entered.astimezone(UTC).replace(tzinfo=None) if entered.tzinfo else entered,
        "old_stage_id": number(told.get("old_value")),
        "stage_id": number(told.get("new_value")),
        "old_stage_name": names.get("old_value_formatted"),
        "stage_name": names.get("new_value_formatted"),
        "changed_by": number(user),
        "change_source": told.get("change_source"),
    }


def number(given: Any) -> int | None:
    return int(given) if given not in (None, "") else None
