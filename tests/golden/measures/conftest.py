"""What the tests of golden pairs share."""

import pytest

from sim.audit.store import Store
from tests.ledgers import Book
from tests.property.measures.holes import as_logs


@pytest.fixture(scope="module")
def book():
    """One store for all cases."""
    with Store.in_memory() as store:
        yield Book(store)


@pytest.fixture(scope="module")
def bounded():
    """A store in which every quantity has two bounds, and runs may be blind to one thing or another."""
    with Store.in_memory() as store:
        as_logs(store)
        yield Book(store)
