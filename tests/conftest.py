"""What several files of tests share."""

import pytest

from tests.published import Published, published


@pytest.fixture(
    scope="session", params=["0.1", pytest.param("1", marks=pytest.mark.long)], ids=lambda scale: f"size {scale}"
)
def published_firm(request, tmp_path_factory) -> Published:
    """The sandbox company as it is published, and what really happened in it."""
    return published(tmp_path_factory, request.param)
