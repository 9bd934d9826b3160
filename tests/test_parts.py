"""What a click changes in one part of a page is drawn there and nowhere else."""

from pathlib import Path

import pytest
import small_warehouse as small

from tests import browsing

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path(browsing.CHROMIUM).exists(), reason="no browser is installed"),
]


def test_a_table_behind_a_chart_is_sent_alone_and_is_of_the_generation_the_page_shows(tmp_path):
    small.publish(tmp_path)
    with browsing.served(tmp_path, tmp_path / "streamlit.log") as (address, _), browsing.opened() as browser:
        page, came = browser.new_page(viewport={"width": 1440, "height": 1600}), []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: came.append(len(frame))))
        page.goto(f"{address}/customer-profitability?lang=en")
        browsing.drawn(page)
        whole, before = sum(came), browsing.tiles(page)
        came.clear()
        small.publish(tmp_path, number=2, revenue=5000)
        page.locator("[class*=st-key-behind-whale] button").click()
        page.locator("[data-testid=stPopoverBody] canvas").first.wait_for()
        assert sum(came) < whole / 4, "the table came, the page did not come again"
        shown = page.locator("[data-testid=stPopoverBody] table").first.text_content()
        assert "Alfa PartsChain1000" in shown and "6000" not in shown
        assert browsing.tiles(page) == before
        assert "Traceback" not in (tmp_path / "streamlit.log").read_text()
