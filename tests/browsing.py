"""The dashboard at work before a browser: what a reader does, waited for, never slept for."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboards.pages import PAGES

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# Nothing leaves this machine, and a sandbox of its own is not to be had for root in a container.
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# A cold browser on a busy machine takes its time; a reader's patience is not what these tests are about.
PATIENCE = 60_000
TILE = "[data-testid=stMetricValue]"
START = next(iter(PAGES))
DRAWN = "[data-testid=stApp][data-test-script-state=notRunning] .page-drawn"
# What draws an element is fetched when the first of its kind comes: until then a grey box stands in its place, and a
# page that has run to its end may be one without its tiles.
AWAITED = "[data-testid=stMain] [data-testid=stSkeleton]"
WHOLE = """([drawn, awaited]) => document.querySelector(drawn) && !document.querySelector(awaited)"""
# Where on the screen the mark of a chart is that carries a key: a point by its place on the axes, a bar by its middle.
MARK = """([chart, key]) => {
    const drawn = document.querySelector(`.st-key-${chart} .js-plotly-plot`);
    if (!drawn || !drawn.calcdata) return null;
    const same = one => JSON.stringify(one) === JSON.stringify(key);
    let bars = 0;
    for (const points of drawn.calcdata) {
        const {type, customdata, xaxis, yaxis} = points[0].trace;
        const isBars = type !== "scatter", at = [...(customdata || [])].findIndex(same);
        if (at >= 0 && isBars) {
            const bar = drawn.querySelectorAll(".trace.bars")[bars].querySelectorAll(".point path")[at];
            const {x, y, width, height} = bar.getBoundingClientRect();
            return {x: x + width / 2, y: y + height / 2};
        }
        if (at >= 0) {
            const across = drawn._fullLayout[xaxis.replace("x", "xaxis")], {left, top} = drawn.getBoundingClientRect();
            const up = drawn._fullLayout[yaxis.replace("y", "yaxis")], {x, y} = points[at];
            return {x: left + across._offset + across.c2p(x), y: top + up._offset + up.c2p(y)};
        }
        bars += isBars;
    }
    return null; }"""
# A table is drawn on a canvas; what it holds is beside it for those who cannot see it.
ROW = """([table, text]) => [...document.querySelectorAll(`.st-key-${table} table tbody tr`)]
    .findIndex(row => row.innerText.includes(text) || row.textContent.includes(text))"""
# Rows come after the words around them: one that is where it was for ten looks stays there.
STEADY = f"""given => {{
    const row = ({ROW})(given), before = window.looked || {{}};
    window.looked = {{row, times: before.row === row ? before.times + 1 : 0}};
    return row >= 0 && window.looked.times >= 10; }}"""
# And a table whose words were the same for twenty looks is the one that was asked for.
SETTLED = """table => {
    const cells = [...document.querySelectorAll(`.st-key-${table} table td`)].map(cell => cell.textContent).join("|");
    const before = window.read || {};
    window.read = {cells, times: before.cells === cells ? before.times + 1 : 0};
    return cells && window.read.times >= 20; }"""
HEAD = ROW_HEIGHT = 35


@contextmanager
def served(data_dir: Path, log: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """The address of the dashboard on this data and its process; it is stopped by its own number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/server.py", "--server.port", str(port)]
    environment = os.environ | {"DATA_DIR": str(data_dir)} | settings
    with log.open("w") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            answers(port)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
            server.wait(timeout=20)


def answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the dashboard did not start")


@contextmanager
def opened() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


def drawn(page) -> None:
    """The page is there to its end, each of its elements is drawn, and nothing runs any more."""
    page.wait_for_function(WHOLE, arg=[DRAWN, AWAITED], timeout=PATIENCE)


def tiles(page) -> list[str]:
    return page.locator(TILE).all_inner_texts()


def filtered(page, label: str, option: str) -> None:
    """Chooses an option of a box in the header, and waits until the figures are those of it."""
    before = tiles(page)
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    others(page, before)


def others(page, before: list[str]) -> None:
    """The figures are not those of before any more, and nothing runs."""
    differ = "([tile, was]) => JSON.stringify([...document.querySelectorAll(tile)].map(one => one.innerText)) !== was"
    written = json.dumps(before, ensure_ascii=False, separators=(",", ":"))
    page.wait_for_function(differ, arg=[TILE, written], timeout=PATIENCE)
    drawn(page)


def click_mark(page, chart: str, key) -> None:
    """Clicks the point, or the bar, of a chart that carries this key."""
    page.wait_for_function(MARK, arg=[chart, key], timeout=PATIENCE)
    page.locator(f".st-key-{chart} .js-plotly-plot").scroll_into_view_if_needed(timeout=PATIENCE)
    place = page.evaluate(MARK, [chart, key])
    # Plotly takes a click for the mark the mouse was over when it came.
    page.mouse.move(place["x"], place["y"])
    page.mouse.click(place["x"], place["y"])


def click_row(page, table: str, text: str) -> None:
    """Chooses the row of a table that says this."""
    page.wait_for_function(STEADY, arg=[table, text], polling=100, timeout=PATIENCE)
    canvas = page.locator(f".st-key-{table} canvas").first
    canvas.scroll_into_view_if_needed(timeout=PATIENCE)
    row = page.evaluate(ROW, [table, text])
    # What scrolls the rows lies over their picture and takes the click.
    place = {"x": 12, "y": HEAD + row * ROW_HEIGHT + ROW_HEIGHT / 2}
    canvas.click(position=place, force=True, timeout=PATIENCE)


def cells(page, table: str) -> list[str]:
    """What the cells of a table say, row by row."""
    page.wait_for_function(SETTLED, arg=table, polling=100, timeout=PATIENCE)
    return page.locator(f".st-key-{table} table td").all_text_contents()


def at(page, pattern: str) -> None:
    """The address says this now."""
    page.wait_for_url(re.compile(pattern), timeout=PATIENCE, wait_until="commit")
