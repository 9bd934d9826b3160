"""A figure is the same number wherever it stands: tile, table, file, question, assistant, the file beside the file."""

import io
import re
from decimal import Decimal

import duckdb
import polars as pl
import pytest
import small_warehouse as small

from dashboards import facts, formats, generation, panels, tiles, warehouse, words
from dashboards.pages import PAGES
from tests.downloaded import Book, offered
from tests.paged import page

# What the short forms of numbers stand for, in every language.
SHORT = {"K": 1e3, "M": 1e6, "B": 1e9, "tys.": 1e3, "mln": 1e6, "mld": 1e9, "тыс.": 1e3, "млн": 1e6, "млрд": 1e9}
# Half of the last digit that each unit is written with; a short form has two digits more.
HALF = {"percent": 0.0005, "days": 0.05}
ADDITIVE = re.compile(r"sum\([a-z_]+\)|count\(\*\)")


@pytest.fixture(scope="module")
def firm(small_firm):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATA_DIR", str(small_firm.folder))
        generation.close()
        yield small_firm
    generation.close()


def defined() -> dict[str, tuple[str, dict]]:
    """Every measure as the project's files define it, with the mart it is of."""
    return {
        measure["name"]: (model["name"], measure)
        for model in small.marts()
        for measure in model.get("config", {}).get("meta", {}).get("measures", [])
    }


def by_hand(measure: dict, table: str) -> str:
    """The formula as one would type it, without anything of the pages."""
    formula = measure.get("expression") or f"({measure['numerator']}) / nullif({measure['denominator']}, 0)"
    return " ".join(("select", formula, "from", table, "where", measure.get("filter") or "true"))


def same(left, right) -> bool:
    """Money and counts to the last digit; what is divided or ranked may differ in the tenth."""
    if left is None or right is None:
        return left is right
    if isinstance(left, float) or isinstance(right, float):
        return float(left) == pytest.approx(float(right), rel=1e-9, abs=1e-9)
    return Decimal(left) == Decimal(right)


def test_every_measure_is_one_number_in_every_way_of_asking(firm):
    assistant = pytest.importorskip("dashboards.assistant", reason="make assistant installs what it needs")
    measures = defined()
    with duckdb.connect(str(firm.warehouse), read_only=True) as plain:
        typed = {
            name: plain.sql(by_hand(row, f"marts.{mart}")).fetchall()[0][0] for name, (mart, row) in measures.items()
        }
    parquet = firm.warehouse.parent / "parquet"
    told = {row["measure"]: row for row in assistant.measures()}
    assert set(measures) == set(warehouse.catalogue()) == set(told)
    for name, (mart, row) in measures.items():
        value, beside_it = typed[name], "revenue" if name != "revenue" else "cm1"
        beside = duckdb.sql(by_hand(row, f"'{parquet / mart}.parquet'")).fetchall()[0][0]
        assert same(value, beside), f"{name}: {value} in the file, {beside} in Parquet"
        assert same(value, warehouse.figure(name)), name
        assert same(value, warehouse.measure((name, beside_it))[name][0]), f"{name} beside another measure"
        formula = warehouse.formula(told[name])
        asked = f"select {formula} as value from {told[name]['mart']} where {told[name]['filter'] or 'true'}"  # noqa: S608
        asked = asked.replace("from ", "from marts.", 1) if "." not in told[name]["mart"] else asked
        [answer] = assistant.query(asked)["rows"]
        assert same(value, _number(answer["value"], value)), f"{name}: the assistant says {answer['value']}"
    assert sum(value is not None for value in typed.values()) > 0.6 * len(typed), "most of them are about something"


def _number(answer, like):
    """Money comes as text, to the cent."""
    return type(like)(answer) if isinstance(answer, str) else answer


def test_a_sum_is_the_sum_of_its_groups_whatever_it_is_grouped_by(firm):
    tried = 0
    for name, (mart, row) in defined().items():
        if not ADDITIVE.fullmatch(row.get("expression") or ""):
            continue
        whole = warehouse.figure(name)
        kinds = [column for column, kind in warehouse.columns(mart).items() if kind in ("VARCHAR", "DATE")]
        for column in kinds[1:6]:
            parts = warehouse.measure(name, {"part": column})[name]
            assert same(whole or 0, parts.sum() or 0), f"{name} by {column}"
            tried += 1
    assert tried > 50


