"""A page on paper says what the page says: the same figures, to the same readers, in the same language."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from html import escape

import pypdf
import pytest
import small_warehouse as small
from PIL import Image

from dashboards import access, drawn, generation, paper, pictures, reading
from dashboards.drawn import DrawnTile
from tests.paged import ROOT, figures, page, said

RIGHTS = "email,role,person,region\nboss@firm.pl,all,,\nanna@firm.pl,own,anna,\n"
OWNER = ("canonical.customers", {"customer_key": "alfa", "owner_key": "anna"})
MARKUP = "<script>alert(1)</script>"

needs_chromium = pytest.mark.skipif(pictures.browser() is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firm")
    small.publish(folder, more=[OWNER])
    (folder / "company").mkdir()
    (folder / "company/access.csv").write_text(RIGHTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(folder))
        yield folder
        generation.close()


@pytest.fixture(scope="module")
def profitability(firm):
    return {language: reading.page("customer_profitability", {}, language) for language in ("en", "pl", "ru")}


def text(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_a_page_that_is_read_has_the_figures_the_page_has(firm, profitability):
    app, shown = page("customer_profitability"), profitability["en"]
    assert {tile.label: tile.value for tile in shown.tiles if tile.reason is None} == figures(app)
    charts = [chart.proto for chart in app.get("plotly_chart")]
    assert len(charts) == sum(panel.figure is not None for panel in shown.panels) > 2
    assert shown.stamp in said(app).replace("\\", "")
    assert shown.address == "customer-profitability?lang=en"


def test_a_finding_in_words_is_what_its_picture_says_to_those_who_cannot_see_it(profitability):
    shown = profitability["en"]
    found = next(panel for panel in shown.panels if panel.figure is not None and panel.sentence)
    document = paper.html(shown, {found.code: b"picture"})
    assert f'alt="{escape(found.sentence)}"' in document
    assert "*" not in found.sentence and "\\" not in found.sentence


def test_a_name_from_the_data_is_never_markup(profitability):
    shown = profitability["en"]
    tile = DrawnTile(None, MARKUP, MARKUP, 1, "number", "+1%", MARKUP, definition=MARKUP)
    table = replace(shown.tables[0], columns=[MARKUP], rows=[[MARKUP], [f'https://x.invalid/"{MARKUP}']])
    panel = replace(shown.panels[0], heading=MARKUP, sentence=MARKUP)
    bad = replace(shown, title=MARKUP, question=MARKUP, filters=[MARKUP], notices=[MARKUP], site=MARKUP, address=MARKUP)
    document = paper.html(replace(bad, tiles=[tile], tables=[table], panels=[panel]), {panel.code: b""})
    assert "<script" not in document and document.count(escape(MARKUP)) > 10


def test_a_chosen_part_of_the_firm_is_said_and_is_in_the_address(firm):
    shown = reading.page("customer_profitability", {"only-segment": ["Workshop", "Chain"]}, "en")
    assert shown.filters == ["Segment: Workshop, Chain"]
    assert shown.address.endswith("only-segment=Workshop&only-segment=Chain")
    assert escape(shown.filters[0]) in paper.html(shown, {})


def test_a_part_that_the_page_does_not_know_is_not_answered_with_the_whole_firm(firm):
    with pytest.raises(reading.NotRead, match="cannot be narrowed by only-segment=Nobody"):
        reading.page("customer_profitability", {"only-segment": "Nobody"}, "en")


@needs_chromium
@pytest.mark.parametrize("language", ["pl", "ru"])
def test_the_pdf_says_the_tiles_of_the_page_in_its_language(profitability, language):
    shown = profitability[language]
    shown = replace(shown, panels=shown.panels[:2])
    said = text(paper.pdf(shown))
    for part in (shown.question, *(tile.label for tile in shown.tiles)):
        assert " ".join(part.split()) in said, f"{part} is not in: {said}"
    values = [tile.value.replace("\u00a0", " ") for tile in shown.tiles if tile.reason is None]
    assert values and all(value in said for value in values)


@needs_chromium
def test_the_png_shows_charts_on_white_in_their_own_colours(profitability):
    bars = [panel for panel in profitability["en"].panels if panel.code == "waterfall"]
    shown = replace(profitability["en"], panels=bars)
    picture = Image.open(io.BytesIO(paper.png(shown))).convert("RGB")
    assert picture.width == 2400 and picture.height > 1000
    counted = {colour: n for n, colour in picture.getcolors(picture.width * picture.height)}
    whole = picture.width * picture.height
    assert counted[(255, 255, 255)] > whole / 2
    assert counted[(0x00, 0x72, 0xB2)] > 5000, "the blue of profit"
    assert counted.get((0, 0, 0), 0) < whole / 1000


def test_where_pictures_cannot_be_made_the_file_says_so_and_keeps_the_words(profitability, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    shown = profitability["en"]
    with pytest.raises(pictures.Unavailable, match="no browser"):
        paper.pdf(shown)
    with pytest.raises(pictures.Unavailable, match="no browser"):
        pictures.png(shown.panels[0].figure or {}, 640, 340, "en")
    document = paper.html(shown, {})
    assert "The charts could not be drawn in this file" in document
    assert all(escape(panel.sentence) in document for panel in shown.panels)


def test_without_chromium_the_page_says_why_it_has_no_files(firm, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    assert "chromium is not installed on the server" in page("customer_profitability").caption[-1].value


def test_a_page_is_read_with_the_rights_of_the_one_it_is_for(firm, monkeypatch):
    monkeypatch.setenv("LOGIN", "on")
    seen = {}
    for name in ("boss", "Anna"):
        shown = reading.page("customer_profitability", {}, "en", as_=f"{name}@firm.pl")
        seen[name] = {cell for table in shown.tables for row in table.rows for cell in row}
    assert {"Alfa Parts", "Beta Garage"} <= seen["boss"]
    assert "Alfa Parts" in seen["Anna"] and "Beta Garage" not in seen["Anna"]
    for stranger in (None, "stranger@firm.pl"):
        with pytest.raises(access.NotAllowed):
            reading.page("customer_profitability", {}, "en", as_=stranger)
    with pytest.raises(access.NotAllowed):
        access.reader()


def test_no_address_makes_a_reader_somebody_else(firm, monkeypatch):
    monkeypatch.setenv("LOGIN", "on")
    for name in ("as", "as_", "acting", "_acting", "email"):
        monkeypatch.setenv(name.upper(), "boss@firm.pl")
    app = page("customer_profitability", **{"as": "boss@firm.pl", "acting": "boss@firm.pl", "email": "boss@firm.pl"})
    assert not app.metric and not app.dataframe


def test_where_pages_are_served_nobody_reads_for_somebody_else(firm, monkeypatch):
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    with pytest.raises(RuntimeError, match="themselves"), access.acting("boss@firm.pl"):
        pass
    with pytest.raises(RuntimeError, match="process of its own"):
        reading.page("overview")


@needs_chromium
def test_the_command_makes_a_file_and_says_what_is_wrong_in_a_sentence(firm, tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "dashboards", "page", *arguments]
        known = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=120)

    target = tmp_path / "page.pdf"
    done = run("receivables", "--lang", "ru", "--to", str(target))
    assert done.returncode == 0 and target.read_bytes().startswith(b"%PDF")
    unknown = run("profit", "--to", str(target))
    assert unknown.returncode == 2 and "There is no page 'profit'" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_what_is_drawn_again_takes_its_own_place():
    shown = [drawn.DrawnPanel("a", "A", "one", None), drawn.DrawnPanel("b", "B", "two", None)]
    drawn._kept(shown, drawn.DrawnPanel("a", "A", "three", None), "code")
    assert [panel.sentence for panel in shown] == ["three", "two"]
