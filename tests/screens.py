"""Every page drawn from a cold start as a reader sees it: light and dark, wide and narrow, in every language.

    python -m tests.screens [folder]

Pictures go to the folder (data/screens). What a person would miss in two hundred pictures is printed: texts that a tile
cuts off, charts with nothing in them, pages wider than their screen. It ends with 1 if there is any.
"""

import logging
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboards import generation, warehouse, words
from dashboards.pages import PAGES, path
from tests.browsing import ARGUMENTS, CHROMIUM, served

WIDTHS = {1440: 1000, 390: 844}
SCHEMES = ("light", "dark")
LONGEST = 15000
CUT = """() => [...document.querySelectorAll(
    '[data-testid=stMetricLabel] p, [data-testid=stMetricValue] div, button p, .stTabs p')]
    .filter(text => text.scrollWidth > text.clientWidth + 1 && text.clientWidth > 0).map(text => text.innerText)"""
EMPTY = """() => [...document.querySelectorAll('.js-plotly-plot')]
    .filter(chart => !chart.querySelector('.trace path')).length"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
LONG = "() => (document.querySelector('[data-testid=stMain]') || document.body).scrollHeight"


def main(folder: str = "data/screens") -> int:
    # Outside of a page Streamlit says of each question that no page asks it.
    logging.disable(logging.WARNING)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    wrong, log = [], Path(tempfile.gettempdir()) / "screens.log"
    with served(generation.data_dir().resolve(), log) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for name, language, scheme, width in product(PAGES, words.LOCALES, SCHEMES, WIDTHS):
            picture = target / f"{name}-{language}-{scheme}-{width}.png"
            asked = f"lang={language}" + (f"&customer={somebody()}" if name == "customer" else "")
            found = taken(browser, f"{address}/{path(name)}?{asked}", scheme, width, picture)
            wrong += [f"{picture.name}: {text}" for text in found]
        browser.close()
    print("\n".join([*wrong, f"{len(list(target.glob('*.png')))} pictures in {target}"]))
    return 1 if wrong else 0


def somebody() -> str:
    """The customer who bought most has most to show."""
    return warehouse.rows("customer_standing", order="revenue_amount", limit=1)["customer_key"].item()


def taken(browser: Browser, address: str, scheme: str, width: int, picture: Path) -> list[str]:
    page = browser.new_page(viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme)
    try:
        page.goto(address)
        settled(page)
        # The page scrolls inside a frame of its own: only as high as it is, it is seen whole.
        page.set_viewport_size({"width": width, "height": min(page.evaluate(LONG) + 40, LONGEST)})
        page.wait_for_timeout(1500)
        page.screenshot(path=picture)
        found = [f"cut off: {text}" for text in page.evaluate(CUT)]
        found += ["a chart with nothing in it"] * page.evaluate(EMPTY)
        return found + ["wider than the screen"] * page.evaluate(WIDE)
    finally:
        page.close()


def settled(page: Page) -> None:
    """The script has written its last line, and charts are drawn."""
    page.locator(".page-drawn").wait_for(state="attached", timeout=90_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')", timeout=60_000)
    page.wait_for_timeout(1000)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
