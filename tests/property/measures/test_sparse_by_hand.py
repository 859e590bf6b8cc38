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


ANSWERED = {"approval": 0, "decision": "allow", "reason": "approver", "asked": "desk"}


def reached(*answers, left=5):
    """What is told of a way to the owner, who left at some time, where a jewel is used once humans answered."""
    use = Event("use", 1000, task=0, action=0, approval=0, atom="write money", decision="allow")
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


def test_an_answer_by_anybody_else_shows_no_way_to_the_owner():
    """He had left; somebody else answered."""
    answer = Event("decide_approval", 430, 90, task=0, action=0, takes=0, **ANSWERED)
    assert owners_told(reached(answer)) == [Answer(0, 0, 0)]


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


def test_two_answers_to_one_approval_are_taken_up_once():
    """One of two uses rests on an approval that two people answered; before the other the owner has left."""
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
    log = Ledger(HOUR, tasks=[Task(0, 0)], owners=[Owner(0, ends=2000)], events=events)
    [[said]] = rebuilt(["human_reach"], [[log]])["human_reach"]
    assert said["owner valid_percent"] == Answer(0, 50, 0)


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
