"""Tax ids as they are compared: the country's prefix and the number, if its checksum holds."""

import re
from functools import lru_cache

import polars as pl
from stdnum import get_cc_module
from stdnum.ch import uid
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr
from stdnum.pl import nip
from stdnum.ru import inn
from stdnum.ua import edrpou, rntrc

VALID, FAILS, NONE = "valid", "fails_checksum", "none"
UNION = {state.upper() for state in vat.MEMBER_STATES} | {"XI"}
PREFIXES = {"GR": "EL", "UK": "GB"}
# The Russian number of a branch stands behind the number of the firm.
WITH_BRANCH = re.compile(r"(?<!\d)(\d{10})\D{0,12}?(\d{4}[\dA-Z]{2}\d{3})(?!\d)")
LABEL = re.compile(
    r"^(NIP|VAT(\s*(ID|UE|EU|NO|NR|REG))*|UST-?ID(-?NR)?|TAX(\s*ID)?|DI[CČ]|I[CČ]\s*DPH|PVM|TVA|IVA|ИНН|INN|УНП|UNP|ЄДРПОУ|ЕГРПОУ|EDRPOU|TIN|EIN|PIB|БИН|BIN|ИИН|IIN)(?![A-Z0-9])[\s.:№#-]*"
)
# It fulfils the Polish checksum, and is what people type to get past it.
MADE_UP = {"1234563218", "1234567890", "123456789", "12345678", "0123456789", "9876543210", "987654321"}


def normalised(tax_id: str | None, country_code: str | None) -> tuple[str | None, str, str | None]:
    """The number with its prefix if it holds, its state, and the Russian branch if one is named."""
    text = (tax_id or "").upper().strip()
    if not text[:1].isdigit():
        text = LABEL.sub("", text)
    branch = WITH_BRANCH.search(text) if country_code in (None, "", "RU") else None
    plain = branch[1] if branch else re.sub(r"[^0-9A-Z]", "", text)
    if not any(letter.isdigit() for letter in plain):
        return None, NONE, None
    for country, number in _readings(plain, "RU" if branch else country_code):
        if found := _held(country, number):
            return found, VALID, branch and branch[2]
    return None, FAILS, None


def _readings(plain: str, country: str | None) -> list[tuple[str, str]]:
    """The countries a number may be of, the one it names itself first."""
    prefix, rest = PREFIXES.get(plain[:2], plain[:2]), plain[2:]
    country = PREFIXES.get(country or "", country or "")
    own = [(prefix, rest)] if prefix.isalpha() and (prefix == country or prefix in _known_prefixes()) else []
    if country:
        return [*own, (country, plain)]
    return own or ([("PL", plain), ("RU", plain)] if plain.isdigit() else [])


@lru_cache
def _known_prefixes() -> frozenset[str]:
    return frozenset(UNION | {"EL", "GB", "CH", "NO", "UA", "RU", "BY", "KZ", "RS", "TR", "IS", "MD", "GE", "US"})


def _held(country: str, number: str) -> str | None:
    digits = re.sub(r"\D", "", number)
    if number in MADE_UP or digits in MADE_UP or len(set(digits)) < 2:
        return None
    try:
        return country + CHECKS.get(country, _by_country)(country, number)
    except ValidationError:
        return None


def _by_country(country: str, number: str) -> str:
    if country in UNION or country == "EL":
        return _of_the_union(country, number)
    if module := _module(country):
        return module.validate(number)
    # By its form only; a word before the digits is free text.
    if re.fullmatch(r"[A-Z]{0,3}\d{7,17}", number) and len(set(re.sub(r"\D", "", number))) > 2:
        return number
    raise ValidationError


@lru_cache
def _module(country: str):
    return get_cc_module(country.lower(), "vat")


def _of_the_union(country: str, number: str) -> str:
    """Some write the number of the register, from which the tax id follows."""
    if country == "HU" and len(number) == 11:
        number = number[:8]
    if country == "SE" and len(number) == 10:
        number += "01"
    if country == "AT" and len(number) == 8:
        number = "U" + number
    return vat.validate(country + number)[2:]


def _polish(_: str, number: str) -> str:
    """Most numbers are Polish, and nip.validate takes five times as long over its cleaning as over its checksum."""
    if re.fullmatch(r"\d{10}", number) and nip.checksum(number) == 0:
        return number
    raise ValidationError


def _ukrainian(_: str, number: str) -> str:
    return edrpou.validate(number) if len(number) == 8 else rntrc.validate(number)


def _swiss(_: str, number: str) -> str:
    return uid.validate("CHE" + re.sub(r"\D", "", number))[2:]


def _kazakh(_: str, number: str) -> str:
    """The business or personal number; its law: https://adilet.zan.kz/rus/docs/Z070000223_"""
    if not re.fullmatch(r"\d{12}", number):
        raise ValidationError
    digits = [int(digit) for digit in number]
    for weights in ([*range(1, 12)], [*range(3, 12), 1, 2]):
        rest = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        if rest < 10:
            break
    if rest != digits[11]:
        raise ValidationError
    return number


CHECKS = {
    "PL": _polish,
    "RU": lambda _, number: inn.validate(number),
    "UA": _ukrainian,
    "CH": _swiss,
    "NO": lambda _, number: orgnr.validate(number.removesuffix("MVA")),
    "KZ": _kazakh,
}


def tax_fields(accounts: pl.DataFrame) -> pl.DataFrame:
    """One row per different pair of tax id and country: the number as it is compared, its state and its branch."""
    asked = accounts.select("tax_id", "country_code").filter(pl.col("tax_id").is_not_null()).unique()
    found = [normalised(tax_id, country) for tax_id, country in asked.iter_rows()]
    known = pl.DataFrame(
        found, schema={"tax_number": pl.String, "tax_id_state": pl.String, "branch": pl.String}, orient="row"
    )
    return asked.hstack(known)
