"""What the portal has little of: its pipelines, its owners, its campaigns, itself; and how it writes what it shows.

Every property is text in HubSpot's answers, whatever it holds.
"""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.agency import words
from pipelines.sandbox.clock import DAY, START, number, pipedrive_time

# Properties the firm has added for itself.
TAX_ID, ERP_NUMBER, ORDER, INVOICE = "nip", "erp_number", "order_number", "invoice_number"
PIPELINE, LEAD_PIPELINE = "default", "lead-pipeline-id"
# The vendor's own ids of stages stay when the words for them are changed.
STAGES = [
    "appointmentscheduled",
    "qualifiedtobuy",
    "presentationscheduled",
    "decisionmakerboughtin",
    "contractsent",
    "closedwon",
    "closedlost",
]
NEW, ATTEMPTING, CONNECTED, QUALIFIED, UNQUALIFIED = (
    f"{stage}-stage-id" for stage in ("new", "attempting", "connected", "qualified", "unqualified")
)
LEAD_STAGES = {
    NEW: "Nowy",
    ATTEMPTING: "Próba kontaktu",
    CONNECTED: "W rozmowie",
    QUALIFIED: "Zakwalifikowany",
    UNQUALIFIED: "Odrzucony",
}
# Where a contact came from, as the vendor finds out itself; of the last it has found out nothing.
SOURCES = ["ORGANIC_SEARCH", "DIRECT_TRAFFIC", "SOCIAL_MEDIA", "PAID_SEARCH", "EMAIL_MARKETING", "OFFLINE"]
# The vendor's words for the trades of the firm's clients, in their order.
INDUSTRIES = [
    "FOOD_BEVERAGES",
    "PHARMACEUTICALS",
    "COSMETICS",
    "FURNITURE",
    "EDUCATION_MANAGEMENT",
    "REAL_ESTATE",
    "FOOD_PRODUCTION",
    "HOSPITAL_HEALTH_CARE",
    "INSURANCE",
    "PUBLISHING",
    "HEALTH_WELLNESS_AND_FITNESS",
    "APPAREL_FASHION",
    "SPORTING_GOODS",
    "RENEWABLES_ENVIRONMENT",
    "RESTAURANTS",
    "LEISURE_TRAVEL_TOURISM",
    "LOGISTICS_AND_SUPPLY_CHAIN",
]
KEPT = 90 * DAY  # so long an archived record is still listed
OPENING = (number(START) - 500) * DAY + 36_000
NOTHING = pl.lit(None, pl.String)
OWNERS, COMPANIES, CONTACTS, PRODUCTS = 410_000_001, 30_000_000_001, 100_000_000_001, 1_500_000_001
DEALS, LINES, TICKETS, TALKS = 18_000_000_001, 25_000_000_001, 36_000_000_001, 60_000_000_001
LOOSE, OF_DEALS = 10_000_000_000, 20_000_000_000  # further rows of ids: of loose leads, and of leads with a deal
LEADS = 500_000_000_001
CAMPAIGN_DAYS = 91


def record_id(first: int, key: str | pl.Expr) -> pl.Expr:
    """The vendor numbers the objects of all its portals in one row, so that nobody's begin at one."""
    return ((pl.col(key) if isinstance(key, str) else key) + first).cast(pl.String)


def owner() -> pl.Expr:
    return record_id(OWNERS, "seller")


def moment(seconds: str | pl.Expr) -> pl.Expr:
    return pipedrive_time(pl.col(seconds) if isinstance(seconds, str) else seconds, thousandths=True)


def money(cents: pl.Expr) -> pl.Expr:
    return (cents / 100).round(2).cast(pl.Decimal(18, 2)).cast(pl.String)


def flag(told: pl.Expr) -> pl.Expr:
    return pl.when(told).then(pl.lit("true")).otherwise(pl.lit("false"))


def source() -> pl.Expr:
    return pl.col("source").replace_strict(dict(enumerate(SOURCES)), default=None, return_dtype=pl.String)


def own(identity: pl.Expr, made: str | pl.Expr, changed: str | pl.Expr, archived: pl.Expr | None = None) -> dict:
    """What a record has beside its properties."""
    is_archived = pl.lit(False) if archived is None else archived
    return {"id": identity, "createdAt": moment(made), "updatedAt": moment(changed), "archived": is_archived}


