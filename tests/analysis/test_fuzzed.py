"""Whatever is damaged in a log costs what it was damaged in, and nothing else."""

import pytest

from tests.analysis.fuzzed import campaign, logs


def test_every_source_has_a_log_to_damage():
    """The samples alone hold one of each."""
    assert all(logs().values())


@pytest.mark.parametrize(("lines", "stores"), [(150, 1), pytest.param(100_000, 200, marks=pytest.mark.soak)])
def test_damage_costs_no_other_record(lines, stores):
    """No line is lost but the damaged one, each record has one fate, and no rule of a store is broken."""
    told = campaign(lines, stores)
    assert (told["lost_neighbours"], told["uneven"], told["broken_rules"]) == ({}, 0, 0)
    assert told["by_line"] > 5
    assert told["records"] >= stores
