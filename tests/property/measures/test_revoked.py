"""What a log that leaves ends open says of how long access outlives an agent, or a policy: by hand."""

from dataclasses import replace

import pytest

from tests.ledgers import (
    DAY,
    HOUR,
    UNKNOWN,
    Credential,
    Event,
    Grant,
    Incident,
    Ledger,
    Life,
    Policy,
    Possessor,
    Task,
)

CHANGED = Ledger(4 * HOUR, policies=[Policy(7), Policy(8, 2 * HOUR)])
LEFT = Ledger(4 * HOUR, agents=2, lives=[Life(1, -DAY, HOUR)])
GIVEN = [Grant(["write money"], -DAY, HOUR, agent=1)]


def test_ends_that_a_log_leaves_open_are_bounds_of_what_a_policy_was_too_late_for(bounded):
    """One credential may have ended half an hour to an hour after the change, another did after 20 minutes."""
    held = [Credential(["write money"], 0, 3 * HOUR, vague=HOUR / 2), Credential(["write money"], 0, 140 * 60)]
    said = bounded.one("revoke_on_policy_change", CHANGED.having(credentials=held))
    assert said["p50"][:2] == (20 * 60, 20 * 60)
    assert said["p95"][:2] == (HOUR / 2, HOUR)
    assert said["restricted_mean"][:2] == (25 * 60, 40 * 60)
    assert (said["at_risk"], said["ended"], said["ends"]) == ((2, 2, 0), (2, 2, 0), (1, 2, 1))


@pytest.mark.parametrize("doubtful", [(HOUR, 3 * HOUR, 90 * 60), (0, 9000, HOUR)], ids=["not begun", "ended"])
def test_what_may_not_have_been_accepted_when_a_policy_changed_leaves_all_open(bounded, doubtful):
    """It may be one of them or not, so that no figure of the others is a bound."""
    starts, ends, vague = doubtful
    held = [Credential(["write money"], starts, ends, vague=vague), Credential(["write money"], 0, 3 * HOUR)]
    said = bounded.one("revoke_on_policy_change", CHANGED.having(credentials=held))
    assert {answer[:2] for answer in said.values()} == {(None, None)}
    assert all(answer.unknowns for answer in said.values())


def test_ends_that_a_log_leaves_open_are_bounds_of_what_outlives_an_agent(bounded):
    """Its key may have ended an hour or two after it was abandoned; with what it was given it had lost all but that."""
    held = [Credential(["write money"], -HOUR, 3 * HOUR, agent=1, vague=HOUR)]
    said = bounded.one("revoke_on_offboarding", LEFT.having(credentials=held, grants=GIVEN))
    assert said["p50"][:2] == said["restricted_mean"][:2] == (HOUR, 2 * HOUR)


def test_an_end_that_may_lie_beyond_the_log_is_no_end_that_was_seen(bounded):
    """Nor is it none: of one agent at most one."""
    held = [Credential(["write money"], -HOUR, 5 * HOUR, agent=1, vague=2 * HOUR)]
    said = bounded.one("revoke_on_offboarding", LEFT.having(credentials=held, grants=GIVEN))
    assert said["ended"] == said["ends"] == (0, 1, 1)
    assert said["p50"][:2] == (2 * HOUR, None)


def test_an_agent_of_which_no_list_tells_what_it_was_given_leaves_all_open(bounded):
    """It may have been given more than the log shows it to have had."""
    held = [Credential(["write money"], -HOUR, 3 * HOUR, agent=1)]
    said = bounded.one("revoke_on_offboarding", LEFT.having(credentials=held))
    assert {answer[:2] for answer in said.values()} == {(None, None)}


def test_no_policy_changes_while_nobody_knows_when_credentials_were_accepted(book):
    """Where one has no known end, no time of any is told; where no policy changed that is no matter."""
    held = [Credential(["write money"], 0, UNKNOWN), Credential(["write money"], 0, 3 * HOUR)]
    one, other = (book.one("revoke_on_policy_change", each.having(credentials=held)) for each in (CHANGED, LEFT))
    assert one["p50"] == (None, None, 1)
    assert other["at_risk"] == (0, 0, 0)


def test_a_yes_in_time_ends_what_rested_on_the_policy_before(book):
    """A renewal that somebody agreed to since is of the new policy; one that nobody was asked about is not."""
    held = [Credential(["write money"], 0, 150 * 60), Credential(["write money"], 150 * 60, 3 * HOUR)]
    renewed = Event("renew", 150 * 60, credential=0, issued=1)
    asked = Event("decide", 149 * 60, credential=0, decision="allow")
    silent, agreed = (
        book.one("revoke_on_policy_change", CHANGED.having(credentials=held, events=events))["p50"].lo
        for events in ([renewed], [asked, renewed])
    )
    assert (silent, agreed) == (HOUR, HOUR / 2)


def test_what_one_end_takes_along_ended_once(book):
    """Five tasks: four by one key, of which three ended before it did; the fifth by a token that its end was meant for.

    So do two agents of which one clean-up removed the keys, and two credentials that were renewed to the same.
    """
    keys = [Credential(["write money"], -DAY, 3 * HOUR), Credential(["write money"], 0, 50 * 60)]
    tasks = [Task(n, 0, (n + 1) * HOUR, "completed") for n in range(5)]
    used = [Event("use", n * HOUR + 1, credential=int(n == 4), task=n, decision="allow") for n in range(5)]
    said = book.one("time_to_revoke", Ledger(DAY, tasks=tasks, credentials=keys, events=used))
    # At 3 h what the first three had ended; the others when they did, for nothing was left.
    assert (said["ended"].lo, said["ends"]) == (5, (3, 3, 0))
    lives = [Life(agent, -DAY, HOUR) for agent in (1, 2)]
    held = [Credential(["write money"], -HOUR, 3 * HOUR, agent=agent) for agent in (1, 2)]
    gone = book.one("revoke_on_offboarding", Ledger(DAY, agents=3, lives=lives, credentials=held))
    assert (gone["ended"].lo, gone["ends"]) == (2, (1, 1, 0))
    renewed = [Event("renew", 150 * 60, credential=n, issued=2) for n in (0, 1)]
    both = [*[Credential(["write money"], 0, 150 * 60)] * 2, Credential(["write money"], 150 * 60, 3 * HOUR)]
    changed = book.one("revoke_on_policy_change", CHANGED.having(credentials=both, events=renewed))
    assert (changed["ended"].lo, changed["ends"]) == (2, (1, 1, 0))


