"""An audit log speaks in words of its own, of operations, answers, kinds of who acts; what they mean is declared.

That file is the `levels.toml` of a source (`levels`), with two more tables of lists of patterns. `answers` say which
words mean that whoever asked was let in or not, and why (`MEANINGS`); `parties`, which words mean a person, a service
or whatever else acts. The first list that matches counts; for all other words there is `otherwise`.
"""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, Final

from analysis.ingest.levels import Levels, remembered
from analysis.ingest.outcome import Outcome
from analysis.ingest.patterns import any_of
from sim.audit.ids import PrincipalKind
from sim.audit.rows import Decision, Reason

MEANINGS: Final[Mapping[str, Outcome]] = {
    # Also where it then failed for what was asked.
    "let_in": Outcome(Decision.ALLOW),
    # The credential was good, what it allows was not enough.
    "refused": Outcome(Decision.DENY, Reason.OUT_OF_SCOPE),
    # It would have been enough, but a rule about where, when or how somebody asks stood against it.
    "stopped": Outcome(Decision.DENY, Reason.POLICY),
    # It had been good once.
    "expired": Outcome(Decision.DENY, Reason.EXPIRED),
    "revoked": Outcome(Decision.DENY, Reason.REVOKED),
    # There is none such, or whoever used it could not prove to hold it.
    "not_accepted": Outcome(Decision.DENY),
    # There were too many, so that it was sent away before anybody looked at what it may.
    "turned_away": Outcome(Decision.DENY, Reason.THROTTLED),
    # Nobody looked at it, or it is not told how that came out.
    "undecided": Outcome(),
}


class Vocabulary(Levels):
    """The words of one source."""

    def answer(self, *words: str | None) -> Outcome:
        """What an answer means, said in one word or in several, of which the first that is declared counts."""
        known = (found for word in words if word is not None and (found := self.list_of("answers", word)))
        return MEANINGS[next(known, self.declared["answers"]["otherwise"])]

    def party(self, word: str | None) -> PrincipalKind:
        """Which kind of principal a word means."""
        known = word and self.list_of("parties", word)
        return PrincipalKind[(known or self.declared["parties"]["otherwise"]).upper()]

    def list_of(self, table: str, word: str) -> str | None:
        """The first list of a declared table that has a word, by the list's name; None where none has it."""
        return self._list_in(table)(word)

    @cached_property
    def _list_in(self) -> Callable[[str], Callable[[str], str | None]]:
        return cache(lambda table: _first(self.declared[table]))


def _first(table: Mapping[str, Any]) -> Callable[[str], str | None]:
    """Which list of a table has a word, by its name; an entry that is no list says something of the table."""
    lists = [(name, any_of(words)) for name, words in table.items() if isinstance(words, list)]
    return remembered(lambda word: next((name for name, words in lists if words.match(word)), None))
