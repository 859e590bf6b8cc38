"""What the tests of measures share."""

import pytest

from sim.audit.store import Store
from tests.ledgers import Book
from tests.property.measures.vague import TWO_BOUNDS


@pytest.fixture(scope="module")
def book():
    """One store for all examples."""
    with Store.in_memory() as store:
        yield Book(store)


@pytest.fixture(scope="module")
def bounded():
    """A store in which every quantity has two bounds."""
    with Store.in_memory() as store:
        store.connection.execute(TWO_BOUNDS)
        yield Book(store)
