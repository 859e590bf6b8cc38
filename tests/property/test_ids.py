"""Packed identifiers: nothing collides, everything can be read back, what does not fit is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.audit import ids
from sim.audit.ids import BudgetError, PrincipalKind, Unit

AGENTS, ROOTS, NODES, ACTIONS = (st.integers(0, (1 << bits) - 1) for bits in (17, 20, 9, 11))
paths = st.tuples(AGENTS, ROOTS, NODES, ACTIONS)


def packed(agent, root, node, action):
    """The identifier of the action with this path."""
    return ids.action(ids.task(agent, root, node), action)


def credentials(agent, root, node, action, renewal=0):
    """A credential of each unit for one path."""
    of = {Unit.TASK: ids.task(agent, root, node), Unit.ACTION: packed(agent, root, node, action)}
    return [ids.credential(unit, of.get(unit, agent), renewal) for unit in Unit]


def test_an_identifier_is_its_path():
    """Agent 1, root 2, node 3, action 4, worked out by hand: ((1 × 2²⁰ + 2) × 2⁹ + 3) × 2¹¹ + 4."""
    assert ids.task(1, 2, 3) == 1_048_578 * 512 + 3
    assert packed(1, 2, 3, 4) == (1_048_578 * 512 + 3) * 2048 + 4
    assert ids.event(1, 2) == 2**40 + 2
    assert ids.principal(PrincipalKind.AGENT, 5) == 2 * 2**40 + 5
    assert ids.credential(Unit.TASK, ids.task(0, 0, 1), 2) == 2 * 2**61 + 2**15 + 2


@given(paths)
def test_a_path_can_be_read_back(path):
    """From an action its task, from a task its root and its agent."""
    agent, root, node, _ = path
    task = ids.task_of(packed(*path))
    assert task == ids.task(agent, root, node)
    assert ids.root_of(task) == ids.task(agent, root, 0)
    assert ids.agent_of(task) == agent


@given(paths, paths)
def test_identifiers_are_ordered_like_paths(one, other):
    """One path comes before another exactly where its identifier does; equal ones only have equal paths."""
    assert (packed(*one) < packed(*other)) == (one < other)
    assert (packed(*one) == packed(*other)) == (one == other)


@given(paths, paths, st.integers(0, 15), st.integers(0, 15))
def test_credentials_never_collide(one, other, renewal, another):
    """Credentials of different units, paths or renewals have different identifiers, of 63 bits."""
    of_one, of_other = credentials(*one, renewal), credentials(*other, another)
    assert len({*of_one}) == 4
    assert all(0 <= each < 2**63 for each in of_one)
    assert [each >> 61 for each in of_one] == list(Unit)
    assert of_one[3] != of_other[3] or (one, renewal) == (other, another)
    assert of_one[2] != of_other[2] or (one[:3], renewal) == (other[:3], another)
    assert of_one[1] != of_other[1] or (one[0], renewal) == (other[0], another)


@given(st.lists(paths, min_size=1))
def test_arrays_are_numbered_like_integers(many):
    """The form for arrays gives what the form for integers gives, element by element."""
    agent, root, node, action = np.array(many, dtype=np.int64).T
    numbers = packed(agent, root, node, action)
    assert numbers.tolist() == [packed(*path) for path in many]
    assert ids.root_of(ids.task_of(numbers)).tolist() == [ids.task(agent, root, 0) for agent, root, _, _ in many]


def test_no_rows_have_no_identifiers():
    """Empty arrays are no error."""
    nothing = np.array([], dtype=np.int64)
    assert packed(nothing, nothing, nothing, nothing).size == 0


@pytest.mark.parametrize(
    ("make", "bits", "named"),
    [
        (lambda n: ids.task(n, 0, 0), 17, "agent"),
        (lambda n: ids.task(0, n, 0), 20, "root task of one agent"),
        (lambda n: ids.task(0, 0, n), 9, "node of one task tree"),
        (lambda n: ids.action(0, n), 11, "action of one task"),
        (lambda n: ids.credential(Unit.STANDING, 0, n), 44, "standing credential of one agent"),
        (lambda n: ids.credential(Unit.SESSION, 0, n), 44, "session credential of one agent"),
        (lambda n: ids.credential(Unit.TASK, 0, n), 15, "task credential of one task"),
        (lambda n: ids.credential(Unit.ACTION, 0, n), 4, "action credential of one action"),
        (lambda n: ids.approval(0, n), 4, "request for one action"),
        (lambda n: ids.approval(0, 0, n), 2, "person asked about one request"),
        (lambda n: ids.event(0, n), 40, "event of one agent"),
        (lambda n: ids.principal(PrincipalKind.HUMAN, n), 40, "principal of one kind"),
        (lambda n: ids.task(np.array([0, n]), np.array([0, 0]), np.array([0, 0])), 17, "agent"),
    ],
)
def test_what_does_not_fit_is_refused(make, bits, named):
    """The greatest number of a budget is accepted; one more, or less than none, is refused with the budget's name."""
    make((1 << bits) - 1)
    for number in (1 << bits, -1):
        with pytest.raises(
            BudgetError,
            match=rf"^{named} number {number} is more than fits .{2**bits - 1} at most.: run the scenario in parts",
        ):
            make(number)
