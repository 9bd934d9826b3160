"""What two systems call one firm is found to be one name, and two firms stay two."""

import os
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.matching.fields import compared
from pipelines.matching.names import similarity_sql

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data") / "er_company_names"
SEEDS = [
    pl.read_csv(ROOT / "dbt_project" / "seeds" / f"{seed}.csv", infer_schema=False)
    for seed in ("legal_forms", "common_words", "free_mail_domains")
]
# Names that agree like this may be proposed for their names alone.
SURE = ["same", "same_words", "nearly"]
OTHERS = ("tax_id", "country_code", "region", "website_domain", "email_domain", "phone", "street", "postcode", "city")


def fields(**columns: list[str | None]) -> pl.DataFrame:
    """The accounts of these names and other columns as they are compared."""
    count = len(next(iter(columns.values())))
    absent = {name: [None] * count for name in OTHERS}
    given = {"account_key": [str(number) for number in range(count)], "name": ["x"] * count} | absent | columns
    schema = dict.fromkeys(["account_key", "source", "name", *OTHERS], pl.String)
    return compared(pl.DataFrame(given | {"source": ["crm"] * count}, schema=schema), *SEEDS)


def with_levels(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs of name1 and name2 with the level at which the two agree, and whether their legal forms differ."""
    names = fields(name=pl.concat([pairs["name1"], pairs["name2"]]).unique(maintain_order=True).to_list())
    names = names.with_columns(written=pl.concat([pairs["name1"], pairs["name2"]]).unique(maintain_order=True))
    cases = " ".join(f"when {condition} then '{level}'" for level, condition in similarity_sql("l.{}", "r.{}"))
    with duckdb.connect() as connection:
        connection.register("names", names.to_arrow())
        connection.register("pairs", pairs.to_arrow())
        levels = f"case {cases} else 'differs' end as level, l.legal_form <> r.legal_form as other_form"
        return connection.sql(
            f"select pairs.*, {levels} from pairs"  # noqa: S608
            " inner join names as l on l.written = name1 inner join names as r on r.written = name2"
        ).pl()


def level(one: str, other: str) -> str:
    return with_levels(pl.DataFrame({"name1": [one], "name2": [other]}))["level"].item()


def cores(*names: str) -> list[str]:
    return fields(name=list(names))["name_core"].to_list()


@pytest.mark.parametrize(
    "spellings",
    [
        ("ABC Sp. z o.o.", "ABC-SZOOO", "A.B.C. spółka z ograniczoną odpowiedzialnością", "abc sp.z o.o.", "ABC Spzoo"),
        (
            "ООО Ромашка",
            'ООО "Ромашка"',
            "Общество с ограниченной ответственностью «Ромашка»",
            "OOO Romashka",
            "OОО Рoмaшкa",
        ),
        ("Siemens AG", "SiemensAG", "Siemens Aktiengesellschaft", "SIEMENS A.G."),
        ("Kowalski i Nowak sp. j.", "Kowalski & Nowak spółka jawna", "Kowalski and Nowak S.J."),
        ("P.P.H.U. Kowalski", "PPHU Kowalski", "Przedsiębiorstwo Produkcyjno-Handlowo-Usługowe Kowalski"),
        ("ТОВ «Об'єднання»", "Товариство з обмеженою відповідальністю Обʼєднання"),
        ("UAB Baltic Trade", "Baltic Trade, UAB", "Uždaroji akcinė bendrovė „Baltic Trade“"),
        ("Weber GmbH & Co. KG", "Weber GmbH und Co KG", "Weber GmbH&Co.KG"),
        ("Novák s.r.o.", "Novak spol. s r.o.", "NOVÁK, společnost s ručením omezeným"),
        ("上海电气股份有限公司", "上海电气"),
        ("First Bank Int'l", "1st Bank International"),
        ("BUDEX s.c. Jan i Anna Nowak", "Budex Jan, Anna Nowak S.C.", "BUDEX S.C. JAN & ANNA NOWAK"),
        ("Bain Capital Fund III L.P.", "Bain Capital Fund 3 LP"),
    ],
    ids=lambda spellings: spellings[0],
)
def test_one_firm_spelled_differently_has_one_name(spellings):
    assert set(cores(*spellings)) == {cores(spellings[0])[0]}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ABC-SZOOO", "llc"),
        ("ООО Ромашка", "llc"),
        ("ПАО «Газпром»", "joint_stock"),
        ("ИП Иванов И.И.", "sole_trader"),
        ("Müller GmbH & Co. KG", "partnership"),
        ("Müller GmbH", "llc"),
        ("Spółka z o.o. Wiosna spółka komandytowa", "partnership"),
        ("A/S Norsk", "joint_stock"),
        ("Tartu Mill OÜ", "llc"),
        ("Škoda Auto a.s.", "joint_stock"),
        ("Kovács Kft.", "llc"),
        ("Jansen B.V.", "llc"),
        ("Smith & Sons Ltd", "llc"),
        ("Fiat S.p.A.", "joint_stock"),
        ("Kowalski", None),
        ("Management Company", None),
    ],
)
def test_the_legal_form_is_a_class_of_every_country(name, form):
    assert fields(name=[name])["legal_form"].item() == form


@pytest.mark.parametrize(
    "name", ["Trading S.A.", "ООО Торговый дом", "Management Company", "Handel Usługi", "AS", "The The", "МБУ", "I"]
)
def test_a_name_of_nothing_but_common_words_and_forms_keeps_something(name):
    cleaned = fields(name=[name]).row(0, named=True)
    assert cleaned["name_core"] and cleaned["name_rare"]


def test_firms_in_other_scripts_stay_themselves():
    names = [
        "ООО Байкал",
        "ООО Бай",
        "ООО Базо",
        "上海电气",
        "上海电力",
        "شركة النفط",
        "شركة الغاز",
        "日産自動車",
        "Ελλάδα",
    ]
    assert len(set(cores(*names))) == len(names)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Jan Kowalski", "Kowalski Jan", "same_words"),
        ("Van der Bilt Corp", "Vanderbilt Corp", "same_words"),
        ("Müller GmbH", "Mueller GmbH", "same_words"),
        ("ООО Химпром", "Himprom OOO", "same_words"),
        ("Ярославский завод", "Jaroslavskij zawod", "same_words"),
        ("Щукин и сыновья", "Schukin i synovia", "same_words"),
        ("Olejki Grabowski", "Oljeki Grabowski", "nearly"),
        ("Transport Kowalczyk", "Transport Kowalcyzk", "nearly"),
        ("Nowak", "Nowak Transport", "similar"),
        ("Deutsche Bank (Schweiz) AG", "Deutsche Bank AG", "similar"),
        ("People's Liberation Army", "PLA", "similar"),
        ("Nordring Autoteile 4", "Nordring Autoteile 2", "differs"),
        ("Apollo Investment Fund VIII L.P.", "Apollo Investment Fund IX L.P.", "differs"),
        ("Auto Mix Mazur", "Auto Max Mazur", "differs"),
        ("China Construction Bank", "China Construction Trust", "differs"),
        ("Bank of China (Hong Kong) Limited", "Bank of China (Singapore) Limited", "differs"),
        ("ООО БАЙ", "ООО БАЙКАЛ", "differs"),
        ("ABC", "ABD", "differs"),
    ],
)
def test_a_slip_is_a_slip_and_another_number_or_common_word_is_another_firm(one, other, found):
    assert (level(one, other), level(other, one)) == (found, found)


def test_what_anybody_has_is_no_evidence():
    found = fields(
        website_domain=["https://www.ABC.pl/kontakt", "facebook.com", None],
        email_domain=["abc.pl", "GMAIL.com", "wp.pl"],
        phone=["000 000 000", "123456789", "12"],
    )
    assert found["domain"].to_list() == ["abc.pl", None, None]
    assert found["mail_domain"].to_list() == ["abc.pl", None, None]
    assert found["phone"].to_list() == [None, None, None]


def test_one_telephone_number_is_one_however_it_is_written():
    polish = ["+48 22 123-45-78", "0048221234578", "22 123 45 78 wew. 12", "(22) 1234578", "48221234578", "022 1234578"]
    russian = ["8 (495) 123-45-67", "+7 495 123 45 67 доб. 8", "74951234567", "495 1234567"]
    found = fields(phone=polish + russian, country_code=["PL"] * len(polish) + ["RU"] * len(russian))
    assert found["phone"].to_list() == ["221234578"] * len(polish) + ["4951234567"] * len(russian)


def test_one_address_is_one_however_it_is_written():
    found = fields(
        street=["ul. Łąkowa 2/4", "Łąkowa 2 m. 4", "ŁĄKOWA 2-4", "Hauptstraße 5 A", "Hauptstr. 5a", "ул. Ленина, д. 5"],
        city=["Łódź", "ŁÓDŹ", "łódź", "Köln", "Koln", "г. Тверь"],
        postcode=["90-001", "90001", "90 001", None, "brak", "170000"],
    )
    assert found["street"].to_list() == ["lakowa 2 4"] * 3 + ["haupt 5a"] * 2 + ["lenina 5"]
    assert found["city"].to_list() == ["lodz"] * 3 + ["koln"] * 2 + ["tver"]
    assert found["postcode"].to_list() == ["90001"] * 3 + [None, None, "170000"]


def test_a_town_has_one_name():
    found = fields(city=["Москва", "Moscow", "Moskau", "Warsaw", "WARSZAWA", "Kyiv", "Київ", "Киев", "Tychy"])
    assert found["city"].to_list() == ["moskva"] * 3 + ["warszawa"] * 2 + ["kiev"] * 3 + ["tychy"]


def labelled(file: str, columns: str, where: str = "true") -> pl.DataFrame:
    if not DATA.is_dir():
        pytest.skip("the shared data is not here: set SHARED_DATA to its folder")
    with duckdb.connect() as connection:
        return connection.sql(
            f"select {columns} from read_csv('{DATA / file}', all_varchar = true) where {where}"  # noqa: S608
        ).pl()


def test_names_alone_propose_nine_right_pairs_in_ten_of_three_in_four_that_exist():
    pairs = labelled(
        "nomenklatura_name_cases.csv",
        "name1, name2, is_match = 'true' as is_match",
        "schema in ('Company', 'Organization', 'LegalEntity')"
        " qualify count(distinct is_match) over (partition by least(name1, name2), greatest(name1, name2)) = 1",
    )
    found = with_levels(pairs).filter(~pl.col("other_form").fill_null(False))
    assert (pairs.height, pairs["is_match"].sum()) == (264, 170)
    for levels, precision, recall in ((SURE, 0.98, 0.74), ([*SURE, "similar"], 0.90, 0.80)):
        proposed = found.filter(pl.col("level").is_in(levels))["is_match"]
        assert proposed.mean() >= precision, f"{levels}: {(~proposed).sum()} of {len(proposed)} pairs are wrong"
        assert proposed.sum() / 170 >= recall, f"{levels}: {proposed.sum()} of 170 pairs are found"


def test_of_the_dutch_register_names_that_differ_are_not_proposed():
    pairs = labelled("emm_kvk_name_pairs.csv", "name as name1, gt_name as name2, correct = 'True' as is_match")
    found = with_levels(pairs)
    assert found.filter(pl.col("level").is_in(SURE), ~pl.col("is_match")).height == 0
    assert found.filter(pl.col("level") != "differs", "is_match").height >= 8
