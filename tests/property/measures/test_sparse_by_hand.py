"""What logs tell of cells that no claim of theirs promises, case by case: each case shows what is easily got wrong."""

import pytest

from tests.ledgers import HOUR, Answer, Event, Ledger, Owner, Task
from tests.property.measures.unsaid import rebuilt


def test_a_denial_that_names_no_action_is_no_violation_for_certain():
    """One call of a task was let in, and one refused, which may have been intended as well."""
    events = [
        Event("task_start", 0, task=0),
        Event("use", 10, task=0, atom="read notes", action=0, decision="allow"),
        Event("use", 20, task=0, atom="write money", decision="deny"),
    ]
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=events)
    [[said]] = rebuilt(["scope_violations"], [[log]])["scope_violations"]
    assert (said["attempted"], said["done"]) == (Answer(0, 1000, 1), Answer(0, 0, 0))
    assert said["stopped_percent"] == Answer(100, 100, 1)


def test_what_a_call_of_unknown_outcome_touched_counts_where_it_is_told():
    """One that was no write, and on no jewel, may have been a violation, but none of those that are worse."""
    events = [
        Event("task_start", 0, task=0),
        Event("use", 10, task=0, atom="read money", action=0, decision="allow"),
        Event("use", 20, task=0, atom="read notes"),
    ]
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=events)
    [[said]] = rebuilt(["scope_violations"], [[log]])["scope_violations"]
    assert (said["attempted"], said["done"]) == (Answer(0, 1000, 1), Answer(0, 1000, 1))
    assert (said["jewels_done"], said["shared_done"]) == (Answer(0, 0, 1), Answer(0, 0, 1))


def test_a_task_that_does_what_it_intends_leaves_nothing_open():
    """Its call named its action and was let in: no violation, and none that was stopped."""
    events = [Event("task_start", 0, task=0), Event("use", 10, task=0, atom="write money", action=0, decision="allow")]
    [[said]] = rebuilt(["scope_violations"], [[Ledger(HOUR, tasks=[Task(0, 0)], events=events)]])["scope_violations"]
    assert said["attempted"] == said["done"] == (0, 0, 0)
    assert said["stopped_percent"] == (None, None, 0)


@pytest.mark.parametrize(
    ("reader", "decision", "shared"),
    [(0, "allow", (1000, 1000, 0)), (0, None, (0, 1000, 1)), (1, "allow", (0, 0, 0)), (1, None, (0, 0, 0))],
)
def test_what_a_task_read_before_the_window_it_may_share_from_its_first_instant(reader, decision, shared):
    """It read of money, or that is open, and wrote to notes as the window began; what another read went nowhere."""
    events = [
        *(Event("task_start", -90, task=task) for task in (0, 1)),
        Event("use", -60, task=reader, atom="read money", decision=decision),
        Event("use", 0, task=0, atom="write notes", decision="allow"),
        Event("use", 10, task=0, atom="read notes", action=0, decision="allow"),
    ]
    log = Ledger(HOUR, tasks=[Task(0, -90), Task(1, -90)], events=events)
    [[said]] = rebuilt(["scope_violations"], [[log]])["scope_violations"]
    assert said["shared_done"] == shared


ANSWERED = {"approval": 0, "decision": "allow", "reason": "approver", "asked": "desk"}


def reached(*answers, left=5, resting=0):
    """What is told of a way to the owner, who left at some time, where a jewel is used once humans answered."""
    use = Event("use", 1000, task=0, action=0, approval=resting, atom="write money", decision="allow")
    owners, events = [Owner(0, ends=left)], [Event("task_start", 0, task=0), *answers, use]
    return Ledger(HOUR, tasks=[Task(0, 0)], owners=owners, events=events)


def asked_at(time):
    """A request, and its answer at 430 seconds by nobody whom the agent's entries name."""
    about = {"task": 0, "action": 0}
    return Event("request_approval", time, **about), Event("decide_approval", 430, 90, **ANSWERED, **about)


def owners_told(*logs):
    """What is told of ways to owners, log by log."""
    return [each["owner valid_percent"] for each in rebuilt(["human_reach"], [logs])["human_reach"][0]]


@pytest.mark.parametrize(
    ("asked", "left", "most", "open_"), [(10, 400, 100, 1), (10, 5, 0, 1), (430, 400, 0, 0), (430, 430, 0, 0)]
)
def test_an_approval_was_taken_up_between_its_request_and_its_answer(asked, left, most, open_):
    """Answered at 430 seconds: the owner may have been there since it was asked for, if he had not left before."""
    assert owners_told(reached(*asked_at(asked), left=left)) == [Answer(0, most, open_)]


def test_what_was_asked_for_in_another_run_was_not_asked_for_in_this_one():
    """Both have an approval of the same number, and the owner left between the two requests."""
    assert owners_told(*(reached(*asked_at(time), left=100) for time in (10, 300))) == [(0, 100, 1), (0, 0, 1)]


@pytest.mark.parametrize(("action", "most"), [(0, 100), (None, 100), (1, 0)])
def test_an_answer_about_another_action_is_none_to_this_one(action, most):
    """The owner answered, which shows him reached for the action that he answered about, and for no other."""
    answer = Event("decide_approval", 430, 90, task=0, action=action, takes=0, **ANSWERED | {"asked": "owner"})
    [said] = owners_told(reached(answer))
    assert said.hi == most


