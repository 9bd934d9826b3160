"""Pipedrive, a CRM, over its API v2, and v1 for what only v1 has. BASE_URL is the company's own address.

https://developers.pipedrive.com/docs/api/v1 · https://pipedrive.readme.io/docs/pipedrive-api-v2
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import dlt
import msgspec
import polars as pl

from pipelines import stage_history
from pipelines.extraction import (
    Absent,
    Broken,
    Envelope,
    Http,
    Options,
    Page,
    Personal,
    Reading,
    Scope,
    Since,
    Stream,
    Unavailable,
    columns,
    follow,
    once,
    parsed,
    resource,
)
from pipelines.http import retry_after
from pipelines.nested import with_lines, with_members
from pipelines.pages import batch
from pipelines.raw_tables import moment

NEEDS = ("BASE_URL", "API_TOKEN")

V1, V2 = "v1", "v2"
LARGEST_PAGE = {"limit": "500"}
DEALS_AT_ONCE = 100
PAGES = {
    V2: Envelope("data", "additional_data/next_cursor", good="success", param="cursor"),
    V1: Envelope(
        "data",
        "additional_data/pagination/next_start",
        more="additional_data/pagination/more_items_in_collection",
        good="success",
        param="start",
    ),
}
# Deals and leads that were archived are in lists of their own.
ARCHIVED = {"deals": "deals/archived", "leads": "leads/archived"}
# Deleted deals stay in the list for thirty days, when they are asked for.
COUNTED = {"include_fields": "products_count"}
OPTIONS = {"deals": {"status": "open,won,lost,deleted"} | COUNTED, "deals/archived": COUNTED}
# What a deal's list tells of its products and of its stage.
PRODUCTS_OF_DEAL = Stream("deals", "deals", columns=columns(int="id products_count"))
STAGE_OF_DEAL = Stream(
    "deals",
    "deals",
    api=V2,
    cursor="update_time",
    columns=columns(int="id stage_id", bool="is_deleted", text="add_time update_time stage_change_time"),
)
FIELDS = {"deals": "dealFields", "organizations": "organizationFields", "products": "productFields"}


def _changing(name: str, entity: str, api: str = V2, *, timestamp: str = "", **declared: Any) -> Stream:
    """Records that tell when they changed; most that are deleted leave the list without a sign."""
    told = {kind: declared.pop(kind) for kind in ("text", "int", "decimal", "bool", "date") if kind in declared}
    return Stream(
        name=name,
        entity=entity,
        api=api,
        cursor="update_time",
        swept=True,
        deleted="is_deleted",
        extra_in="custom_fields" if api == V2 else "",
        columns=columns(timestamp=f"add_time update_time {timestamp}", **told),
        **declared,
    )


def _whole(name: str, entity: str, api: str = V2, **declared: Any) -> Stream:
    """A short list, read in full each time."""
    settings = {name: declared.pop(name) for name in ("key", "personal") if name in declared}
    return Stream(
        name=name, entity=entity, api=api, swept=True, deleted="is_deleted", columns=columns(**declared), **settings
    )


STREAMS = [
    _changing(
        "organizations",
        "organizations",
        text="name address.value address.route address.street_number address.postal_code address.locality"
        " address.admin_area_level_1 address.country",
        int="id owner_id",
        bool="is_deleted",
        extra={
            "tax_id": "tax_id_field",
            "website": "website_field",
            "industry": "industry_field",
            "erp_reference": "erp_reference_field",
        },
        personal=Personal(
            names="name",
            contacts="tax_id",
            private="website address_value address_route address_street_number address_postal_code",
        ),
    ),
    _changing(
        "persons",
        "persons",
        text="name emails[primary].value phones[primary].value",
        int="id owner_id org_id",
        bool="is_deleted",
        personal=Personal(
            names="name", contacts="emails_primary_value phones_primary_value", belongs="org_id organizations"
        ),
    ),
    _changing(
        "deals",
        "deals",
        text="title currency status lost_reason origin origin_id channel_id",
        int="id owner_id person_id org_id pipeline_id stage_id channel",
        decimal="value probability",
        bool="is_deleted is_archived",
        date="expected_close_date",
        timestamp="stage_change_time close_time won_time lost_time",
        extra={"order_reference": "order_reference_field"},
        personal=Personal(
            texts="title", mentions="lost_reason origin_id channel_id order_reference", belongs="person_id persons"
        ),
        lines=Stream(
            "deal_products",
            "products",
            parent="deal_id",
            columns=columns(
                text="name currency discount_type comments",
                int="id deal_id product_id",
                decimal="item_price quantity discount sum",
                bool="is_enabled",
            ),
            personal=Personal(mentions="name comments"),
        ),
    ),
    # Read by stage_history.py, which keeps itself what it has read.
    Stream(
        "deal_stages",
        "deals/flow",
        parent="deal_id",
        narrowed_by="HISTORY",
        columns=columns(
            text="id stage_name change_source method",
            int="deal_id position stage_id changed_by",
            timestamp="entered_at",
        ),
    ),
    _changing(
        "products",
        "products",
        text="name code unit category prices[].currency",
        int="id owner_id",
        decimal="tax prices[].price prices[].cost",
        bool="is_deleted",
    ),
    # A lead that was made into a deal leaves both lists, and stays as it was last seen.
    _changing(
        "leads",
        "leads",
        V1,
        text="id title source_name origin origin_id channel_id value.currency",
        int="owner_id person_id organization_id channel",
        decimal="value.amount",
        bool="is_archived",
        date="expected_close_date",
        gone_means="archived",
        optional=True,
        personal=Personal(texts="title", mentions="origin_id channel_id", belongs="person_id persons"),
    ),
    _changing(
        "activities",
        "activities",
        text="type lead_id due_time duration",
        int="id owner_id deal_id person_id org_id",
        bool="done is_deleted",
        date="due_date",
        timestamp="marked_as_done_time",
    ),
    _whole("pipelines", "pipelines", text="name", int="id order_nr", bool="is_deleted"),
    _whole("stages", "stages", text="name", int="id order_nr pipeline_id deal_probability", bool="is_deleted"),
    _whole(
        "users",
        "users",
        V1,
        text="name email",
        int="id role_id",
        bool="active_flag",
        personal=Personal(names="name", contacts="email"),
    ),
    _whole("lead_sources", "leadSources", V1, key="name", text="name"),
    _whole("currencies", "currencies", V1, text="code name", int="id decimal_points", bool="active_flag"),
    # What the numbers in a deal's channel and in the firm's own fields of choices stand for.
    Stream("field_options", "fields", key=None, columns=columns(text="object field_code field_name option_id label")),
]


class OfDeal(msgspec.Struct):
    deal_id: int


@dlt.source(name="pipedrive", max_table_nesting=0)
def pipedrive(reading: Reading) -> Iterator[Any]:
    """Every stream of one company, as far as the owner of the token sees it: that should be an administrator."""
    options = reading.options
    budget = Budget(options.number("HISTORY_RESERVE_PERCENT", 25))
    http = connected(options, budget)
    scopes = {
        "deal_stages": Scope(partial(_histories, http, reading, budget), _none),
        "field_options": Scope(partial(_field_options, http, reading), _none),
    }
    for stream in STREAMS:
        if reading.wants(stream):
            scope = scopes.get(stream.name) or Scope(partial(_pages, http, reading), partial(_keys, http))
            yield resource(reading, stream, [scope], http)


def _pages(http: Http, reading: Reading, stream: Stream, since: Since) -> Iterator[Page]:
    for page in _lists(http, stream, since):
        yield _with_products(http, reading, stream, page) if stream.lines else page


def _keys(http: Http, stream: Stream) -> Iterator[Page]:
    """The lists cannot be narrowed to their keys: whole records come, as many to a page."""
    return _lists(http, stream, None)


def _none(*_: Any) -> Iterator[Page]:
    return iter(())


def _lists(http: Http, stream: Stream, since: Since) -> Iterator[Page]:
    """What is in use; then what is archived, each told apart from the other."""
    given, archived = _order(stream) | _since(since), ARCHIVED.get(stream.entity)
    for page in _asked(http, stream.api, stream.entity, given):
        yield _told(page, b"false") if archived else page
    if archived:
        with suppress(Absent):  # not every plan can archive
            for page in _asked(http, stream.api, archived, given):
                yield _told(page, b"true")


def _order(stream: Stream) -> dict[str, str]:
    """An order in which nothing slips past: by cursor the newest come last, by number nothing moves forward."""
    if stream.cursor is None:
        return {}
    if stream.api == V1:
        return LARGEST_PAGE | {"start": "0", "sort": "add_time ASC,id ASC"}
    return LARGEST_PAGE | {"sort_by": "update_time", "sort_direction": "asc"}


def _since(since: Since) -> dict[str, str]:
    """Exactly this form: with a fraction or a space the question is refused."""
    return {"updated_since": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if since else {}


def _told(page: Page, archived: bytes) -> Page:
    """Whether its records are archived, where they do not say it themselves."""
    for record in page.records[:1]:
        if "is_archived" in record if isinstance(record, dict) else b'"is_archived"' in bytes(record):
            return page
    return with_members(page, "is_archived", [archived] * len(page.records))


def _asked(http: Http, api: str, path: str, given: Mapping[str, str]) -> Iterator[Page]:
    return follow(http, path, PAGES[api], _address(http, api, path), {**OPTIONS.get(path, {}), **given})


def _address(http: Http, api: str, path: str) -> str:
    """On the address that is common to all companies, v1 has no `api` before it."""
    common = api == V1 and http.base_url.endswith("//api.pipedrive.com")
    return f"{http.base_url}/{'' if common else 'api/'}{api}/{path}"


def _with_products(http: Http, reading: Reading, stream: Stream, page: Page) -> Page:
    """A page of deals, each with its products; deals without any are not asked about."""
    told = batch(page, PRODUCTS_OF_DEAL).rows
    wanted = told.filter(pl.col("products_count").fill_null(1) > 0)["id"].to_list()
    found: dict[int, list[bytes]] = {}
    try:
        for ids in _some(wanted):
            for more in _asked(http, V2, "deals/products", LARGEST_PAGE | {"deal_ids": ids}):
                for line in more.records:
                    body = json.dumps(line).encode() if isinstance(line, dict) else bytes(line)
                    found.setdefault(msgspec.json.decode(body, type=OfDeal, strict=False).deal_id, []).append(body)
    except Unavailable as reason:
        reading.note(stream, f"products of deals {reason}")
    return with_lines(page, stream.lines.entity, told["id"], found)


def _some(ids: list[int]) -> Iterator[str]:
    for first in range(0, len(ids), DEALS_AT_ONCE):
        yield ",".join(map(str, ids[first : first + DEALS_AT_ONCE]))


def _field_options(http: Http, reading: Reading, _stream: Stream, _since: Since) -> Iterator[Page]:
    """The choices of every field that has some. On the way, fields that a setting names and nobody has are told."""
    for name, path in FIELDS.items():
        fields = once(http, path, PAGES[V2], _address(http, V2, path), params=LARGEST_PAGE)
        codes = {field["field_code"]: field.get("field_name") for field in fields}
        for stream in STREAMS:
            for setting in stream.extra.values() if stream.name == name else ():
                if (code := reading.options.text(setting)) and code not in codes:
                    reading.note(stream, f"not available: {code} ({setting.upper()})")
        yield Page(
            [
                {"object": name, "field_code": field["field_code"], "field_name": codes[field["field_code"]]}
                | {"option_id": option.get("id"), "label": option.get("label")}
                for field in fields
                for option in field.get("options") or ()
            ]
        )


def _histories(http: Http, reading: Reading, budget: "Budget", stream: Stream, _since: Since) -> Iterator[Page]:
    """By the flow, which reaches back to when a deal was added; or by the changelog, for half the tokens."""
    ways = {"flow": _flow, "changelog": _changelog}
    way = ways.get(reading.options.text("HISTORY", "flow"))
    if way is None:
        raise reading.failed(stream, f"HISTORY is one of {', '.join(ways)}")
    log = stage_history.Log(
        changed=lambda since: _stages(_lists(http, STAGE_OF_DEAL, since)),
        named=partial(_named, http),
        changes=partial(way, http),
        may_go_on=budget.may_go_on,
    )
    return stage_history.pages(reading, stream, dlt.current.resource_state(), log)


def _named(http: Http, deals: list[int]) -> pl.DataFrame:
    paths = [(path, ids) for ids in _some(deals) for path in ("deals", "deals/archived")]
    return _stages(page for path, ids in paths for page in _asked(http, V2, path, LARGEST_PAGE | {"ids": ids}))


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
    feed = once(http, "deals/flow", PAGES[V1], _address(http, V1, f"deals/{deal}/flow"), params=given)
    changes = [(row, row["data"]) for row in feed if row.get("object") == "dealChange"]
    return [
        _change(deal, number(data["id"]), row["timestamp"], data, data.get("user_id"))
        for row, data in changes
        if data.get("field_key") == "stage_id"
    ]


def _changelog(http: Http, deal: int) -> list[dict[str, Any]]:
    """Changes of stage out of a log of all changes, the newest first; it pages by cursor and has no numbers."""
    address = _address(http, V1, f"deals/{deal}/changelog")
    log = once(http, "deals/changelog", PAGES[V2], address, params=LARGEST_PAGE)
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


def connected(options: Options, budget: "Budget") -> Http:
    limits = options.limits(requests_per_second=10)
    # In a header: what stands in an address is written down on the way.
    signature = {"x-api-token": options.secret("API_TOKEN").strip()}
    base = options.required("BASE_URL")
    return Http(options.source, base, limits, refused, signature=signature, asks=budget.asks)


class Budget:
    """What the vendor's headers tell of its limits: so many requests in two seconds, so many tokens a day for all."""

    def __init__(self, reserve_percent: float) -> None:
        self.reserve = reserve_percent / 100
        self.left, self.whole = 1, 0

    def asks(self, headers: Mapping[str, str]) -> float | str | None:
        self.left = int(headers.get("x-daily-ratelimit-token-remaining", self.left))
        self.whole = int(headers.get("x-daily-ratelimit-token-limit", self.whole))
        if self.left <= 0:
            return "the tokens of this day are spent (they are the whole company's); the next load goes on from here"
        # Seconds from now, not a moment.
        if headers.get("x-ratelimit-remaining", "0") == "0" and "x-ratelimit-reset" in headers:
            return float(headers["x-ratelimit-reset"])
        return retry_after(headers)

    def may_go_on(self) -> bool:
        return self.left > self.whole * self.reserve


def refused(status: int, body: bytes) -> Exception | str | None:
    """What Pipedrive means by an error: words under `error`."""
    error = _error(body)
    if status == 401:
        return "the API token is refused (401)"
    if status == 402:
        return "the company's account is not open (402)"
    if status == 403 and error is None:
        return Broken("the vendor keeps us out for a while, for too many requests (403 in HTML)")
    if status == 403:
        return Unavailable(f"not available: no right to read it ({error[:200] or status})")
    if status in (404, 410, 415):
        return Absent(f"not available: this company has it not ({error or status})")
    if status == 400:
        return f"the question is refused ({(error or '')[:200]})"
    return None


def _error(body: bytes) -> str | None:
    """The vendor's words; None where the body is not the vendor's."""
    try:
        answer = parsed(body)
    except ValueError:
        return None
    return str(answer.get("error") or "") if isinstance(answer, dict) else None
