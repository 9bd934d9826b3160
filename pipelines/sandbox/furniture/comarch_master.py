"""Comarch ERP XL's cards: customers, items, people, the warehouse."""

import polars as pl

from pipelines.sandbox.business import names
from pipelines.sandbox.business.known_as import mistyped
from pipelines.sandbox.clock import DAY, START, number
from pipelines.sandbox.furniture import words
from pipelines.sandbox.furniture.comarch_words import CUSTOMER, EMPLOYEE, ITEM, OPERATOR, WAREHOUSE, day, moment

OPENING = (number(START) - 400) * DAY + 36_000
BUYS, GOODS, SERVICE = 16, 2, 4
GROUP_OF_CUSTOMERS, GROUP_OF_ITEMS = -32, -16
PEOPLE = words.SELLERS + words.MANAGERS
DEAL_ATTRIBUTE = 1


def cards(company) -> dict[str, pl.DataFrame]:
    return {
        "KntKarty": _customers(company),
        "KntGrupyDom": _groups("KGD", CUSTOMER, GROUP_OF_CUSTOMERS, words.SEGMENTS, _segments(company)),
        "KntLimityK": _limits(company),
        "TwrKarty": _items(company),
        "TwrGrupyDom": _groups("TGD", ITEM, GROUP_OF_ITEMS, _families(), _families_of(company)),
        "Magazyny": _warehouses(),
        "OpeKarty": _operators(),
        "PrcKarty": _employees(),
        "AtrybutyKlasy": pl.DataFrame({"AtK_ID": [DEAL_ATTRIBUTE], "AtK_Nazwa": ["Deal in the CRM"]}),
    }


def _customers(company) -> pl.DataFrame:
    known = company.customers.join(company.firms, on="firm", how="left", maintain_order="left")
    dice, key = company.dice, known["customer"].to_numpy()
    full = pl.col("core_name") + " " + pl.col("country").replace_strict(names.FORMS)
    shouted = pl.col("core_name").str.to_uppercase() + " " + pl.col("country").replace_strict(names.LONG_FORMS)
    is_shouted = pl.Series(dice.pick(key, "name in the ERP", 80, 20)) == 1
    name = (
        pl.when(pl.col("second") == 1)
        .then(pl.col("core_name") + " - oddział")
        .when(is_shouted)
        .then(shouted)
        .otherwise(full)
    )
    typed = pl.Series(dice.pick(key, "tax id in the ERP", 92, 5, 3))
    tax = pl.when(typed == 0).then("tax_id").when(typed == 1).then(pl.lit("")).otherwise(mistyped(pl.col("tax_id")))
    # Abroad the letters of the country stand apart from the number.
    letters = pl.when(pl.col("country") != "PL").then("country").otherwise(pl.lit(""))
    digits = pl.when(pl.col("country") != "PL").then(tax.str.replace(r"^[A-Z]{2}", "")).otherwise(tax)
    mail = pl.lit("biuro@") + pl.when("has_domain").then("domain").otherwise("free_mail")
    site = pl.when("has_domain").then(pl.lit("www.") + pl.col("domain")).otherwise(pl.lit(""))
    opened = moment(pl.col("t_opened"))
    return known.select(
        Knt_GIDTyp=pl.lit(CUSTOMER),
        Knt_GIDNumer="place",
        Knt_Akronim="number",
        Knt_Nazwa1=name,
        Knt_KodP="postcode",
        Knt_Miasto="town",
        Knt_Ulica="street",
        Knt_Kraj="country",
        Knt_Nip=digits,
        Knt_NipPrefiks=letters,
        Knt_Telefon1="phone",
        Knt_EMail=mail,
        Knt_URL=site,
        Knt_Typ=pl.lit(BUYS),
        Knt_SpTerminPlSpr=pl.col("terms").replace_strict(company.term_days, return_dtype=pl.Int64),
        Knt_AkwTyp=pl.lit(EMPLOYEE),
        Knt_AkwNumer=pl.col("seller") + 1,
        Knt_LastModL=opened,
        Knt_LastModO=opened,
        Knt_LastModC=opened,
        Knt_DataUtworzenia=opened,
    ).sort("Knt_GIDNumer")


