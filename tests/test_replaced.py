"""A warehouse that is replaced while pages are open: none breaks, none is put together of two, all move on."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest
import small_warehouse as small

from dashboards import generation, stamp, warehouse
from tests.browsing import ARGUMENTS, CHROMIUM, ROOT, answers
from tests.paged import page, said, table

KEPT = 3
PUBLISHED = 50


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Generations that say their number in every place: in the stamp, in a tile, in the lines behind it."""
    folder = tmp_path_factory.mktemp("made")
    first = small.publish(folder)
    for number in range(1, PUBLISHED + 2):
        mine = first.with_name(f"{number:06d}-20261121T060000Z")
        if number > 1:
            shutil.copytree(first, mine)
    for number in range(1, PUBLISHED + 2):
        with duckdb.connect(str(first.with_name(f"{number:06d}-20261121T060000Z") / "warehouse.duckdb")) as con:
            con.execute(
                "update marts.source_loads set data_as_of = timestamp '2026-11-21 06:00:00' + to_minutes(?)", [number]
            )
            for mart, month in (("customer_profitability", "month"), ("profitability_lines", "posted_month")):
                statement = f"update marts.{mart} set revenue_amount = ? where customer_key = 'alfa' and {month} = ?"  # noqa: S608
                con.execute(statement, [1000 + number, small.SALES[0][3]])
    return folder


@pytest.fixture
def published(data_dir, made):
    shutil.copytree(made, data_dir, symlinks=True, dirs_exist_ok=True, copy_function=os.link)
    return data_dir


def folder(data_dir: Path, number: int) -> Path:
    return data_dir / "generations" / f"{number:06d}-20261121T060000Z"


def move_on(data_dir: Path, number: int, kept: int = KEPT) -> None:
    """As a refresh ends: the pointer is swapped, and what is too old is removed."""
    small.point(data_dir, folder(data_dir, number))
    shutil.rmtree(folder(data_dir, number - kept), ignore_errors=True)


def generations(app) -> set[int]:
    """The numbers of all generations that a drawn page was read from."""
    stamped = re.search(r"Business Central 21 Nov 2026 0(\d):(\d\d)", said(app))
    tile = next(metric for metric in app.metric if metric.label == "Revenue net")
    lines = table(app, "invoice_number")["revenue_amount"].sum()
    told = re.search(r"\*\*([\d,]+\.\d\d) PLN", tile.help)
    minutes = (int(stamped[1]) - 6) * 60 + int(stamped[2])
    return {minutes, int(float(told[1].replace(",", ""))) - 1000, int(lines) - 1000}


def test_fifty_published_while_a_page_is_read_break_nothing_and_are_never_mixed(published):
    app = page("customer_profitability", customer="alfa")
    assert generations(app) == {1}
    done, failures = threading.Event(), []

    def publishes() -> None:
        for number in range(2, PUBLISHED + 2):
            move_on(published, number)
            time.sleep(0.1)
        done.set()

    def reads() -> None:
        """Another reader, who is always with the newest."""
        while not done.is_set():
            try:
                warehouse.figure("revenue")
            except Exception as error:
                failures.append(repr(error))
            time.sleep(0.02)

    workers = [threading.Thread(target=work) for work in (publishes, reads)]
    for worker in workers:
        worker.start()
    seen = [1]
    while not done.is_set():
        app.run()
        assert not app.error and not app.exception
        [number] = generations(app)
        seen.append(number)
    for worker in workers:
        worker.join()
    assert failures == []
    assert seen == sorted(seen)
    assert generations(app.run()) == {PUBLISHED + 1}, "the next rerun has the newest"


def test_what_is_published_in_the_middle_of_a_page_waits_for_the_next_rerun(published, monkeypatch):
    app = page("customer_profitability", customer="alfa")
    drawn = stamp.draw

    def and_then_a_new_one() -> None:
        drawn()
        move_on(published, 2)

    monkeypatch.setattr(stamp, "draw", and_then_a_new_one)
    assert generations(app.run()) == {1}
    assert generations(app.run()) == {2}


def test_a_page_whose_generation_is_removed_under_it_begins_again(published, monkeypatch):
    app = page("customer_profitability", customer="alfa")
    drawn = stamp.draw

    def and_then_it_is_gone() -> None:
        drawn()
        if folder(published, 1).exists():
            move_on(published, 2, kept=1)
            generation.close()

    monkeypatch.setattr(stamp, "draw", and_then_it_is_gone)
    app.run()
    assert not app.error and not app.exception
    assert generations(app) == {2}


@pytest.mark.long
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} is not installed")
def test_a_page_left_open_shows_the_new_stamp_within_a_minute_without_a_click(made, tmp_path):
    from playwright.sync_api import sync_playwright

    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True, copy_function=os.link)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/server.py", "--server.port", str(port)]
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with (tmp_path / "streamlit.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            answers(port)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
                opened = browser.new_page(viewport={"width": 1440, "height": 1600})
                opened.goto(f"http://127.0.0.1:{port}/customer-profitability?customer=alfa&lang=en")
                opened.get_by_text("Business Central 21 Nov 2026 06:01").wait_for(timeout=90_000)
                for number, moment in ((2, "06:02"), (3, "06:03")):
                    move_on(tmp_path, number, kept=1)
                    opened.get_by_text(f"Business Central 21 Nov 2026 {moment}").wait_for(timeout=60_000)
                    opened.get_by_text("Invoice lines and cost postings").wait_for(timeout=10_000)
                    assert "customer=alfa" in opened.url, "the view stays as it was"
                    assert opened.locator("[data-testid=stException], [data-testid=stAlertContentError]").count() == 0
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert "Traceback" not in (tmp_path / "streamlit.log").read_text()
