"""Figures as pictures: the same dict that a page draws, on white, in a size and a language that are given.

Nothing is fetched: plotly's script comes with plotly, the browser is Debian's.
"""

import asyncio
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass

from dashboards import languages
from dashboards.palette import TEMPLATE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The typeface of the pages is on no machine by itself; all of these have Polish and Russian letters.
FAMILY = '"Liberation Sans", "DejaVu Sans", Arial, sans-serif'
PAPER, INK = "#FFFFFF", "#3B4550"
# Twice the points of a screen: sharp on paper and on a telephone.
SCALE = 2
SECONDS = 90


class Unavailable(Exception):
    """No picture can be made here; the message says what is missing."""


@dataclass(frozen=True)
class Wanted:
    """A figure for plotly and the size of its picture in the points of a screen."""

    figure: dict
    width: int
    height: int


def browser() -> str | None:
    """The chromium that BROWSER_PATH names, or the first one found."""
    chosen = os.environ.get("BROWSER_PATH")
    if chosen:
        return shutil.which(chosen)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def png(figure: dict, width: int, height: int, language: str) -> bytes:
    """One picture, `SCALE` times as many points wide and high. Raises Unavailable."""
    return pngs([Wanted(figure, width, height)], language)[0]


def pngs(wanted: Sequence[Wanted], language: str) -> list[bytes]:
    """Several pictures of one browser, in the order asked for. Raises Unavailable."""
    if not wanted:
        return []
    found = browser()
    if found is None:
        raise Unavailable(f"no browser: none of {', '.join(BROWSERS)} is installed")
    try:
        import kaleido
    except ModuleNotFoundError as error:
        raise Unavailable(f"{error.name} is not installed") from error
    # A thread of its own: whoever asks may be in the middle of a loop.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, _made(kaleido, found, wanted, languages.of_charts(language))).result()


async def _made(kaleido, found: str, wanted: Sequence[Wanted], spoken: dict) -> list[bytes]:
    # As root chromium has no sandbox to start.
    options = {"path": found, "enable_sandbox": os.geteuid() != 0, "mathjax": False, "timeout": SECONDS}
    try:
        async with asyncio.timeout(SECONDS), kaleido.Kaleido(n=1, **options) as opened:
            return [await _drawn(opened, one, spoken) for one in wanted]
    except TimeoutError as error:
        raise Unavailable(f"the browser took longer than {SECONDS} seconds") from error
    except (OSError, RuntimeError) as error:
        raise Unavailable(f"the browser failed: {error}") from error


async def _drawn(opened, one: Wanted, spoken: dict) -> bytes:
    size = {"format": "png", "width": one.width, "height": one.height, "scale": SCALE}
    return await opened.calc_fig(on_paper(one.figure) | {"config": spoken}, size)


def on_paper(figure: dict) -> dict:
    """The figure with everything said that a page would give it."""
    data, layout = deepcopy(figure["data"]), deepcopy(figure["layout"])
    template = deepcopy(layout.get("template") or TEMPLATE)
    template["layout"]["font"] = template["layout"].get("font", {}) | {"family": FAMILY, "color": INK}
    paper = {"paper_bgcolor": PAPER, "plot_bgcolor": PAPER, "template": template, "autosize": False}
    return {"data": data, "layout": {name: value for name, value in layout.items() if name != "height"} | paper}