def parsed(text: str, currency: str) -> tuple[float, float]:
    """A number as a reader understands it, and half of its last digit."""
    text = text.replace(currency, "").strip().replace("\u2212", "-")
    factor = next((SHORT[word] for word in SHORT if re.search(rf"(?<=[\d\s\u00a0]){re.escape(word)}$", text)), 1.0)
    digits = re.sub(r"[^\d.,\-]", "", next(iter(re.findall(r"-?\d[\d\s\u00a0\u202f.,]*", text))))
    return digits, factor


def number(text: str, locale: str, currency: str) -> tuple[float, float]:
    digits, factor = parsed(text, currency)
    group, point = (",", ".") if locale.startswith("en") else (".", ",")
    plain = digits.strip(".,").replace(group, "").replace(point, ".")
    return float(plain) * factor / (100 if "%" in text else 1), factor


@pytest.mark.parametrize("name", PAGES)
def test_a_tile_says_its_number_in_every_language_and_files_and_tables_hold_the_same(firm, monkeypatch, name):
    drawn, shown, draw, downloads = [], [], tiles.draw, panels.downloads

    def seen(found, *others, **more):
        drawn.extend(found)
        return draw(found, *others, **more)

    def taken(code, frame, columns, *others, **more):
        shown.append((code, frame, columns))
        return downloads(code, frame, columns, *others, **more)

    monkeypatch.setattr(tiles, "draw", seen)
    monkeypatch.setattr(panels, "downloads", taken)
    address = {"customer": a_customer()} if name == "customer" else {}
    app = page(name, **address)
    drawn.clear()
    shown.clear()
    with offered(monkeypatch) as files:
        app.run()
    assert not app.error and not app.exception and drawn
    currency = facts.currency()
    said = {metric.label: metric for metric in app.metric}
    for tile in [tile for tile in drawn if tile.reason is None and tile.value is not None]:
        assert said[tile.label].value == formats.figure(tile.value, tile.unit, currency), tile.label
        assert said[tile.label].help.startswith(f"**{formats.exact(tile.value, tile.unit, currency)}**"), tile.label
        for language, locale in words.LOCALES.items():
            with words.speaking(language):
                texts = formats.figure(tile.value, tile.unit, currency), formats.exact(tile.value, tile.unit, currency)
            for text in texts:
                value, factor = number(text, locale, currency)
                half = HALF.get(tile.unit, 0.005 if factor > 1 else 0.5) * factor
                assert abs(value - float(tile.value)) <= half * 1.0001, f"{tile.label}: {tile.value} is {text}"
    check_files(files, shown)


def check_files(files, shown) -> None:
    """What a file holds is what was shown, number by number; a page on paper holds all of them."""
    files = [file for file in files if file.name.endswith((".csv", ".xlsx"))]
    assert len(files) == 2 * len(shown) > 0
    for (code, frame, columns), csv, xlsx in zip(shown, files[::2], files[1::2], strict=True):
        kept = [column for column in columns if column in frame.columns]
        numbers = {at: column for at, column in enumerate(kept) if frame.schema[column].is_numeric()}
        lines = pl.read_csv(io.BytesIO(csv.bytes), infer_schema=False, encoding="utf8")
        sheet = Book(xlsx.bytes).sheet(0)
        for at, column in numbers.items():
            known = [None if value is None else float(value) for value in frame[column]]
            written = [None if value in (None, "") else float(value) for value in lines.to_series(at)]
            cells = [None if value in (None, "") else float(value) for value in sheet.to_series(at)]
            assert alike(written, known), f"{code}: {column} as CSV"
            assert alike(cells, known), f"{code}: {column} as a workbook"


def alike(found: list[float | None], known: list[float | None]) -> bool:
    """The same numbers in the same places, and nothing where there is nothing."""
    missing = [at for at, value in enumerate(known) if value is None]
    if [at for at, value in enumerate(found) if value is None] != missing:
        return False
    pair = ([value for value in values if value is not None] for values in (found, known))
    return next(pair) == pytest.approx(next(pair), rel=1e-9)


def a_customer() -> str:
    return warehouse.query("select customer_key from marts.customer_profitability order by 1 limit 1").item()
