"""What the tests of measures share."""

import pytest

from sim.audit.store import Store
from tests.ledgers import Book


@pytest.fixture(scope="module")
def book():
    """One store for all examples."""
    with Store.in_memory() as store:
        yield Book(store)
