"""Speed and weight of each page, held against what a reader should wait and load.

python -m tests.bench.pages [runs], on the warehouse that DATA_DIR has published. Server times are those of a page run
without a browser; the rest is a real server and a real browser.
"""

import logging
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from streamlit.testing.v1 import AppTest

from dashboards import generation
from dashboards.pages import PAGES, path
from tests import browsing

ROOT = Path(__file__).parents[2]
# Milliseconds and kilobytes: what a reader does not feel as waiting.
WARM, FILTERED, CLICKED, LOADED, TOGETHER = 150, 500, 400, 150, 1000
READERS = (("customer_profitability", "last_quarter"), ("order_cycle_time", "last_quarter"),
           ("customer_profitability", "year_to_date"), ("order_cycle_time", "year_to_date"))  # fmt: skip
PERIODS = ("period", "started", "stands", "of_customer")
# A click into a chart, which opens another view of the whole page: the chart, and what it writes into the address.
CLICKS = {
    "customer_profitability": ("chart-whale-0", "customer="),
    "order_cycle_time": ("chart-ageing-0", "stage="),
    "funnel_to_cash": ("chart-leakage-0", "step="),
    "receivables": ("chart-owed-0", "bucket="),
}
# The last key of the first row of marks that carries any.
LAST_KEY = """chart => { const figure = document.querySelector(`.st-key-${chart} .js-plotly-plot`);
    for (const trace of (figure || {}).data || []) {
        const keys = (trace.customdata || []).filter(key => key !== null);
        if (keys.length) return keys[keys.length - 1]; } }"""
# Milliseconds from a click to the table that it asks for, by the browser's own clock.
TAKEN = """() => document.addEventListener('click', () => { const clicked = performance.now();
    const look = () => { if (!document.querySelector('[data-testid=stPopoverBody] canvas')) requestAnimationFrame(look);
        else window.taken = performance.now() - clicked; };
    look(); }, true)"""
# No run is under way, also not that of a table just closed.
STANDING = "[data-test-script-state=notRunning]"


def main(runs: str = "7") -> None:
    if generation.current() is None:
        raise SystemExit("Nothing is published here: run make refresh first, or set DATA_DIR.")
    logging.disable(logging.WARNING)
    served(int(runs))
    if Path(browsing.CHROMIUM).exists():
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "streamlit.log"
            with browsing.served(generation.data_dir().resolve(), log) as (address, process):
                read(address, psutil.Process(process))
    else:
        print(f"No browser, so nothing is measured in one: {browsing.CHROMIUM} is not installed")


def served(runs: int) -> None:
    """Times by the clock, and in brackets those of the processor: on a busy machine only these tell of the page."""
    print(
        f"{'server, ms':>24} {'cold':>13} {'warm':>13} {'≤' + str(WARM):>5} {'new filter':>13} {'≤' + str(FILTERED):>5}"
    )
    for page in PAGES:
        app, cold = opened(page)
        runs_of_it = [timed(app.run) for _ in range(runs)]
        warm = tuple(statistics.median(values) for values in zip(*runs_of_it, strict=True))
        fresh = changed(app)
        cells = (
            f"{said(cold)} {said(warm)} {kept(warm[0], WARM):>5} {said(fresh)} {kept(fresh and fresh[0], FILTERED):>5}"
        )
        print(f"{page:>24} {cells}")
    middle = statistics.median(time for _ in range(runs) for time in together())
    print(f"\n{len(READERS)} readers filtering at once: median {middle:.0f} ms {kept(middle, TOGETHER)} of {TOGETHER}")


def said(times: tuple[float, float] | None) -> str:
    return f"{'–' if times is None else f'{times[0]:.0f} ({times[1]:.0f})':>13}"


def opened(page: str) -> tuple[AppTest, tuple[float, float]]:
    """The page as its first reader gets it: nothing is cached, the file is not even open."""
    app = AppTest.from_file(str(ROOT / "dashboards/app.py"), default_timeout=120).run()
    app.switch_page(f"views/{page}.py")
    generation.close()
    return app, timed(app.run)


