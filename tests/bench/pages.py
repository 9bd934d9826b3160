"""Server time of each page: cold, warm, and after a filter that nothing has cached.

python -m tests.bench.pages [runs], on the warehouse that DATA_DIR has published.
"""

import logging
import statistics
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboards import generation
from dashboards.pages import PAGES

ROOT = Path(__file__).parents[2]


def main(runs: str = "7") -> None:
    if generation.current() is None:
        raise SystemExit("Nothing is published here: run make refresh first, or set DATA_DIR.")
    logging.disable(logging.WARNING)
    print(f"{'page':>24} {'cold':>9} {'warm':>9} {'new filter':>11}")
    for page in PAGES:
        app, cold = opened(page)
        warm = statistics.median(timed(app.run) for _ in range(int(runs)))
        print(f"{page:>24} {cold:6.0f} ms {warm:6.0f} ms {changed(app):8.0f} ms")


def opened(page: str) -> tuple[AppTest, float]:
    """The page as its first reader gets it: nothing is cached, the file is not even open."""
    app = AppTest.from_file(str(ROOT / "dashboards/app.py"), default_timeout=60).run()
    app.switch_page(f"views/{page}.py")
    generation.close()
    return app, timed(app.run)


def changed(app: AppTest) -> float:
    """A rerun for a period that was not asked for yet; a page without periods is run again."""
    periods = [box for box in app.selectbox if box.key in ("period", "started")]
    if periods:
        periods[0].set_value("last_quarter")
    return timed(app.run)


def timed(run) -> float:
    started = time.perf_counter()
    app = run()
    assert not app.error and not app.exception, "the page did not draw"
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
