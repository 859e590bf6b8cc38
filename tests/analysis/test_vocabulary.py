"""What the words of an audit log mean is declared in a file, and a source is known by its keys."""

import json

import pytest

from analysis.ingest.levels import remembered
from analysis.ingest.observed import Atom, Weight
from analysis.ingest.patterns import Keys
from analysis.ingest.vocabulary import Vocabulary
from sim.audit.ids import PrincipalKind
from sim.audit.rows import Decision, Reason

DECLARED = """
[weights]
tier_1 = 1
tier_2 = 2
tier_3 = 3
list = 20
read = 40
write = 80
permissions = 100

[[groups]]
name = "keys"
things = ["token", "secret.*"]

[tiers]
other = 1
tier_3 = ["keys"]

[[levels]]
level = "permissions"
calls = ["*.grant"]

[[levels]]
level = "read"
calls = ["*.get"]

[answers]
refused = ["DENY", "no *"]
expired = ["too late"]
undecided = ["later"]
otherwise = "let_in"
source = "made up"

[parties]
human = ["User"]
agent_instance = ["Agent*"]
otherwise = "service"
source = "made up"
"""
KEYS = Keys(always=("published", "eventType"), mostly=("actor", "outcome", "target"), least=2)


@pytest.fixture
def words(tmp_path):
    """The words that a file declares."""
    path = tmp_path / "levels.toml"
    path.write_text(DECLARED, "utf-8")
    return Vocabulary(path)


@pytest.mark.parametrize(
    ("said", "decision", "reason"),
    [
        (("DENY",), Decision.DENY, Reason.OUT_OF_SCOPE),
        (("no luck",), Decision.DENY, Reason.OUT_OF_SCOPE),
        (("too late",), Decision.DENY, Reason.EXPIRED),
        (("later",), None, None),
        (("made up", "source"), Decision.ALLOW, None),
        ((None, "deny"), Decision.ALLOW, None),
        ((), Decision.ALLOW, None),
        (("anything", "too late", "DENY"), Decision.DENY, Reason.EXPIRED),
    ],
)
def test_answers_mean_what_is_declared(words, said, decision, reason):
    """The first word that is declared says whether somebody was let in; for all others one answer is declared."""
    answer = words.answer(*said)
    assert (answer.decision, answer.reason) == (decision, reason)


def test_nobody_fills_the_memory_with_long_words():
    """What a word means is found out once, unless it is so long that remembering many would take much memory."""
    asked = []
    meaning = remembered(lambda *words: asked.append(words) or len(asked))
    long = "x" * 300
    assert [meaning("get", "secret"), meaning("get", "secret"), meaning(long), meaning("get", long)] == [1, 1, 2, 3]
    assert meaning(long) == 4


def test_parties_are_what_is_declared(words):
    """A kind of who acts is a person or an agent only where that is declared of its word."""
    kinds = [words.party(word) for word in ("User", "AgentIdentity", "user", "source", "", None)]
    assert kinds == [PrincipalKind.HUMAN, PrincipalKind.AGENT_INSTANCE, *[PrincipalKind.SERVICE] * 4]


def test_atoms_are_levels_on_groups(words):
    """What an operation needs is its level on the group of what it is about, worth the same in any place."""
    here, anywhere = words.atom("secret.grant", "secret.x", "acme"), words.atom("note.get", "note")
    assert (here, anywhere) == (Atom("keys in acme", "permissions"), Atom("note", "read"))
    assert [words.weight(each) for each in (here, anywhere)] == [Weight(3, 3, 100), Weight(1, 1, 40)]


@pytest.mark.parametrize(
    ("record", "known"),
    [
        ({"published": 1, "eventType": 2, "actor": 3, "target": 4}, True),
        ({"PUBLISHED": 1, "eventtype": 2, "Actor": 3, "target": 4}, True),
        ({"published": 1, "eventType": 2, "actor": 3}, False),
        ({"published": 1, "actor": 2, "outcome": 3, "target": 4}, False),
        ({"published": 1, "eventType": 2, "actor": json.dumps({"target": 1, "outcome": 2})}, False),
    ],
)
def test_records_are_known_by_their_keys(record, known):
    """All that always are and as many as need be of the others are keys, whatever their capitals; texts hold none."""
    assert KEYS.among(record) is known
