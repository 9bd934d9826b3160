"""A reader in Warsaw and a reader in Moscow see all that a reader in London sees, in their own words and figures."""

import ast
import gettext
import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from dashboards import address, formats, languages, periods, stamp, words
from dashboards.pages import PAGES
from tests.paged import ROOT, figures, page, said

WORDS = ROOT / "dashboards/words"
LANGUAGES = ("en", "pl", "ru")
VIEWS = sorted(path.stem for path in (ROOT / "dashboards/views").glob("*.py"))
PLURALS = {
    "en": "n != 1",
    "pl": "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2",
    "ru": "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2",
}
# Words that are the same in both languages, and names.
ALIKE = {"P90: {days}", "31–60", "61–90", "DSO"}
SAME = {
    "pl": ALIKE
    | {"Segment", "Region", "Test", "Lead", "ERP", "CRM", "NBP", "CBR", "Status", "Plan", "Model", "Filtr"}
    | {"{n} lead", "e-mail", "Start", "Limit"},
    "ru": ALIKE,
}
NAMES = {"Salesforce", "HubSpot", "Pipedrive", "Livespace", "Business Central", "Comarch ERP XL", "enova365", "Tryton"}
NAMES |= {"SAP S/4HANA", "1C:Enterprise", "ERP", "CRM", "CSV", "Excel"}
CHOICES = {"period": periods.PERIODS, "comparison": periods.COMPARISONS}
# The English words of a measure are those of its mart, of a law those of its test.
ELSEWHERE = {"en": ("measure.", "test.")}
# What a program, a file or a firm is called.
LATIN = r"CRM|ERP|UTC|IT|DSO|CEI|ADD|WAPE|CM\d|DECISIONS|SOURCES|account_decisions\.csv|same|different|parent|II|III"
FILES = "figure_limits|targets|PDF|PNG|chromium"
LATIN = rf"\b(?:{LATIN}|python -m pipelines decide|Excel|CSV|SLA|OTIF|XmR|ABC|RFM|Pareto|e-mail|{FILES})\b"


