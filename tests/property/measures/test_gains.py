"""What must not be gained by: heartbeats, short credentials, authority moved elsewhere, stretched tasks, regrouping."""

from dataclasses import replace

import pytest

from tests.ledgers import CATALOGUE, HOUR, Credential, Event, Ledger, Need, Task, Trust

MORNING = Ledger(
    seconds=4 * HOUR, credentials=[Credential(["write money"], 0, 3 * HOUR)],
    needs=[Need("write money", HOUR, HOUR + 60)], tasks=[Task(0, HOUR, HOUR + 90, "completed", arrived=HOUR)],
)  # fmt: skip
OF_NEED = ("privilege_hours", "crown_jewel_hours", "stale_access", "stale_tail", "identity_debt")


def test_a_heartbeat_is_not_need(book):
    """Calls that no task asked for leave every measure of unneeded access as it is."""
    beats = [Event("use", 60 * n, credential=0, atom="write money", decision="allow") for n in range(180)]
    for name, [beaten, quiet] in book.told(OF_NEED, [MORNING.having(events=beats), MORNING]).items():
        assert (name, beaten) == (name, quiet)


def test_many_short_credentials_are_as_obtainable_as_one_long(book):
    """Cutting three hours into a hundred and eighty minutes gains nothing."""
    minutes = [Credential(["write money"], 60 * n, 60 * n + 60) for n in range(180)]
    short, long = book.told(["crown_jewel_hours"], [MORNING.having(credentials=minutes), MORNING])["crown_jewel_hours"]
    assert short == long


def test_authority_moved_to_an_issuer_that_says_yes_is_still_obtainable(book):
    """Holding nothing, but being given whatever is asked for, is no less obtainable than holding it."""
    moved = {
        gate: MORNING.having(credentials=[], trusts=[Trust(["write money"], 0, 3 * HOUR, gate=gate, permit=1000)])
        for gate in ("none", "rule", "classifier", "human")
    }
    parts = {"crown_jewel_hours": "obtainable task", "blast_radius": "t2"}
    for name, [before, *after] in book.told(parts, [MORNING, *moved.values()]).items():
        for gate, said in zip(moved, after, strict=True):
            assert (name, gate, said[parts[name]]) == (name, gate, before[parts[name]])


def test_a_human_who_inspects_makes_authority_unobtainable(book):
    """What only an inspecting human gives is not obtainable."""
    asked = MORNING.having(credentials=[], trusts=[Trust(["write money"], gate="human", permit=0)])
    said = book.told(["crown_jewel_hours", "blast_radius"], [asked])
    assert said["crown_jewel_hours"][0]["obtainable task"].lo == 0
    assert said["blast_radius"][0]["t2"].lo == 0


def test_a_longer_task_excuses_nothing_at_the_grain_of_the_action(book):
    """One more short action three hours later makes a whole task need everything in between, but no action does."""
    stretched = MORNING.having(needs=[*MORNING.needs, Need("write money", 3 * HOUR - 60, 3 * HOUR)])
    before, after = book.told(["privilege_hours"], [MORNING, stretched])["privilege_hours"]
    assert after["standing_task"].lo < before["standing_task"].lo / 2
    assert after["standing_action"].lo == pytest.approx(before["standing_action"].lo * 178 / 179)


def test_how_resources_are_grouped_changes_neither_reach_nor_crown_jewels(book):
    """A group cut in two, with an atom each, is the same share of the estate and the same hours."""
    coarse = MORNING.having(catalogue=[*CATALOGUE[:2], CATALOGUE[3]], needs=[])
    parts = [replace(CATALOGUE[3], group="cash", resources=2), replace(CATALOGUE[3], group="gold", resources=3)]
    held = [Credential(["write cash", "write gold"], 0, 3 * HOUR)]
    fine = coarse.having(catalogue=[*CATALOGUE[:2], *parts], credentials=held)
    for name, [one, other] in book.told(["blast_radius", "crown_jewel_hours"], [fine, coarse]).items():
        assert (name, one) == (name, other)
