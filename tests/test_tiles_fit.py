"""What a tile says fits into it, in the languages that take most room, on a laptop and on a phone."""

import pytest
from test_browser import address, browser, data_dir, pytestmark  # noqa: F401

from dashboards.pages import PAGES

# Every text of a tile that is wider than its place: cut, or grown out of the tile.
CUT = """() => [...document.querySelectorAll('[data-testid=stMetric] *, [data-testid=stMetric]')]
    .filter(part => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1 && part.innerText)
    .map(part => `${part.innerText}: ${part.scrollWidth} > ${part.clientWidth}`)"""


@pytest.mark.long
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["pl", "ru"])
def test_no_tile_cuts_its_words(address, browser, language, width):  # noqa: F811
    page, cut = browser.new_page(viewport={"width": width, "height": 1000}), {}
    for name in PAGES:
        page.goto(f"{address}/{'' if name == 'overview' else name.replace('_', '-')}?lang={language}")
        page.wait_for_selector(".page-drawn", state="attached", timeout=60_000)
        page.wait_for_timeout(500)
        if found := page.evaluate(CUT):
            cut[name] = found
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than its screen"
    page.close()
    assert cut == {}
