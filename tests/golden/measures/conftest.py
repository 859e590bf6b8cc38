"""What the tests of golden pairs share."""

import pytest

from sim.audit.store import Store
from tests.ledgers import Book


@pytest.fixture(scope="module")
def book():
    """One store for all cases."""
    with Store.in_memory() as store:
        yield Book(store)
