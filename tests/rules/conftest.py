"""What the rules have read is let go of behind each file of them."""

from collections.abc import Iterator

import pytest

from tests.rules import source


@pytest.fixture(scope="module", autouse=True)
def read_and_let_go() -> Iterator[None]:
    """Syntax trees of the whole checkout are millions of objects: each later collection of garbage visits them."""
    yield
    source.sources.cache_clear()
