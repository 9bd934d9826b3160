"""The time sheets as their program exports them: days as 31.05.2026, hours as 3,25, the clients by its own codes."""

import polars as pl

from pipelines.sandbox.agency import words
from pipelines.sandbox.business import names
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY

KINDS = ["Strategia", "Teksty", "Grafika", "Strony WWW", "Social media", "Reklamy", "Wideo"]


def records(company) -> dict[str, pl.DataFrame]:
    return {"wpisy": _entries(company), "klienci": _clients(company), "pracownicy": _people()}


def clients(company) -> pl.DataFrame:
    """Whom hours were worked for until today, numbered as they came; the ERP's number is there for most by now."""
    met = company.hours.filter(pl.col("firm") >= 0).group_by("firm").agg(pl.col("day", "place").min())
    rows = met.sort("place").with_row_index("client", offset=1).with_columns(pl.col("client").cast(pl.Int64))
    rows = rows.join(company.firms.drop("place"), on="firm", how="left", maintain_order="left")
    opened = company.customers.filter(pl.col("second") == 0).select("firm", "t_opened", card="place")
    rows = rows.join(opened, on="firm", how="left", maintain_order="left")
    key = rows["firm"].to_numpy()
    keeps = pl.Series(company.dice.happens(key, "ERP number in the time sheets", 0.7))
    # It is looked up at the end of the month, once the client is in the books.
    entered = pl.max_horizontal(pl.col("t_opened").fill_null(FAR), pl.col("day") * DAY) + 31 * DAY
    return rows.with_columns(
        code=pl.format("KL-{}", pl.col("client").cast(pl.String).str.zfill(4)),
        erp_number=pl.when(keeps & (entered <= company.now)).then(pl.col("card").cast(pl.String)),
        typed_tax=pl.when(pl.Series(company.dice.happens(key, "tax id in the time sheets", 0.8))).then("tax_id"),
        full_name=pl.col("core_name") + " " + pl.col("country").replace_strict(names.FORMS),
    )


def _decimal(quarters: pl.Expr) -> pl.Expr:
    """Hours of a quarter each, with the comma that Poland writes."""
    hundredths = (quarters % 4 * 25).cast(pl.String).str.zfill(2)
    return pl.format("{},{}", quarters // 4, hundredths)


def _entries(company) -> pl.DataFrame:
    codes = clients(company).select("firm", "code")
    orders = company.known_orders.select("order", project="number")
    rows = company.hours.join(codes, on="firm", how="left", maintain_order="left")
    rows = rows.join(orders, on="order", how="left", maintain_order="left")
    people = {place: f"P{place + 1:02d}" for place in range(len(words.TEAM))}
    is_proposal = pl.col("deal") >= 0
    return rows.select(
        Nr=pl.col("place").cast(pl.String),
        Data=pl.col("day").cast(pl.Int32).cast(pl.Date).dt.strftime("%d.%m.%Y"),
        Pracownik=pl.col("person").replace_strict(people, return_dtype=pl.String),
        Klient="code",
        Projekt=pl.when(is_proposal).then(pl.lit("Oferta")).otherwise("project"),
        Czynność=pl.col("kind").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String),
        Godziny=_decimal(pl.col("quarters")),
        Stawka=pl.format("{},00", "rate"),
        Waluta="currency",
    )


def _clients(company) -> pl.DataFrame:
    return clients(company).select(
        Kod="code",
        Nazwa="full_name",
        NIP="typed_tax",
        Ulica="street",
        Miasto="town",
        Kraj="country",
        **{"Kod pocztowy": "postcode", "Nr w enova": "erp_number"},
    )


def _people() -> pl.DataFrame:
    rows = [
        (f"P{place + 1:02d}", f"{last} {first}", team) for place, (first, last, team, _, _) in enumerate(words.TEAM)
    ]
    return pl.DataFrame(rows, schema=["Nr", "Nazwisko i imię", "Zespół"], orient="row")