def together(rows: pl.DataFrame, one: pl.Expr, other: pl.Expr, kind: int, primary: int = 0) -> pl.DataFrame:
    """Records that belong together; of a first company it is said twice, once by that name."""
    pairs = rows.select(fromId=one, toId=other).drop_nulls()
    plain = pairs.with_columns(typeId=pl.lit(kind), label=NOTHING)
    if not primary:
        return plain
    return pl.concat([pairs.with_columns(typeId=pl.lit(primary), label=pl.lit("Primary")), plain])


def short_lists(company) -> dict[str, pl.DataFrame]:
    return {
        "account": pl.DataFrame(
            {
                "portalId": [144_820_117],
                "uiDomain": ["app-eu1.hubspot.com"],
                "timeZone": ["Europe/Warsaw"],
                "companyCurrency": ["PLN"],
            }
        ),
        "owners": _owners(),
        "pipelines/deals": _pipeline(PIPELINE, "Nowe projekty"),
        "stages/deals": _stages(PIPELINE, STAGES, [label for label, _ in words.STAGES], [c for _, c in words.STAGES]),
        "pipelines/leads": _pipeline(LEAD_PIPELINE, "Zapytania"),
        "stages/leads": _stages(LEAD_PIPELINE, list(LEAD_STAGES), list(LEAD_STAGES.values()), [0] * len(LEAD_STAGES)),
        "campaigns": _campaigns(company),
    }


def _pipeline(name: str, label: str) -> pl.DataFrame:
    return pl.DataFrame({"id": [name], "label": [label], "displayOrder": [0], "archived": [False]})


def _stages(pipeline: str, ids: list[str], labels: list[str], chances: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"id": ids, "label": labels, "chance": chances}).select(
        "id",
        "label",
        pipelineId=pl.lit(pipeline),
        displayOrder=pl.int_range(pl.len()),
        archived=pl.lit(False),
        isClosed=flag(pl.col("id").is_in([STAGES[-2], STAGES[-1], QUALIFIED, UNQUALIFIED])),
        probability=(pl.col("chance") / 100).cast(pl.String),
    )


def _owners() -> pl.DataFrame:
    """One of the salespeople has left: archived, and still the owner of what was theirs."""
    people = pl.DataFrame(words.SELLERS + words.MANAGERS, schema=["firstName", "lastName"], orient="row")
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    sells = place < len(words.SELLERS)
    return people.with_columns(
        id=record_id(OWNERS, place),
        email=pl.format("u{}@example.org", place + 1),
        userId=place + 70_000_001,
        team=pl.when(sells).then(pl.lit("Sales")).otherwise(pl.lit("Board")),
        archived=place == len(words.SELLERS) - 1,
        createdAt=moment(pl.lit(OPENING) + place),
        updatedAt=moment(pl.lit(OPENING) + place),
    )


def _campaigns(company) -> pl.DataFrame:
    """The agency advertises itself, a campaign a quarter: known from its first day on, with what is to be spent."""
    first = number(START)
    rows = pl.DataFrame({"place": range(int(company.now // DAY - first) // CAMPAIGN_DAYS + 1)})
    spent = company.dice.whole(rows["place"].to_numpy(), "spent on a campaign", 8, 30) * 50_000 * company.scale
    day = pl.lit(first) + pl.col("place") * CAMPAIGN_DAYS
    dates = {"hs_start_date": day, "hs_end_date": day + CAMPAIGN_DAYS - 1}
    return rows.with_columns(spent=pl.Series(spent).round().cast(pl.Int64)).select(
        id=identifiers.guids("campaign", rows["place"].to_numpy()),
        hs_name=pl.format("Kampania {}", pl.col("place") + 1),
        hs_utm=pl.format("kampania-{}", pl.col("place") + 1),
        hs_campaign_status=pl.lit("active"),
        hs_currency_code=pl.lit("PLN"),
        hs_spend_items_sum_amount=money(pl.col("spent")),
        **{name: told.cast(pl.Int32).cast(pl.Date).cast(pl.String) for name, told in dates.items()},
        createdAt=moment(day * DAY + 32_000),
        updatedAt=moment(day * DAY + 32_000),
    )
