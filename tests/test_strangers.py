"""Whatever a stranger writes into an address is compared, never run: nothing is found, and nothing breaks."""

import pytest

from dashboards import generation, warehouse
from dashboards.pages import PAGES
from tests import parameters
from tests.paged import page

UNKNOWN = "nobodyatall"
CORPUS = (
    "x' or 1=1 --",
    "x' or '1'='1",
    '" or ""="',
    "') or true or ('",
    "'; drop table marts.measures; --",
    "x' union select * from marts.profitability_lines --",
    "x' union all select null, null, null /*",
    "x') or (select count(*) from read_text('/etc/passwd')) > 0 --",
    "/**/or/**/1=1#",
    "’ or ’1’=’1", "ʼ or 1=1", "＇ or 1=1 －－", "%a%", "_ _", "%27%20or%201=1", "%00", "x\x00y", "x\ny\r\n\tz",
    "$1 ? :name", "{0} {secret.__class__} {{", "%s %(x)d %n", "${7*7} {{7*7}} #{7*7}", "\\' \\\\ \\x27",
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "[x](javascript:alert(1)) :red[y] $\\frac$ `code`",
    "=HYPERLINK(\"http://example.invalid\")", "+1+1", "-2", "@SUM(A1)", "../../etc/passwd", "null", "None", "NaN",
    "1e999", "-1", "99999999999999999999", "2026-02-30", "0000-00-00", "9999-12-31:999", "|", "a|b|c", ":", "won:",
    "\u202egnp.exe", "\ud7ff\uffff", "🙂" * 50, "A" * 20_000,
)  # fmt: skip
# Everything that ends a string, a comment, a number, a template or a line somewhere, in one address.
ALL_IN_ONE = "x'\"`) or 1=1 union select * from marts.measures; -- /* %00 \x00 {0} {a.b} $1 ? \\ <b>:[z](y) =1\n|:.’＇"
SHAPES = {
    "metric": lambda found: (found.label, found.value),
    "dataframe": lambda found: found.value.shape,
    "plotly_chart": lambda found: len(found.proto.spec),
    "download_button": lambda found: found.proto.label,
}


@pytest.fixture
def firm(small_firm, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(small_firm.folder))
    yield small_firm
    generation.close()


def asked(app, page_name: str, name: str, value: str):
    """The same page at an address that says nothing but this."""
    app.query_params.clear()
    for known, said in ({"lang": "en"} | needed(page_name) | {name: value}).items():
        app.query_params[known] = said
    return app.run()


def shown(app) -> dict[str, list]:
    """What there is on a page: its tiles, how long its tables are, its charts, its files."""
    return {kind: [told(found) for found in app.get(kind)] for kind, told in SHAPES.items()}


def sound(app, name: str, value: str) -> None:
    """No error of any kind, nothing of the inside, and the page is there to its last line."""
    where = f"?{name}={value[:60]!r}"
    assert not app.error and not app.exception, where
    assert any("page-drawn" in html.proto.body for html in app.get("html")), where
    texts = [found.value for found in (*app.markdown, *app.caption, *app.info, *app.warning)]
    assert not any("Traceback" in text or "duckdb." in text or "BinderException" in text for text in texts), where


@pytest.fixture(scope="module")
def reached(small_firm) -> dict[str, tuple[set[str], set[parameters.Site]]]:
    """Every name that a page reads, and every choice it draws: some only when another says something."""
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATA_DIR", str(small_firm.folder))
        for name in PAGES:
            app, tried = begun(name), set()
            with parameters.read_along(patched) as (names, sites):
                app.run()
                asked(app, name, "period", "custom")
                asked(app, name, "section", "meanings")
                while fresh := names - tried - {"lang"}:
                    for parameter in sorted(fresh):
                        tried.add(parameter)
                        asked(app, name, parameter, UNKNOWN)
            found[name] = names - {"lang"}, sites
    generation.close()
    return found


def begun(name: str):
    return page(name, **needed(name))


def needed(name: str) -> dict[str, str]:
    """What the address of a page must say for it to show anything."""
    if name != "customer":
        return {}
    return {"customer": warehouse.query("select max(customer_key) from marts.customer_profitability").item()}


@pytest.fixture
def statements(monkeypatch):
    """Every statement that goes to the file, and the values beside it."""
    found, answer = [], generation.answer
    kept = {"cache_clear": answer.cache_clear}

    def heard(name, statement, given, *order):
        found.append((statement, given))
        return answer(name, statement, given, *order)

    heard.cache_clear = kept["cache_clear"]
    monkeypatch.setattr(generation, "answer", heard)
    return found


def same_as_unknown(app, page_name: str, name: str, value: str, statements) -> None:
    """A value is looked up as it is, and found as little as a word that nobody knows."""
    statements.clear()
    expected = shown(asked(app, page_name, name, UNKNOWN))
    known = {text for text, _ in statements}
    statements.clear()
    asked(app, page_name, name, value)
    sound(app, name, value)
    # A word of SQL is in every statement; what it must not do is make another one.
    made = {text for text, _ in statements} - known
    assert not [text for text in made if value in text], f"?{name}= became part of a statement"
    assert shown(app) == expected, f"?{name}={value[:60]!r} is not the same as what nobody knows"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_whose_whole_address_a_stranger_wrote_is_drawn(firm, monkeypatch, statements, name):
    with parameters.read_along(monkeypatch) as (names, _):
        app = begun(name)
    for parameter in sorted((names | parameters.clicks()) - {"lang", *needed(name)}):
        app.query_params[parameter] = ALL_IN_ONE
    statements.clear()
    app.run()
    sound(app, "all of them", ALL_IN_ONE)
    assert not [text for text, _ in statements if ALL_IN_ONE in text]


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_what_is_in_an_address_is_looked_up_as_it_is_written(firm, reached, statements, name):
    app = begun(name)
    for parameter in sorted(reached[name][0]):
        same_as_unknown(app, name, parameter, ALL_IN_ONE, statements)


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_every_string_of_the_corpus_is_looked_up_as_it_is_written(firm, reached, statements, name):
    app, names = begun(name), sorted(reached[name][0])
    for at, value in enumerate(CORPUS):
        same_as_unknown(app, name, names[at % len(names)], value, statements)


@pytest.mark.long
def test_no_parameter_and_no_choice_of_any_page_is_left_out(reached):
    names = set().union(*(names for names, _ in reached.values()))
    sites = set().union(*(sites for _, sites in reached.values()))
    assert parameters.clicks() - names == set(), "no page reads these when only unknown values are in the address"
    assert parameters.choices() - sites == set(), "these choices are drawn on no page"
    assert {"customer", "period", "comparison", "q", "sought", "dates"} - names == set()