def changed(app: AppTest) -> tuple[float, float] | None:
    """A rerun for a period that was not asked for yet; a page without periods has none."""
    boxes = [box for box in app.selectbox if box.key in PERIODS]
    if not boxes:
        return None
    boxes[0].set_value("last_quarter")
    return timed(app.run)


def timed(run) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    app = run()
    assert not app.error and not app.exception, "the page did not draw"
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def read(address: str, server: psutil.Process) -> None:
    """What a reader's browser sees of it."""
    with browsing.opened() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 1600}, locale="en-GB")
        titles = (
            f"{'first ms':>9} {'KB':>6} {'≤' + str(LOADED):>6} {'part ms':>9} {'≤' + str(CLICKED):>6} {'view ms':>9}"
        )
        print(f"\n{'browser':>24} {titles}")
        for name in PAGES:
            first, loaded, part, whole = visited(context, address, name)
            cells = f"{first:9.0f} {loaded:6.0f} {kept(loaded, LOADED):>6}"
            print(f"{name:>24} {cells} {shown(part)} {kept(part, CLICKED):>6} {shown(whole)}")
    print()
    print(f"server memory: {server.memory_info().rss / 2**20:.0f} MB")


def shown(time: float | None) -> str:
    return f"{'–' if time is None else f'{time:.0f}':>9}"


def visited(context, address: str, name: str) -> tuple[float, float, float | None, float | None]:
    """Milliseconds until the page is drawn to its end, kilobytes that came for it, milliseconds of two clicks.

    The first asks for the table behind a chart, which draws a part of the page; the other for what a mark stands for.
    """
    page, frames = context.new_page(), []
    page.set_default_timeout(browsing.PATIENCE)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    started = time.perf_counter()
    page.goto(f"{address}/{path(name)}?lang=en")
    browsing.drawn(page)
    first, loaded = (time.perf_counter() - started) * 1000, sum(frames) / 1024
    part = whole = None
    page.evaluate(TAKEN)
    parts = []
    for behind in page.locator("[class*=st-key-behind-] button").all()[:4]:
        page.wait_for_selector(STANDING, state="attached")
        behind.click()
        parts.append(page.wait_for_function("() => window.taken").json_value())
        page.evaluate("window.taken = null")
        page.keyboard.press("Escape")
        page.locator("[data-testid=stPopoverBody]").first.wait_for(state="detached")
    # The first table of a browser brings the code that draws tables; it is the next ones that tell of the page.
    if parts[1:]:
        part = statistics.median(parts[1:])
    if name in CLICKS:
        chart, written = CLICKS[name]
        page.wait_for_function(f"chart => ({LAST_KEY})(chart) !== undefined", arg=chart)
        key = page.evaluate(LAST_KEY, chart)
        started = time.perf_counter()
        browsing.click_mark(page, chart, key)
        browsing.at(page, written)
        browsing.drawn(page)
        whole = (time.perf_counter() - started) * 1000
    page.close()
    return first, loaded, part, whole


def together() -> list[float]:
    """Milliseconds until each of several readers has the period they all choose at the same moment.

    What the server takes: a reader's browser has a machine of its own.
    """
    opened_ones = [(opened(page)[0], chosen) for page, chosen in READERS]
    ready, times = threading.Barrier(len(READERS)), []

    def reader(app: AppTest, chosen: str) -> None:
        next(box for box in app.selectbox if box.key in PERIODS).set_value(chosen)
        ready.wait()
        times.append(timed(app.run)[0])

    readers = [threading.Thread(target=reader, args=each) for each in opened_ones]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    return times


def kept(value: float | None, budget: float) -> str:
    return "" if value is None else "kept" if value <= budget else "over"


if __name__ == "__main__":
    main(*sys.argv[1:])