@pytest.mark.parametrize(("resting", "said"), [(0, Answer(0, 100, 1)), (None, Answer(0, 0, 0))])
def test_an_answer_that_names_no_approval_may_be_to_any_that_a_use_rests_on(resting, said):
    """The owner, who has left, answered, which shows him reached for that, and for no use that rests on none."""
    answer = Event("decide_approval", 430, 90, task=0, takes=0, **ANSWERED | {"approval": None, "asked": "owner"})
    assert owners_told(reached(answer, resting=resting)) == [said]


@pytest.mark.parametrize(
    ("asked", "said"),
    [("owner", (100, 100, 0)), (None, (0, 100, 1)), ("on_call", (0, 0, 0)), ("desk", (0, 0, 0))],
)
def test_only_an_answer_by_the_owner_shows_a_way_to_him(asked, said):
    """He had left; whoever answered was reached all the same, and if nobody knows who that was, it may be he."""
    answer = Event("decide_approval", 430, 90, task=0, action=0, takes=0, **ANSWERED | {"asked": asked})
    assert owners_told(reached(answer)) == [said]


@pytest.mark.parametrize(("atom", "least", "most"), [("read notes", 10, 50), ("read money", 15, 40)])
def test_a_call_that_does_not_say_what_it_touched_touched_one_thing_at_most(atom, least, most):
    """Beside a part of the estate of 60, of which it may be more, at most the 40 of money."""
    resting = {"task": 0, "approval": 0}
    events = [
        Event("task_start", 0, task=0),
        Event("use", 10, atom=atom, action=0, decision="allow", **resting),
        Event("use", 20, action=1, **resting),
    ]
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=events)
    [[said]] = rebuilt(["approval_radius"], [[log]])["approval_radius"]
    # Weights are whole numbers of small parts, and none of them may be missing.
    assert said["value_mean"] == (pytest.approx(least / 0.6, rel=1e-10), pytest.approx(most / 0.6, rel=1e-10), 1)


@pytest.mark.parametrize(("left", "most"), [(2000, 50), (250, 50), (150, 0)])
def test_two_answers_to_one_approval_are_taken_up_once(left, most):
    """One of two uses rests on an approval that two people took up, at 190 and 290; the other, at 3000, on none.

    Only where the owner left before the first of these moments is his entry wrong of both uses.
    """
    about = {"reason": "approver", "approval": 0, "action": 0, "task": 0, "takes": 10, "asked": "desk"}
    events = [
        Event("task_start", 0, task=0),
        *(
            Event("decide_approval", time, agent=person, decision="allow", **about)
            for time, person in ((200, 90), (300, 91))
        ),
        Event("use", 1000, task=0, action=0, atom="write money", decision="allow", approval=0),
        Event("use", 3000, task=0, action=1, atom="write money", decision="allow"),
    ]
    log = Ledger(HOUR, tasks=[Task(0, 0)], owners=[Owner(0, ends=left)], events=events)
    assert owners_told(log) == [Answer(0, most, 0)]


@pytest.mark.parametrize(
    ("sure", "doubtful", "least", "most"),
    [("read notes", "write money", 10, 30), ("write money", "read notes", 20, 40)],
)
def test_each_approval_that_may_have_been_used_may_count_in_the_mean(sure, doubtful, least, most):
    """One was used, two may have been: the mean is least and most with both or with neither, of an estate of 60."""
    calls = [Event("use", 10 * n, task=0, action=n, approval=n, atom=doubtful) for n in (1, 2)]
    known = Event("use", 30, task=0, action=3, approval=3, atom=sure, decision="allow")
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), *calls, known])
    [[said]] = rebuilt(["approval_radius"], [[log]])["approval_radius"]
    assert said["value_mean"] == (pytest.approx(least / 0.6), pytest.approx(most / 0.6), 2)


def test_each_call_in_doubt_counts_whatever_it_touched():
    """Two calls rest on one approval, and touch two groups: of an estate of 60, 10 at least if it was used, or 25."""
    calls = [
        Event("use", n, task=0, action=n, approval=0, atom=atom) for n, atom in enumerate(("read notes", "read money"))
    ]
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), *calls])
    [[said]] = rebuilt(["approval_radius"], [[log]])["approval_radius"]
    assert said["value_mean"] == (pytest.approx(10 / 0.6), pytest.approx(25 / 0.6), 2)


# Of how many approvals, how many calls rest on each: that were let in, and of which nobody knows.
@pytest.mark.parametrize(
    ("used", "mean", "p95", "most", "open_"),
    [
        # One of twenty is no more than a twentieth.
        ([(2, 0), *[(1, 0)] * 19], (1.05, 1.05), (1, 1), (2, 2), 0),
        ([(2, 0), *[(1, 0)] * 18], (20 / 19, 20 / 19), (2, 2), (2, 2), 0),
        # At most where all were used for all, at least where none was in doubt.
        ([(1, 0), (0, 2), (0, 2)], (1, 5 / 3), (1, 2), (1, 2), 4),
    ],
)
def test_an_approval_that_may_have_been_used_may_count_with_all_its_uses(used, mean, p95, most, open_):
    """The mean, the ninety-fifth percentile and the most of the uses of one yes, each at least and at most."""
    outcomes = [(n, each) for n, (sure, perhaps) in enumerate(used) for each in ["allow"] * sure + [None] * perhaps]
    calls = [
        Event("use", 10, task=0, action=n, approval=n, atom="read notes", decision=decision) for n, decision in outcomes
    ]
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), *calls])
    [[said]] = rebuilt(["approval_reach"], [[log]])["approval_reach"]
    told = {stat: said[f"uses_{stat}"] for stat in ("mean", "p95", "max")}
    assert told == {"mean": (*map(pytest.approx, mean), open_), "p95": (*p95, open_), "max": (*most, open_)}
