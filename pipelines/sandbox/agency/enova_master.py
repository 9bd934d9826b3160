"""enova365's cards: customers with their addresses and keepers, services, people, the one office."""

import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.agency.enova_words import CATEGORY, SEGMENT
from pipelines.sandbox.business import names
from pipelines.sandbox.business.known_as import mistyped
from pipelines.sandbox.business.moments import latest
from pipelines.sandbox.business.settlements import INVOICE
from pipelines.sandbox.clock import DAY, START, number

OPENING = (number(START) - 400) * DAY + 36_000
SERVICE = 2
AMOUNT, UNLIMITED = 0, 1
PEOPLE = [*words.SELLERS, *words.MANAGERS]
DAYS_TO_BLOCK, DAYS_BLOCKED = 45, 60


def cards(company) -> dict[str, pl.DataFrame]:
    known = company.customers.join(company.firms, on="firm", how="left", maintain_order="left").sort("place")
    people = pl.DataFrame(PEOPLE, schema=["first", "last"], orient="row").with_row_index("ID", offset=1)
    people = people.with_columns(pl.col("ID").cast(pl.Int64), Stamp=pl.lit(OPENING))
    return {
        "Kontrahenci": _customers(company, known),
        "Adresy": _addresses(known),
        "Opiekunowie": _keepers(known),
        "Operators": _operators(people),
        "Pracownicy": people.select("ID", "Stamp", Kod=_short(), Imie="first", Nazwisko="last"),
        "Towary": _items(company),
        "Magazyny": _offices(),
    }


def _offices() -> pl.DataFrame:
    rows = [(place + 1, *office, OPENING) for place, office in enumerate(words.WAREHOUSES)]
    return pl.DataFrame(rows, schema=["ID", "Symbol", "Nazwa", "Stamp"], orient="row")


def _short() -> pl.Expr:
    return (pl.col("first").str.head(1) + pl.col("last").str.head(5)).str.to_uppercase()


def _operators(people: pl.DataFrame) -> pl.DataFrame:
    """Everybody who sells logs in under a name of his own."""
    full = pl.concat_str("first", "last", separator=" ")
    return people.select("ID", "Stamp", Name=_short(), FullName=full, Locked=pl.lit(False))


def _customers(company, known: pl.DataFrame) -> pl.DataFrame:
    dice, key = company.dice, known["customer"].to_numpy()
    known = known.join(_blocked(company), on="customer", how="left", maintain_order="left")
    is_abroad = pl.col("country") != "PL"
    full = pl.col("core_name") + " " + pl.col("country").replace_strict(names.FORMS)
    shouted = pl.col("core_name").str.to_uppercase() + " " + pl.col("country").replace_strict(names.LONG_FORMS)
    is_shouted = pl.Series(dice.pick(key, "name in the ERP", 80, 20)) == 1
    typed = pl.Series(dice.pick(key, "tax id in the ERP", 92, 5, 3))
    tax = pl.when(typed == 0).then("tax_id").when(typed == 1).then(pl.lit("")).otherwise(mistyped(pl.col("tax_id")))
    dashed = tax.str.replace(r"^(\d{3})(\d{3})(\d{2})(\d{2})$", "$1-$2-$3-$4")
    limit = pl.Series(dice.pick(key, "credit limit", 55, 35, 10))
    return known.select(
        ID="place",
        Kod="number",
        Nazwa=pl.when(pl.col("second") == 1)
        .then(pl.col("core_name") + " - marketing")
        .when(is_shouted)
        .then(shouted)
        .otherwise(full),
        NIP=pl.when(is_abroad).then(pl.lit("")).otherwise(dashed),
        EuVAT=pl.when(is_abroad).then(tax).otherwise(pl.lit("")),
        KontaktEMAIL=pl.lit("faktury@") + pl.when("has_domain").then("domain").otherwise("free_mail"),
        KontaktWWW=pl.when("has_domain").then(pl.lit("www.") + pl.col("domain")).otherwise(pl.lit("")),
        Termin=pl.col("terms").replace_strict(company.term_days, return_dtype=pl.Int64),
        TypLimituKredytowego=pl.when(limit == 2).then(UNLIMITED).otherwise(AMOUNT),
        LimitKredytuValue=pl.when(limit == 0).then((pl.col("weight") * 20).round() * 1000.0).otherwise(0.0),
        LimitKredytuSymbol=pl.lit("PLN"),
        BlokadaSprzedazy=pl.col("is_blocked").fill_null(False),
        Stamp=pl.max_horizontal("t_opened", pl.col("t_touched").fill_null(0)),
    )


