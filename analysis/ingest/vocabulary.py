"""An audit log speaks in words of its own, of operations, answers, kinds of who acts; what they mean is declared.

That file is the `levels.toml` of a source (`levels`), where it has two more tables, of patterns in lists. `answers` say
which words mean that who asked was let in or not, and why (`MEANINGS`); `parties`, which words mean a person, a service
or whatever else acts. The first that matches counts; for all other words there is `otherwise`.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from analysis.ingest.levels import Levels
from analysis.ingest.observed import WITHIN, Atom, Weight
from analysis.ingest.outcome import Outcome
from analysis.ingest.patterns import any_of
from sim.audit.ids import PrincipalKind
from sim.audit.rows import Decision, Reason

# As many different words are remembered: a log has few, whoever writes what he likes into it any number.
_MANY: Final = 1 << 16


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
    # Nobody looked at it, or it is not told how that came out.
    "undecided": Outcome(),
}


class Vocabulary:
    """The words of one source; the file is read when first asked."""

    def __init__(self, path: Path) -> None:
        """Remember where it lies."""
        self._levels = Levels(path)

    @property
    def declared(self) -> dict[str, Any]:
        """The file as it stands."""
        return self._levels.declared

    def atom(self, operation: str, thing: str, place: str | None = None) -> Atom:
        """What an operation needs: its level on the group of a thing, in one place if the log tells places apart."""
        within = f"{WITHIN}{place}" if place else ""
        return Atom(self._group(thing) + within, self._levels_of(operation))

    def weight(self, atom: Atom) -> Weight:
        """What an atom is declared to be worth, in whatever place."""
        return self._levels.weight(atom.group.partition(WITHIN)[0], atom.level)

    def answer(self, *words: str | None) -> Outcome:
        """What an answer means, said in one word or in several, of which the first that is declared counts."""
        said = (found for word in words if word is not None and (found := self._meaning(word)))
        return MEANINGS[next(said, self.declared["answers"]["otherwise"])]

    def party(self, word: str | None) -> PrincipalKind:
        """Which kind of principal a word means."""
        return PrincipalKind[(word and self._kind(word)) or self.declared["parties"]["otherwise"].upper()]

    @cached_property
    def _group(self) -> Callable[[str], str]:
        return lru_cache(_MANY)(self._levels.group)

    @cached_property
    def _levels_of(self) -> Callable[[str], Any]:
        return lru_cache(_MANY)(self._levels.level)

    @cached_property
    def _meaning(self) -> Callable[[str], str | None]:
        return _first(self.declared["answers"])

    @cached_property
    def _kind(self) -> Callable[[str], str | None]:
        return _first({name.upper(): words for name, words in self.declared["parties"].items()})


def _first(table: Mapping[str, Any]) -> Callable[[str], str | None]:
    """Which list of a table has a word, by its name; those that are no lists say something of the table."""
    lists = [(name, any_of(words)) for name, words in table.items() if isinstance(words, list)]
    return lru_cache(_MANY)(lambda word: next((name for name, words in lists if words.match(word)), None))
