"""A tax id is evidence only if it can be one: with its country's prefix and a checksum that holds."""

import pytest
from test_names import fields

from pipelines.matching.tax_ids import normalised

RIGHT = [
    ("526-025-02-74", "PL", "PL5260250274"),
    ("PL 526 025 02 74", None, "PL5260250274"),
    ("NIP: 5260250274", "PL", "PL5260250274"),
    ("5260250274", None, "PL5260250274"),
    ("7707083893", None, "RU7707083893"),
    ("7707083893", "RU", "RU7707083893"),
    ("500100732259", "RU", "RU500100732259"),
    ("U12011204", "AT", "ATU12011204"),
    ("BE 403.019.261", None, "BE0403019261"),
    ("BG175074752", None, "BG175074752"),
    ("CZ25123891", None, "CZ25123891"),
    ("DE 136 695 976", None, "DE136695976"),
    ("DK13585628", None, "DK13585628"),
    ("EE100931558", None, "EE100931558"),
    ("GR094259216", None, "EL094259216"),
    ("094259216", "GR", "EL094259216"),
    ("54362315K", "ES", "ES54362315K"),
    ("FI20774740", None, "FI20774740"),
    ("FR 61 954 506 077", None, "FR61954506077"),
    ("HR33392005961", None, "HR33392005961"),
    ("12892312-2-41", "HU", "HU12892312"),
    ("IE6433435F", None, "IE6433435F"),
    ("IT00743110157", None, "IT00743110157"),
    ("LT119511515", None, "LT119511515"),
    ("LU15027442", None, "LU15027442"),
    ("LV40003521600", None, "LV40003521600"),
    ("MT11679112", None, "MT11679112"),
    ("NL004495445B01", None, "NL004495445B01"),
    ("PT501964843", None, "PT501964843"),
    ("18547290", "RO", "RO18547290"),
    ("556703-7485", "SE", "SE556703748501"),
    ("SI50223054", None, "SI50223054"),
    ("SK2022749619", None, "SK2022749619"),
    ("CY10259033P", None, "CY10259033P"),
    ("GB 980 7806 84", None, "GB980780684"),
    ("CHE-107.787.577 MWST", None, "CHE107787577"),
    ("NO 995 525 828 MVA", None, "NO995525828"),
    ("32855961", "UA", "UA32855961"),
    ("1759013776", "UA", "UA1759013776"),
    ("200988541", "BY", "BY200988541"),
    ("971240001315", "KZ", "KZ971240001315"),
    ("020240000555", "KZ", "KZ020240000555"),
]


@pytest.mark.parametrize(("written", "country", "number"), RIGHT)
def test_a_right_number_is_one_number_however_it_is_written(written, country, number):
    assert normalised(written, country) == (number, "valid", None)


# Of these countries one digit more or less always breaks the checksum.
MISTYPED = {"PL", "RU", "AT", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "HR", "HU", "IE", "IT", "LT", "LU", "PT", "SK"}


@pytest.mark.parametrize("number", sorted({right for _, _, right in RIGHT if right[:2] in MISTYPED}))
def test_a_mistyped_number_is_evidence_of_nothing(number):
    place = next(place for place in range(len(number) - 2, 0, -1) if number[place].isdigit())
    slip = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert normalised(slip, number[:2]) == (None, "fails_checksum", None)


@pytest.mark.parametrize(
    "number", ["0000000000", "1111111111", "PL1111111111", "DE111111111", "1234563218", "1234567890"]
)
def test_a_made_up_number_is_evidence_of_nothing(number):
    assert normalised(number, "PL") == (None, "fails_checksum", None)


@pytest.mark.parametrize("nothing", [None, "", "  ", "-", "brak", "n/a"])
def test_what_has_no_digit_is_no_number(nothing):
    assert normalised(nothing, "PL") == (None, "none", None)


@pytest.mark.parametrize(
    "written", ["7707083893/770701001", "7707083893 / 770701001", "ИНН 7707083893 КПП 770701001", "7707083893770701001"]
)
def test_a_russian_branch_stands_behind_the_number_of_its_firm(written):
    assert normalised(written, "RU") == ("RU7707083893", "valid", "770701001")


def test_ten_digits_of_no_country_that_fit_neither_poland_nor_russia_are_nothing():
    assert normalised("5260250275", None) == (None, "fails_checksum", None)


def test_a_polish_number_of_a_firm_abroad_is_not_taken_for_a_number_of_that_country():
    assert normalised("5260250274", "DE") == (None, "fails_checksum", None)
    assert normalised("PL5260250274", "DE") == ("PL5260250274", "valid", None)


@pytest.mark.parametrize(
    ("written", "country", "found"),
    [
        ("301 234 567", "UZ", ("UZ301234567", "valid", None)),
        ("1234", "UZ", (None, "fails_checksum", None)),
        ("7777777777", "UZ", (None, "fails_checksum", None)),
        ("exempt 2023", "US", (None, "fails_checksum", None)),
        ("see contract 12", "MD", (None, "fails_checksum", None)),
        ("0000001", "AM", (None, "fails_checksum", None)),
    ],
)
def test_a_number_of_a_country_without_known_law_is_taken_by_its_form(written, country, found):
    assert normalised(written, country) == found


def test_each_account_has_the_number_of_its_country():
    found = fields(
        tax_id=["5260250274", "5260250275", None, "7707083893/770701001", "094259216"],
        country_code=["pl", "PL", "PL", None, "GR"],
    )
    assert found["tax_id"].to_list() == ["PL5260250274", None, None, "RU7707083893", "EL094259216"]
    assert found["tax_id_state"].to_list() == ["valid", "fails_checksum", "none", "valid", "valid"]
    assert found["branch"].to_list() == [None, None, None, "770701001", None]
