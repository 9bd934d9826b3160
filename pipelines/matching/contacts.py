"""Domains, telephone numbers and addresses as they are compared."""

import polars as pl

from pipelines.matching.spelling import latin, plain

# https://www.itu.int/pub/T-SP-E.164D: the codes of one and of two digits; all others have three.
CALLING_CODE = r"^(?:1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})"
OWN_CODE = dict(
    PL="48", RU="7", KZ="7", DE="49", AT="43", CH="41", UA="380", BY="375", LT="370", LV="371", EE="372", CZ="420",
    SK="421", HU="36", RO="40", BG="359", GB="44", FR="33", IT="39", ES="34", PT="351", NL="31", BE="32", SE="46",
    NO="47", DK="45", FI="358", US="1", CA="1", GR="30", TR="90", HR="385", SI="386", RS="381", IE="353", LU="352",
)  # fmt: skip
EXTENSION = r"(?:ext|extension|x|wew|wewn|w|доб|вн|внутр|int|app|poste|durchwahl|#)[\s.:]*\d{1,6}\D*$"
# Words of an address that people write or leave out.
STREET_WORDS = (
    r"\b(?:ul|ulica|ulicy|al|aleja|aleje|alei|pl|plac|os|osiedle|rynek|str|strasse|street|st|road|rd|avenue|ave|lane"
    r"|ulitsa|prospekt|prosp|pr|prkt|pereulok|per|shosse|sh|ploshchad|bulvar|bul|naberezhnaya|nab|proezd|dom|d|kv"
    r"|kvartira|of|ofis|office|lok|lokal|m|mieszkania|nr|no|budynek|bud|korpus|korp|k|stroenie|rue|via|calle|ulice"
    r"|vul|vulitsya|bulv|prospect|g|pom|pomeshchenie|pok|pokoi|suite|unit|floor|apt|the)\b"
)
CITY_WORDS = r"\b(?:g|gorod|m|st|miasto|city|of|gm|gmina|mesto)\b"


def domains(free_mail: pl.DataFrame) -> list[pl.Expr]:
    """Domains of the firm itself: those anybody may use say nothing."""
    anybody = free_mail["domain"].to_list()
    return [
        pl.when(~domain.is_in(anybody) & domain.str.contains(r"\.")).then(domain).alias(name)
        for name, domain in (("domain", _domain("website_domain")), ("mail_domain", _domain("email_domain")))
    ]


def _domain(column: str) -> pl.Expr:
    text = pl.col(column).str.to_lowercase().str.strip_chars(" .")
    return text.str.replace(r"^(?:[a-z]+://)?(?:[^/@]*@)?(?:www\d?\.)?", "").str.replace(r"[/:?#\s].*$", "")


def phone() -> pl.Expr:
    """The number within its country: no code, no leading zero, no extension."""
    first = pl.col("phone").str.to_lowercase().str.replace(r"[,;].*$", "").str.replace(EXTENSION, "")
    is_full = first.str.contains(r"^\D*(?:\+|00)")
    digits = first.str.replace(r"\(0\)", "").str.replace_all(r"\D", "").str.replace(r"^00", "")
    own = pl.col("country_code").replace_strict(OWN_CODE, default="?", return_dtype=pl.String)
    is_own = digits.str.starts_with(own) & (digits.str.len_chars() > 10)
    is_russian = digits.str.contains(r"^[78]\d{10}$") & pl.col("country_code").is_in(["RU", "KZ", "BY"])
    number = (
        pl.when(is_full).then(digits.str.replace(CALLING_CODE, ""))
        .when(is_russian).then(digits.str.slice(1))
        .when(is_own).then(digits.str.slice(own.str.len_chars()))
        .otherwise(digits)
        .str.strip_chars_start("0")
    )  # fmt: skip
    is_made_up = number.str.contains(r"^(?:0*|1+|2+|3+|4+|5+|6+|7+|8+|9+|1234567\d*)$")
    return pl.when((number.str.len_chars() >= 7) & ~is_made_up).then(number).alias("phone")


def street() -> pl.Expr:
    """Words and numbers of the street: ul. Nowa 2/4, Nowa 2 m. 4 and НОВА 2-4 are one."""
    text = latin(plain(pl.col("street").str.replace_all(r"(?i)(stra(?:ss|ß)e|str\.)", " ")))
    # 2 m. 4 is house and flat, 2 m is house 2m.
    numbers = text.str.replace_all(r"\b(\d+[a-z]?) [a-z] (\d)", "$1 $2")
    glued = numbers.str.replace_all(r"\b(\d+) ([a-z])\b", "$1$2")
    return _without(glued, STREET_WORDS, "street")


def city(common_words: pl.DataFrame) -> pl.Expr:
    """The town under one of its names: Moscow is Moskva."""
    names = common_words.filter(kind="city").select(latin(plain(pl.col("word"))), "means").unique("word", keep="first")
    return _without(latin(plain(pl.col("city"))), CITY_WORDS, "city").replace(dict(names.iter_rows()))


def region() -> pl.Expr:
    text = latin(plain(pl.col("region")))
    return pl.when(text != "").then(text).alias("region")


def postcode() -> pl.Expr:
    text = pl.col("postcode").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    return pl.when(text.str.contains(r"\d{3}|[A-Z]\d")).then(text).alias("postcode")


def _without(text: pl.Expr, words: str, name: str) -> pl.Expr:
    left = text.str.replace_all(words, "").str.replace_all(" +", " ").str.strip_chars()
    return pl.coalesce(pl.when(left != "").then(left), pl.when(text != "").then(text)).alias(name)
