"""How unevenly identities lie on their owners: closed forms, and what one name put beside many of them does to it."""

import pytest

from tests.ledgers import Ledger, Member, Owner

# Loads, and the coefficient that is known of them: of n alike, of 1 to n, and of one that has most of all.
KNOWN = {
    "alone": ([5], 0),
    "alike": ([3] * 4, 0),
    "one to two": ([1, 2], 1 / 6),
    "one to seven": ([*range(1, 8)], (7 - 1) / (3 * 7)),
    "one to ten": ([*range(10, 0, -1)], (10 - 1) / (3 * 10)),
    # Of 5 owners of 12: four of one each and one of eight. Eight pairs of 25 are 7 apart, over twice the mean of 12/5.
    "nearly all": ([8, 1, 1, 1, 1], (8 * 7 / 25) / (2 * 12 / 5)),
}


def owned(loads, besides=0):
    """A team that answers for each of so many agents, and agents for which nobody does."""
    teams = [team for team, load in enumerate(loads) for _ in range(load)]
    owners = [Owner(agent, team=team) for agent, team in enumerate(teams)]
    members = [Member(team) for team in range(len(loads))]
    return Ledger(agents=len(owners) + besides, owners=owners, members=members)


def taken(ledger):
    """The same with the first team entered for every agent that had nobody."""
    known = {owner.agent for owner in ledger.owners}
    return ledger.having(owners=[*ledger.owners, *(Owner(n, team=0) for n in range(ledger.agents) if n not in known)])


def told(book, *ledgers):
    """What is said of each, by the last word of its row."""
    said = book.told(["orphans"], ledgers)["orphans"]
    return [{part.split()[-1]: answer.lo for part, answer in each.items()} for each in said]


def test_the_coefficient_is_what_is_known_of_its_loads(book):
    """Whatever their order: of 1 to n it is (n - 1) / 3n."""
    found = told(book, *(owned(loads) for loads, _ in KNOWN.values()))
    assert [each["load_gini"] for each in found] == pytest.approx([value for _, value in KNOWN.values()], abs=1e-12)
    assert [each["owners"] for each in found] == [len(loads) for loads, _ in KNOWN.values()]


def test_nobody_who_answers_is_neither_even_nor_uneven(book):
    """Of no loads there is no coefficient, and no owner."""
    [found] = told(book, Ledger())
    assert (found["load_gini"], found["owners"]) == (None, 0)


def test_one_name_beside_all_orphans_leaves_none_and_is_seen(book):
    """It takes away every orphan; the coefficient rises, and most of all lie on one."""
    before, after = told(book, ledger := owned([2, 2, 2], besides=12), taken(ledger))
    assert (before["percent"], after["percent"]) == (pytest.approx(100 * 12 / 18), 0)
    assert (before["load_gini"], after["load_gini"]) == (0, pytest.approx(4 * 12 / 9 / (2 * 18 / 3)))
    assert (before["load_most"], after["load_most"]) == (2, 14)


def test_one_name_beside_everything_is_seen_in_the_number_of_owners(book):
    """The coefficient cannot tell that one from the evenest spread: that is why it does not stand alone."""
    spread, caught = told(book, owned([3] * 4), owned([12]))
    assert spread["load_gini"] == caught["load_gini"] == 0
    assert (spread["owners"], spread["load_most"]) == (4, 3)
    assert (caught["owners"], caught["load_most"]) == (1, 12)