def _blocked(company) -> pl.DataFrame:
    """Who owes for too long is sold nothing until he pays, or until it is a collector's: and when that last changed."""
    due = company.known_entries.filter(pl.col("kind") == INVOICE).select("key", "due")
    standing = company.known_invoices.filter(pl.col("t_undone") > company.now).select(key="invoice")
    rows = company.open_amounts.filter(pl.col("kind") == INVOICE).join(standing, on="key", how="semi")
    rows = rows.join(due, on="key", how="left", maintain_order="left")
    begins = (pl.col("due") + DAYS_TO_BLOCK) * DAY + 8 * 3600
    paid = pl.when(pl.col("left") == 0).then("t_settled")
    rows = rows.with_columns(t_begins=begins, t_ends=pl.min_horizontal(paid, begins + DAYS_BLOCKED * DAY))
    rows = rows.filter((pl.col("t_begins") <= company.now) & (pl.col("t_begins") < pl.col("t_ends")))
    return rows.group_by("customer").agg(
        is_blocked=(pl.col("t_ends") > company.now).any(), t_touched=latest(company.now, "t_begins", "t_ends").max()
    )


def _addresses(known: pl.DataFrame) -> pl.DataFrame:
    is_abroad = pl.col("country") != "PL"
    digits = pl.col("postcode").str.replace_all(r"\D", "").cast(pl.Int64)
    return known.select(
        ID="place",
        Host="place",
        HostType=pl.lit("Kontrahenci"),
        Typ=pl.lit(1),
        AdresUlica=pl.col("street").str.replace(r" \d+$", ""),
        AdresNrDomu=pl.col("street").str.extract(r" (\d+)$"),
        AdresKodPocztowy=pl.when(is_abroad).then(0).otherwise(digits),
        AdresZagranicznyKodPocztowy=pl.when(is_abroad).then("postcode").otherwise(pl.lit("")),
        AdresMiejscowosc="town",
        AdresKodKraju="country",
        AdresTelefon="phone",
        Stamp="t_opened",
    )


def _keepers(known: pl.DataFrame) -> pl.DataFrame:
    return known.select(
        ID="place",
        Kontrahent="place",
        Operator=pl.col("seller") + 1,
        Typ=pl.lit(0),
        Aktywny=pl.lit(True),
        Stamp="t_opened",
    )


def _items(company) -> pl.DataFrame:
    """Services all: of none of them the ERP knows a cost."""
    return company.items.select(
        ID=pl.col("item") + 1,
        Kod="number",
        Nazwa="name",
        Typ=pl.lit(SERVICE),
        Stamp=pl.lit(OPENING) + pl.col("item"),
    )


def features(company) -> pl.DataFrame:
    """The firm's own fields of customers and of services."""
    rows = company.customers.join(company.firms.select("firm", "segment"), on="firm", how="left", maintain_order="left")
    segments = dict(enumerate(words.SEGMENTS))
    of_customers = rows.select(
        ParentType=pl.lit("Kontrahenci"),
        Parent="place",
        Name=pl.lit(SEGMENT),
        Lp=pl.lit(0),
        Data=pl.col("segment").replace_strict(segments, return_dtype=pl.String),
        Stamp="t_opened",
    )
    of_items = company.items.select(
        ParentType=pl.lit("Towary"),
        Parent=pl.col("item") + 1,
        Name=pl.lit(CATEGORY),
        Lp=pl.lit(0),
        Data="family",
        Stamp=pl.lit(OPENING) + pl.col("item"),
    )
    return pl.concat([of_customers, of_items])
