"""Nothing of another's customers reaches a reader: not on a page, not by an address, not in a file, not by a cache."""

import ast
import shutil

import pytest
import small_warehouse as small

from dashboards import access, generation, warehouse
from dashboards.pages import PAGES
from tests import parameters
from tests.downloaded import offered
from tests.paged import page
from tests.test_access import OWNERS, RIGHTS

# What a reader must never read, by the one who signs in: names, keys and documents of the customers of others.
OTHERS = {
    "anna@firm.pl": ("Beta Garage", "Gamma Fleet", "HYPERLINK", "FV-2", "FV-3", "FV-4", "i1"),
    "jan@firm.pl": ("Gamma Fleet", "HYPERLINK", "FV-0", "FV-1", "FV-3", "FV-4"),
    "berlin@firm.pl": ("Gamma Fleet", "HYPERLINK", "FV-0", "FV-1", "FV-3", "FV-4"),
    "books@firm.pl": ("Anna",),
}
# Values that lead to what is not theirs, wherever an address takes them.
LEADS = ("beta", "gamma", "delta", "i1", "o-beta", "invoices|i1", "orders|o-beta", "business_central:beta", "Anna")
# Everything that is kept between two questions, and by what: nothing that rights decide is kept without them.
CURVES = ("total", "earners", "peak", "zones")
CACHES = {
    "access.readers": "the file and the moment it changed",
    "configuration.written": "nothing: what the firm has set",
    **{f"curves.{name}": "the curve itself, which is kept by who may see it" for name in CURVES},
    "facts._attempts": "the file, its size and the moment it changed: what refreshes did is for everybody",
    "formats._compact": "a number and a language",
    "formats._decimal": "a number and a language",
    "formats._share": "a number and a language",
    "generation.answer": "the statement and its values, and the rights are part of both",
    "generation.file": "a generation",
    "generation.named": "a file",
    "languages.of_charts": "a language",
    "questions.known": "nothing: names of files",
    "rubbish.kept_from": "the name of a page; there is no answer",
    "worked_out.answered": "a generation, a reader, a rate, a language, and what was asked for",
    "statements._columns": "a generation: names of columns are for everybody",
    "warehouse._catalogue": "a generation: definitions are for everybody",
    "words.catalogue": "a language",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    small.publish(folder, more=OWNERS)
    return folder


@pytest.fixture
def signs_in(data_dir, made, monkeypatch):
    shutil.copytree(made, data_dir, symlinks=True, dirs_exist_ok=True)
    (data_dir / "company").mkdir()
    (data_dir / "company/access.csv").write_text(RIGHTS)
    monkeypatch.setenv("LOGIN", "on")
    return lambda email: monkeypatch.setattr(access, "signed_in", lambda: email)


def sent(app) -> str:
    """Everything of a page that goes to the browser, charts and rows of tables included."""
    return "\n".join(str(node.proto) for node in app._tree if getattr(node, "proto", None) is not None)


def cached() -> set[str]:
    """Every function whose answers are kept, by module and name."""
    found = set()
    for path in parameters.SOURCES:
        module = path.parent.name if path.stem == "__init__" else path.stem
        for node in ast.walk(ast.parse(path.read_text())):
            marks = [ast.unparse(mark) for mark in getattr(node, "decorator_list", [])]
            if any("cache" in mark for mark in marks):
                found.add(f"{module}.{node.name}")
    return found


@pytest.mark.parametrize("emails", [("anna@firm.pl", "books@firm.pl"), pytest.param(OTHERS, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_each_reader_nothing_of_others_whoever_looked_before(signs_in, monkeypatch, name, emails):
    signs_in("boss@firm.pl")
    whole = sent(page(name))
    for email in emails:
        others = OTHERS[email]
        signs_in(email)
        with offered(monkeypatch) as files:
            text = sent(page(name))
        assert [other for other in others if other in text] == [], f"{name}, {email}"
        written = b"".join(file.bytes for file in files if file.name.endswith(".csv")).decode()
        assert [other for other in others if other in written] == [], f"files of {name}, {email}"
    signs_in("boss@firm.pl")
    assert len(sent(page(name))) > 0.8 * len(whole), "and who may see everything still does"


def test_what_is_looked_for_is_there_for_who_may_see_it(signs_in):
    signs_in("boss@firm.pl")
    found = "".join(sent(page(name)) for name in ("customer_profitability", "customer", "sales_and_prices"))
    assert [name for name in ("Beta Garage", "Gamma Fleet", "Anna") if name not in found] == []
    assert "FV-2" in sent(page("customer_profitability", customer="beta"))


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_no_address_leads_to_what_is_another_s(signs_in, monkeypatch, name):
    signs_in("boss@firm.pl")
    app = page(name)
    with parameters.read_along(monkeypatch) as (names, _):
        app.run()
    signs_in("anna@firm.pl")
    app = page(name)
    for parameter in sorted(names & parameters.clicks()):
        for value in LEADS:
            app.query_params[parameter] = value
            app.run()
            assert not app.error and not app.exception, f"?{parameter}={value}"
            text = sent(app)
            shown = [other for other in OTHERS["anna@firm.pl"] if other in text and other not in value]
            assert shown == [], f"{name}?{parameter}={value}"
            del app.query_params[parameter]


def test_the_page_of_a_customer_says_nothing_of_one_of_another_s(signs_in):
    for email, mine, other in (("anna@firm.pl", "alfa", "beta"), ("jan@firm.pl", "beta", "alfa")):
        signs_in(email)
        assert len(page("customer", customer=mine).metric) > 0
        refused = page("customer", customer=other)
        assert not refused.metric and not refused.error
        name = {"beta": "Beta Garage", "alfa": "Alfa Parts"}[other]
        assert name not in sent(refused)


def test_everything_that_is_kept_is_kept_by_what_decides_it():
    assert cached() == set(CACHES), "say by what it is kept, and prove that no reader gets another's"


def test_the_same_question_of_two_readers_is_two_statements(signs_in, monkeypatch):
    asked, answer = {}, generation.answer
    for email in ("boss@firm.pl", "anna@firm.pl", "jan@firm.pl", "books@firm.pl", "berlin@firm.pl"):
        signs_in(email)

        def heard(*given, email=email):
            asked.setdefault(email, []).append(given)
            return answer(*given)

        heard.cache_clear = answer.cache_clear
        monkeypatch.setattr(generation, "answer", heard)
        warehouse.rows("customer_profitability")
        asked[email] = asked[email][-1]
    assert len(set(asked.values())) == len(asked), "an answer kept for one is found by that one only"


def test_questions_and_an_assistant_read_the_whole_file_and_the_manual_says_so(signs_in):
    """They are started by who may read the file itself: nobody signs in to them, and no page leads to them."""
    signs_in("anna@firm.pl")
    assistant = pytest.importorskip("dashboards.assistant", reason="make assistant installs what it needs")
    answer = assistant.query("select sum(revenue_amount) as revenue from marts.profitability_lines")
    assert answer["rows"] == [{"revenue": "2610"}] or float(answer["rows"][0]["revenue"]) == 2610
    manual = " ".join((small.ROOT / "README.md").read_text().split())
    assert "are for who may read the whole file" in manual
    pages = [path.read_text() for path in parameters.SOURCES if path.stem not in ("assistant", "__main__", "notebook")]
    assert not any("questions" in imported for text in pages for imported in _imports(text))


def _imports(text: str) -> list[str]:
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    return [alias.name for node in found for alias in node.names] + [node.module or "" for node in found]
