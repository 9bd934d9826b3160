"""What several files of tests share."""

import gc
import shutil
from functools import cache
from pathlib import Path

import pytest
import small_warehouse as small
from streamlit.components.v2 import manifest_scanner

from dashboards import charts, generation
from pipelines.dbt_process import SELDOM
from tests import published as firms
from tests.published import Published

# A test that several files import says what differs, as one of their own would.
pytest.register_assert_rewrite("tests.figures_of_firms")

gc.set_threshold(*SELDOM)

# Files go to the workers in this order: one that takes minutes and starts last would leave the others idle. The first
# makes the company that others share, the next ones do not wait for it.
FIRST = ("test_analysts", "test_refresh", "test_kill", "test_forecast", "test_group", "test_truth", "test_day_by_day",
         "test_trust", "test_customers", "test_staging", "test_sources_contract", "test_browser")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(FIRST)))


@pytest.fixture(scope="session", autouse=True)
def components_looked_for_once():
    """Streamlit reads what every installed package says of itself for each page that a test opens: longer than it
    takes to draw one. What is installed does not change meanwhile."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(
    scope="session", params=["0.1", pytest.param("1", marks=pytest.mark.long)], ids=lambda scale: f"size {scale}"
)
def published_firm(request, tmp_path_factory) -> Published:
    """The sandbox company as it is published, and what really happened in it."""
    return firms.published(tmp_path_factory, request.param)


@pytest.fixture(scope="session")
def small_firm(tmp_path_factory) -> Published:
    """The same company at its small size alone: what pages say does not change with size."""
    return firms.published(tmp_path_factory, "0.1")


@pytest.fixture(scope="session", autouse=True)
def charts_by_the_rules():
    """Every figure that a test draws is one that plotly accepts."""
    charts.HELD_AGAINST_RULES = True


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """An empty folder that the pages read from."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    yield tmp_path
    generation.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """One small warehouse for all that only read; a file that needs more rows makes its own."""
    folder = tmp_path_factory.mktemp("made")
    small.publish(folder)
    return folder


@pytest.fixture
def published(data_dir, made) -> Path:
    """A copy of it of one's own, which pages read."""
    shutil.copytree(made, data_dir, symlinks=True, dirs_exist_ok=True)
    return data_dir