def test_what_a_task_may_not_have_used_may_have_no_end(bounded):
    """One task used what ended an hour later; another may have used what ended with it, if it was let."""
    tasks = [Task(0, 0, HOUR, "completed"), Task(1, 0, HOUR / 2, "completed")]
    held = [Credential(["write money"], 0, 2 * HOUR), Credential(["write money"], 0, HOUR / 2)]
    used = [Event("use", 60, credential=n, task=n, decision=("allow", None)[n]) for n in (0, 1)]
    said = bounded.one("time_to_revoke", Ledger(DAY, tasks=tasks, credentials=held, events=used))
    assert said["ended"][:2] == said["ends"][:2] == (1, 2)
    assert said["ends"].unknowns


def test_an_agent_that_is_gone_had_what_it_had(book):
    """Its task and its compromise were before it was abandoned, and its key goes on for eight hours after the one."""
    key = Credential(["write money"], -HOUR, 10 * HOUR, agent=1, task=3)
    worked = LEFT.having(
        seconds=DAY, credentials=[key], tasks=[Task(3, HOUR, 2 * HOUR, "completed", agent=1)],
        incidents=[Incident(2 * HOUR, agent=1, detected=4 * HOUR)], lives=[Life(1, -DAY, 5 * HOUR)],
    )  # fmt: skip
    assert book.one("time_to_revoke", worked)["p50"] == (8 * HOUR, 8 * HOUR, 0)
    assert book.one("revoke_on_compromise", worked)["t1b p50"] == (8 * HOUR, 8 * HOUR, 0)
    realised = book.one("realised_radius", worked)
    assert realised["t1b gone_before_detection_percent"].lo == 0
    assert realised["t1b detection_per_tail"].lo == 0.25
    unsure = worked.having(credentials=[replace(key, ends=UNKNOWN)])
    assert book.one("revoke_on_compromise", unsure)["t1b incidents"] == (1, 1, 0)
    for name, part in (("time_to_revoke", "p50"), ("revoke_on_compromise", "t1b p50")):
        assert book.one(name, unsure)[part] == (None, None, 1)
    realised = book.one("realised_radius", unsure)
    for stat in ("gone_before_detection_percent", "detection_per_tail"):
        assert realised[f"t1b {stat}"] == (None, None, 1)
    assert realised["t1b incidents"] == (1, 1, 0)


def test_what_is_accepted_before_and_after_is_not_accepted_in_between(book):
    """Its holder was given it for an hour, and again when the policy had changed and the thief had been."""
    held = [Credential(["write money"], 0, 10 * HOUR, resolved="looked_up")]
    given = [Grant(["write money"], HOUR, 2 * HOUR), Grant(["write money"], 8 * HOUR, 9 * HOUR)]
    jit = CHANGED.having(seconds=DAY, credentials=held, grants=given, policies=[Policy(7), Policy(8, 5 * HOUR)])
    assert book.one("revoke_on_policy_change", jit)["at_risk"] == (0, 0, 0)
    said = book.one("revoke_on_compromise", jit.having(incidents=[Incident(5 * HOUR)]))
    assert (said["t1b incidents"], said["t1b took"], said["t1b p50"]) == ((1, 1, 0), (0, 0, 0), (None, None, 0))


def test_who_is_robbed_of_nothing_is_no_quick_revocation(book):
    """Of four agents of which one has something, for seven hours more: so long, and not 0 as the other three."""
    struck = [Incident(5 * HOUR, agent=agent) for agent in range(4)]
    robbed = Ledger(DAY, agents=4, incidents=struck, credentials=[Credential(["write money"], ends=12 * HOUR)])
    said = book.one("revoke_on_compromise", robbed)
    assert (said["t1b incidents"].lo, said["t1b took"].lo, said["t1b at_risk"].lo) == (4, 1, 1)
    assert {said[f"t1b {stat}"] for stat in ("p50", "p95", "restricted_mean")} == {(7 * HOUR, 7 * HOUR, 0)}


def test_what_an_earlier_attacker_had_made_does_not_lie_with_the_agent(book):
    """Of the second theft only the agent's own key tells how long it lasts; the first attacker has the other."""
    held = [Credential(["write money"], 0, 6 * HOUR), Credential(["write money"], 2 * HOUR, 20 * HOUR)]
    made = [Event("issue", 2 * HOUR, issued=1, attacker=True)]
    robbed = Ledger(DAY, credentials=held, events=made, incidents=[Incident(5 * HOUR, detected=7 * HOUR)])
    said = book.one("realised_radius", robbed)
    assert said["t1b gone_before_detection_percent"].lo == 100
    assert said["t1b detection_per_tail"].lo == 2


def test_a_key_of_nobody_knows_whom_is_not_proven_to_be_shared(bounded):
    """Whoever made it may be its holder."""
    key = Credential(["write money"], agent=None, kind="access_key", handed=True)
    said = bounded.one("identity_debt", Ledger(credentials=[key], possessors=[Possessor(0)]))
    assert said["shared_secret closing"][:2] == (0, None)
