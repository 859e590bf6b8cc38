"""Of calls of which nobody knows whether they were let in, some were and some were not: an interval holds either."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.ledgers import HOUR, UNKNOWN, Event, Ledger, Task
from tests.property.measures.chance import some
from tests.property.measures.doubts import outcomes, within
from tests.property.measures.forensic import forensics, told_apart

MORNING = Ledger(seconds=4 * HOUR)
# No more of them than that, so that all ways can be tried.
FEW = 6


def test_an_interval_holds_whatever_may_have_been(bounded):
    """Each call in doubt may have been let in, also one that is no change: it may be what a field tells apart."""
    drawn = some(told_apart(), 60, "doubted")
    doubted = [each for each in drawn if 0 < sum(e.decision is None for e in each.events if e.kind == "use") <= FEW]
    assert len(doubted) > 20
    known = Counter()
    for ledger, said in zip(doubted, bounded.told(["forensics"], doubted)["forensics"], strict=True):
        known.update(part for part, answer in said.items() if answer.lo is not UNKNOWN)
        for way in outcomes(ledger):
            # What an outcome was is told in none of them, which is what that share counts.
            for part, value in (forensics(way, log=True) | {"outcome": UNKNOWN}).items():
                within(part, said[part], value)
    # Few changes are decided on one by one; all else has a lower end in many ledgers, so that it can be wrong.
    assert known["policy"] > 0
    assert min(known[part] for part in said if part != "policy") > len(doubted) / 4


@pytest.mark.parametrize(
    ("part", "one", "other", "told"),
    [
        ("who", {"agent": 0}, {"agent": 1}, (0, 100)),
        ("intent", {"task": 0}, {"task": 1}, (0, 100)),
        ("tool", {"tool": "a"}, {"tool": "b"}, (0, 100)),
        ("touch", {"resource": 7}, {"resource": 8}, (0, 100)),
        ("credential", {"credential": 7}, {"credential": 8}, (0, 100)),
        # Only the sure ones copy the credential; the other, if let in, shows that it is none of them.
        ("task", {"task": 5, "credential": 5}, {"task": 6, "credential": 7}, (0, 100)),
    ],
)
def test_whether_a_field_tells_anything_hangs_on_calls_in_doubt(bounded, part, one, other, told):
    """Two changes with one value, and a look with another one of which nobody knows whether it was let in."""
    about = {"agent": 0, "credential": 9, "tool": "a", "task": 0, "resource": 7}
    sure = [Event("use", time, atom=atom, decision="allow", args=time, **about | one)
            for time, atom in ((1, "write money"), (2, "write notes"))]  # fmt: skip
    look = Event("use", 3, atom="read notes", args=3, **about | other)
    tasks = [Task(0, 0, intent="pay"), Task(1, 0, intent="look"), Task(2, 0, intent="pay")]
    ledger = MORNING.having(
        agents=2, tasks=tasks, events=[*sure[:1], replace(sure[1], task=2) if part == "intent" else sure[1], look]
    )
    said = bounded.one("forensics", ledger)[part]
    assert (said.lo, said.hi, said.unknowns) == (*told, 1)