def _groups(letters: str, kind: int, of_groups: int, groups: list[str], members: pl.DataFrame) -> pl.DataFrame:
    """Groups, and who belongs to which, in one table."""
    columns = [f"{letters}_{name}" for name in ("GIDTyp", "GIDNumer", "Kod", "GrOTyp", "GrONumer")]
    named = [(of_groups, place + 1, group, of_groups, 0) for place, group in enumerate(groups)]
    belong = [(kind, member, "", of_groups, group + 1) for member, group in members.iter_rows()]
    return pl.DataFrame(named + belong, schema=columns, orient="row")


def _segments(company) -> pl.DataFrame:
    rows = company.customers.join(company.firms, on="firm", how="left", maintain_order="left")
    return rows.select("place", "segment").sort("place")


def _families() -> list[str]:
    return [*(family for family, *_ in words.FAMILIES), "SERVICES"]


def _families_of(company) -> pl.DataFrame:
    places = {family: place for place, family in enumerate(_families())}
    return company.items.select(pl.col("item") + 1, pl.col("family").replace_strict(places, return_dtype=pl.Int64))


def _limits(company) -> pl.DataFrame:
    rows = company.customers.join(company.firms, on="firm", how="left", maintain_order="left")
    rows = rows.filter(pl.Series(company.dice.happens(rows["customer"].to_numpy(), "credit limit", 0.6))).sort("place")
    return rows.select(
        KLK_Id="place",
        KLK_KntTyp=pl.lit(CUSTOMER),
        KLK_KntNumer="place",
        KLK_MaxLimitWart=(pl.col("weight") * 20).round() * 2000.0,
        KLK_Waluta=pl.lit("PLN"),
        KLK_KursM=pl.lit(1),
        KLK_KursL=pl.lit(1),
        KLK_DataOd=day(pl.col("t_opened") // DAY),
        KLK_CzasModyfikacji=moment(pl.col("t_opened")),
    )


def _items(company) -> pl.DataFrame:
    changed = moment(pl.lit(OPENING) + pl.col("item"))
    return company.items.select(
        Twr_GIDTyp=pl.lit(ITEM),
        Twr_GIDNumer=pl.col("item") + 1,
        Twr_Kod="number",
        Twr_Nazwa="name",
        Twr_Jm=pl.lit("szt."),
        Twr_Typ=pl.when("is_service").then(SERVICE).otherwise(GOODS),
        Twr_LastModL=changed,
        Twr_LastModO=changed,
        Twr_LastModC=changed,
    )


def _warehouses() -> pl.DataFrame:
    rows = [(WAREHOUSE, place + 1, code, name, "PL") for place, (code, name) in enumerate(words.WAREHOUSES)]
    return pl.DataFrame(rows, schema=["MAG_GIDTyp", "MAG_GIDNumer", "MAG_Kod", "MAG_Nazwa", "MAG_Kraj"], orient="row")


def _operators() -> pl.DataFrame:
    rows = [(OPERATOR, 1, "BIURO", "Biuro Obsługi", 0)]
    columns = ["Ope_GIDTyp", "Ope_GIDNumer", "Ope_Ident", "Ope_Nazwisko", "Ope_Zablokowane"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _employees() -> pl.DataFrame:
    rows = [
        (EMPLOYEE, place + 1, (first[0] + last[:4]).upper(), first, last) for place, (first, last) in enumerate(PEOPLE)
    ]
    columns = ["Prc_GIDTyp", "Prc_GIDNumer", "Prc_Akronim", "Prc_Imie1", "Prc_Nazwisko"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(Prc_Archiwalny=pl.lit(0))


def stock() -> pl.DataFrame:
    """What is made to order lies nowhere: it leaves the day after it is ready."""
    columns = "TwZ_DstTyp TwZ_DstNumer TwZ_MagNumer TwZ_TwrTyp TwZ_TwrNumer TwZ_Ilosc TwZ_IlMag"
    columns += " TwZ_KsiegowaNetto TwZ_DataP"
    return pl.DataFrame(schema=dict.fromkeys(columns.split(), pl.Int64))
