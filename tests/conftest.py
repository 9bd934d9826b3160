"""What several files of tests share."""

import pytest

from dashboards import generation
from tests.published import Published, published


@pytest.fixture(
    scope="session", params=["0.1", pytest.param("1", marks=pytest.mark.long)], ids=lambda scale: f"size {scale}"
)
def published_firm(request, tmp_path_factory) -> Published:
    """The sandbox company as it is published, and what really happened in it."""
    return published(tmp_path_factory, request.param)


@pytest.fixture(scope="session")
def small_firm(tmp_path_factory) -> Published:
    """The same company at its small size alone: what pages say does not change with size."""
    return published(tmp_path_factory, "0.1")


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    """An empty folder that the pages read from."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    yield tmp_path
    generation.close()
