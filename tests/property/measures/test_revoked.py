"""What a log that leaves ends open says of how long access outlives an agent, or a policy: by hand."""

import pytest

from tests.ledgers import DAY, HOUR, UNKNOWN, Credential, Event, Grant, Ledger, Life, Policy

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
    assert (said["at_risk"], said["ended"]) == ((2, 2, 0), (2, 2, 0))


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
    assert said["ended"] == (0, 1, 1)
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
