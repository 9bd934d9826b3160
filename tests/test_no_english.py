"""A Polish and a Russian page say nothing in English: neither a text of ours nor the code of one."""

import re
from functools import cache
from pathlib import Path

import pytest
import small_warehouse as small

from dashboards import generation, warehouse, words
from tests.paged import ROOT, page
from tests.spoken import cells, texts
from tests.test_languages import ALL

VIEWS = sorted(path.stem for path in (ROOT / "dashboards/views").glob("*.py"))
# Columns of what people wrote into the systems: names, numbers, words of their own lists.
WRITTEN = "name|number|sku|segment|category|stage|city|street|warehouse|pool|activity|channel|country|region|currency"
WRITTEN = rf"({WRITTEN}|domain)(_code|_name)?$|[._]key$|lost_reason$|value$|reference$|unit$|pipeline$"
WRITTEN = rf"{WRITTEN}|^quotes\.status$|^tickets\.reason$"
# What a program finds its things by: shown as it is, to those who look after it.
TECHNICAL = {"test", "model", "column_name", "formula", "record_key", "other_record_key", "refresh_id"}
# Names of systems, of methods, of files and of money that no language translates.
KNOWN = {
    "Salesforce", "Business", "Central", "CRM", "ERP", "CSV", "Excel", "DSO", "CEI", "ADD", "WAPE", "OTIF", "XmR",
    "ABC", "RFM", "Pareto", "SLA", "SQL", "UTC", "NBP", "CBR", "ECB", "III", "II", "figure_limits",
    "csv", "PLN", "EUR", "SO",
    "PL", "RU", "EN",
}  # fmt: skip
# A tile is 146 pixels wide inside, a letter of its label 6.6 on average, as measured: a word that is wider is cut,
# and of more than three lines the figure slides out of sight.
LETTERS_WIDE, LETTERS_IN_ALL = 22, 3 * 18
# Streamlit and the browser fill these in themselves.
OWN = {"off", "nan"}


@pytest.fixture(scope="module")
def firm(small_firm):
    """The firm of the sandbox, whose pages all have something to show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(small_firm.folder))
        yield small_firm
        generation.close()


@cache
def data_words(folder: Path) -> frozenset[str]:
    """The words of the firm's own data."""
    query = "select table_schema, table_name, column_name from information_schema.columns where data_type = 'VARCHAR'"
    found = set()
    for schema, table, column in warehouse.query(query).iter_rows():
        if schema in ("canonical", "marts") and re.search(WRITTEN, f"{table}.{column}"):
            read = warehouse.query(" ".join(("select distinct", f'"{column}" as said from', f'{schema}."{table}"')))
            found |= {word for text in read["said"].drop_nulls() for word in letters(text)}
    return frozenset(found)


def letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def plain(text: str) -> str:
    """A text without the formulas, addresses and names of columns in it, and without what its marks become."""
    return re.sub(
        r"\w+…|`[^`]*`|[a-z_]+\.[a-z_]+:|\]\([^)]*\)|https?://\S+|:[a-z-]+\[|:material/\w+:|%\{[^}]*\}|<[^>]*>|\\",
        " ",
        text,
    )


@cache
def english() -> frozenset[str]:
    """Words that only English sentences of ours have."""
    said = [form for forms in ALL["en"].values() for form in forms]
    for model in small.marts():
        for measure in model.get("config", {}).get("meta", {}).get("measures", []):
            said += [measure.get(name) or "" for name in ("label", "description", "exclusions")]
    return frozenset(word.lower() for text in said for word in letters(re.sub(r"{\w*}|`[^`]*`", " ", text)))


@cache
def own(language: str) -> frozenset[str]:
    return frozenset(word.lower() for forms in ALL[language].values() for form in forms for word in letters(form))


def foreign(text: str, language: str, known: frozenset[str]) -> list[str]:
    """The words of a text that its language does not have, and codes shown as they are."""
    text = plain(text)
    codes = [code for code in re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", text) if code not in KNOWN]
    found = [word for word in letters(text) if len(word) > 1 and word not in KNOWN | OWN and word not in known]
    if language == "ru":
        return codes + [word for word in found if re.search("[A-Za-z]", word) and word.lower() not in own("ru")]
    return codes + [word for word in found if word.lower() in english() - own("pl")]


def addresses(name: str) -> list[dict]:
    """A page as it opens, and as a click leaves it."""
    if name == "customer":
        most = warehouse.rows("customer_standing", order="revenue_amount", limit=1)
        return [{}, {"customer": most["customer_key"][0]}]
    if name == "trust":
        sections = ("exceptions", "sources", "attempts", "tests", "meanings")
        return [
            {},
            *({"section": name} for name in sections),
            *({"exception": code} for code in warehouse.choices("exceptions", "code")),
        ]
    return [{}]


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("language", ["pl", "ru"])
def test_nothing_on_a_page_is_english(firm, language, name):
    known, wrong = data_words(firm.folder), {}
    for address in addresses(name):
        app = page(name, lang=language, **address)
        assert not app.exception and not app.error
        assert [metric.label for metric in app.metric if overflows(metric.label)] == []
        shown = [*texts(app), *((f"cell.{at}", text) for at, text in cells(app) if at not in TECHNICAL)]
        assert len(shown) > 20, "The page is empty: nothing was looked at."
        for place, text in shown:
            if said := foreign(text, language, known):
                wrong[place, text[:200]] = said
    assert wrong == {}


def overflows(label: str) -> bool:
    return len(label) > LETTERS_IN_ALL or max(map(len, label.split()), default=0) > LETTERS_WIDE


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_every_figure_explains_itself(language):
    """Where its words are missing, those of its mart are shown: in English."""
    lacking = []
    for model in small.marts():
        for measure in model.get("config", {}).get("meta", {}).get("measures", []):
            given = {"": "label", ".description": "description", ".exclusions": "exclusions"}
            codes = (f"measure.{measure['name']}{end}" for end, name in given.items() if measure.get(name))
            lacking += [code for code in codes if code not in ALL[language]]
    assert lacking == []


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_every_law_of_the_warehouse_is_told(language):
    laws = [path.stem for path in (ROOT / "dbt_project/tests").rglob("*.sql") if path.parent.name != "generic"]
    assert laws and [law for law in laws if f"test.{law}" not in ALL[language]] == []


def test_a_word_of_english_is_found():
    """The guard itself: what it must not let through."""
    with words.speaking("pl"):
        assert foreign("Marża is never empty", "pl", frozenset()) and foreign("w toku: in_progress", "pl", frozenset())
    assert overflows("Należnościprzeterminowanewcałości") and not overflows("Należności przeterminowane")
    assert foreign("Выручка net", "ru", frozenset()) == ["net"] and not foreign("Salesforce: 5", "ru", frozenset())