def messages(language: str) -> dict[str, dict[str, list[str]]]:
    """The texts of each file of a language, every text with all its forms."""
    found = {}
    for path in sorted((WORDS / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            read = read_po(file, abort_invalid=True)
        found[path.name] = {_id(message): _forms(message) for message in read if message.id}
    return found


def _id(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def together(language: str) -> dict[str, list[str]]:
    return {code: forms for file in messages(language).values() for code, forms in file.items()}


ALL = {language: together(language) for language in LANGUAGES}
CODES = sorted(set().union(*ALL.values()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_a_text_that_another_has(language):
    lacking = [code for code in CODES if code not in ALL[language]]
    assert [code for code in lacking if not code.startswith(ELSEWHERE.get(language, "-"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_written_twice_in_a_file(language):
    assert [code for code, forms in ALL[language].items() if not all(form.strip() for form in forms)] == []
    for path in sorted((WORDS / language / "LC_MESSAGES").glob("*.po")):
        written = Counter(re.findall(r'^msgid "(.+)"$', path.read_text(), re.MULTILINE))
        assert [code for code, times in written.items() if times > 1] == [], path.name


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_a_translation_keeps_the_places_of_figures_and_the_marks(language):
    wrong = []
    for code, forms in ALL[language].items():
        english = ALL["en"].get(code)
        if english is None:
            continue
        if len(english) == 1:
            kept = [(places(form), marks(form)) for form in forms] == [(places(english[0]), marks(english[0]))]
        else:
            known = set().union(*map(places, english))
            kept = all(places(form) <= known and marks(form) in map(marks, english) for form in forms)
            kept = kept and set().union(*map(places, forms)) >= places(english[-1])
        if not kept:
            wrong.append(code)
    assert wrong == []


def places(text: str) -> set[str]:
    return set(re.findall(r"{\w*}", text))


def marks(text: str) -> tuple[int, ...]:
    """How often a text is bold, code, a link: what Markdown makes of it."""
    return tuple(text.count(mark) for mark in ("**", "`", "[", "](", "\\", "<", "⚠"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_counts_as_its_language_does(language):
    rule = gettext.c2py(PLURALS[language])
    for path in sorted((WORDS / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            read = read_po(file)
        assert str(read.locale) == language and read.num_plurals == len({rule(n) for n in range(200)}), path.name
        own = gettext.c2py(read.plural_expr)
        assert [n for n in range(1000) if own(n) != rule(n)] == [], path.name
        for message in read:
            plural = not isinstance(message.id, str)
            assert len(_forms(message)) == (read.num_plurals if plural else 1), message.id
            assert plural == (len(ALL["en"].get(_id(message), [""])) > 1) or not message.id, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_in_two_files_is_filled_the_same_way(language):
    """The later file's word counts: a sentence of another page's would lack what it is filled with."""
    known, wrong = {}, []
    for name, texts in messages(language).items():
        for code, forms in texts.items():
            filled = set().union(*map(places, forms))
            if known.setdefault(code, filled) != filled:
                wrong.append((name, code))
    assert wrong == []


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_no_english_is_left(language):
    allowed = SAME.get(language, set()) | NAMES
    left = []
    for code, forms in ALL[language].items():
        for form in forms:
            plain = re.sub(r"{\w*}|[^\w\s]", "", form).strip()
            if form in ALL["en"].get(code, ()) and plain and form not in allowed:
                left.append((code, form))
    assert left == []


def test_russian_is_written_in_its_own_letters():
    for code, forms in ALL["ru"].items():
        for form in forms:
            bare = re.sub(LATIN, "", re.sub(r"{\w*}|`[^`]*`", "", form))
            assert form in NAMES or not re.search(r"[A-Za-z]{2,}", bare), f"{code}: {form}"


def test_a_system_is_called_by_its_name_and_one_that_has_none_here_as_it_is_called_in_the_settings():
    assert [stamp.source(name) for name in ("comarch_xl", "hubspot@north", "zoho@north", "timesheets")] == [
        "Comarch ERP XL", "HubSpot (north)", "zoho (north)", "timesheets",
    ]  # fmt: skip


def test_polish_is_not_russian_and_not_cut_of_its_letters():
    texts = " ".join(form for forms in ALL["pl"].values() for form in forms)
    assert not re.search("[а-яё]", texts, re.IGNORECASE)
    for wrong in ("naleznosc", "zamowien", "platnos", "wartosc", "marza", "miesiac", "zrodl"):
        assert wrong not in texts.lower()


@pytest.mark.parametrize(
    ("language", "money", "day", "month", "share", "short"),
    [
        ("en", "1,234.56 PLN", "31 Oct 2026", "Oct 2026", "12.5%", "2.35M PLN"),
        ("pl", "1 234,56 PLN", "31 paź 2026", "paź 2026", "12,5%", "2,35 mln PLN"),
        ("ru", "1 234,56 PLN", "31 окт. 2026", "окт. 2026", "12,5 %", "2,35 млн PLN"),
    ],
)
def test_numbers_and_dates_are_written_as_the_reader_writes_them(language, money, day, month, share, short):
    with words.speaking(language):
        written = [formats.money(1234.56, "PLN", 2), formats.day(date(2026, 10, 31)), formats.month(date(2026, 10, 1))]
        written += [formats.percent(0.125), formats.short_money(2_350_000, "PLN")]
    assert [text.replace("\xa0", " ") for text in written[:3]] == [money, day, month]
    assert written[3].replace("\xa0", "") == share.replace(" ", "")
    assert written[4].replace("\xa0", " ") == short


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("pl", {1: "1 dzień", 2: "2 dni", 5: "5 dni", 15.5: "15,5 dnia", 22: "22 dni"}),
        ("ru", {-1: "-1 день", 1: "1 день", 2: "2 дня", 5: "5 дней", 11: "11 дней", 15.5: "15,5 дня", 21: "21 день"}),
    ],
)
def test_days_are_counted_as_the_reader_counts_them(language, told):
    with words.speaking(language):
        assert {value: formats.days(value) for value in told} == told


def test_a_bar_of_days_says_the_half_that_its_sentence_says():
    with words.speaking("pl"):
        told = [formats.part_days(value) for value in (10, 10.5, 11.5, Decimal("3.04"), None)]
    assert told == ["10", "10,5", "11,5", "3", formats.NONE]


def test_a_name_within_a_sentence_is_small_unless_it_is_an_abbreviation():
    assert [words.lowered(name) for name in ("От отгрузки", "NIP", "E-mail", "")] == [
        "от отгрузки",
        "NIP",
        "e-mail",
        "",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_writes_its_numbers_as_the_page_does(language):
    form = languages.of_charts(language)["locales"][language]["format"]
    with words.speaking(language):
        assert f"1{form['thousands']}234{form['decimal']}5" == formats.number(1234.5, 1)
    assert (len(form["months"]), len(form["shortMonths"]), len(form["days"])) == (12, 12, 7)
    assert form["days"][0] == {"en": "Sunday", "pl": "niedziela", "ru": "воскресенье"}[language]


@pytest.mark.parametrize("name", [*CHOICES, "counted", "shown"])
def test_a_label_in_an_address_means_one_thing_only(name):
    codes = CHOICES.get(name) or [code.split(".")[1] for code in CODES if re.fullmatch(rf"{name}\.\w+", code)]
    for code in codes:
        assert address.meant(code, name, codes) == code
        for language in LANGUAGES:
            assert address.meant(ALL[language][f"{name}.{code}"][0], name, codes) == code
    assert address.meant("Last quarter", "period", periods.PERIODS) == "last_quarter"
    assert address.meant("drop table", name, codes) is None


def opened(**query: str) -> AppTest:
    """The first page, opened at an address by a new reader."""
    app = AppTest.from_file(str(ROOT / "dashboards/app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app


def title(app: AppTest) -> str:
    return app.title[0].value


def first_question(language: str) -> str:
    with words.speaking(language):
        return words.text(f"page.{next(iter(PAGES))}.question")


def test_the_browser_makes_the_first_guess_and_the_address_wins(published):
    app = opened()
    app.context["locale"] = "ru-RU"
    assert title(app.run()) == first_question("ru")
    assert address_of(app, "lang") == ["ru"]
    asked = opened(lang="pl")
    asked.context["locale"] = "ru-RU"
    assert title(asked.run()) == first_question("pl")


def test_a_language_nobody_speaks_is_that_of_the_firm(published, monkeypatch):
    monkeypatch.setenv("LANG_DEFAULT", "pl")
    app = opened(lang="tlh")
    app.context["locale"] = "de-DE"
    assert title(app.run()) == first_question("pl")


@pytest.mark.parametrize("written", ["Last full quarter", "Ostatni pełny kwartał", "last_quarter", "Last quarter"])
def test_a_link_made_in_another_language_shows_the_same_view(published, written):
    app = page("funnel_to_cash", lang="ru", started=written, shown="Liczba")
    assert app.session_state["started"] == "last_quarter"
    assert app.session_state["shown"] == "count"
    with words.speaking("ru"):
        assert address_of(app, "started", "shown") == [words.text("period.last_quarter"), words.text("shown.count")]


def address_of(app: AppTest, *keys: str) -> list[str]:
    found = (app.query_params[key] for key in keys)
    return [value if isinstance(value, str) else value[-1] for value in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_has_one_heading_twice(language):
    """A table with two columns of one name cannot be drawn at all."""
    for path in sorted((ROOT / "dashboards").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            elements = node.elts if isinstance(node, ast.List | ast.Tuple) else []
            names = [part.value for part in elements if isinstance(part, ast.Constant)]
            if names and all(f"column.{name}" in ALL["en"] for name in names):
                said_of = [(ALL[language][f"column.{name}"][0], name.endswith("_amount")) for name in names]
                assert [one for one, times in Counter(said_of).items() if times > 1] == [], f"{path.name}: {names}"


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("language", ["pl", "ru"])
def test_every_page_draws_in_every_language(published, monkeypatch, language, name):
    told, missing = words.text, set()

    def heard(code, *others, **more):
        if not words.knows(code):
            missing.add(code)
        return told(code, *others, **more)

    monkeypatch.setattr(words, "text", heard)
    app = page(name, lang=language)
    assert not app.exception and not app.error
    assert not missing
    with words.speaking(language):
        assert title(app) == told(f"page.{name}.question")


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("language", ["pl", "ru"])
def test_a_page_says_nothing_in_english(published, language, name):
    app = page(name, lang=language)
    shown = [*figures(app), *said(app).split("\n"), *(text.value for text in [*app.subheader, *app.title])]
    shown += [widget.label for kind in (app.selectbox, app.multiselect, app.button, app.text_input) for widget in kind]
    english = {form for forms in ALL["en"].values() for form in forms if "{" not in form}
    own = {form for forms in ALL[language].values() for form in forms} | NAMES
    assert [text for text in shown if text.strip("*") in english - own] == []


def test_a_change_of_language_keeps_the_view(published):
    app = page("order_cycle_time", lang="pl")
    # What a reader sees is in Polish until the answer comes, and so is what the browser sends.
    with words.speaking("pl"):
        app.selectbox(key="period").set_value("last_quarter").run()
        before = figures(app)
        app.button_group(key=languages.SWITCH).set_value("ru").run()
    assert app.selectbox(key="period").value == "last_quarter"
    assert len(figures(app)) == len(before) and set(figures(app)) != set(before)
    with words.speaking("ru"):
        assert address_of(app, "period") == [words.text("period.last_quarter")]
