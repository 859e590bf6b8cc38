"""What a call needs, and what that is worth, is declared in a file that its reader may edit: `levels.toml` of a source.

`groups` put things together that let do the same: a thing in none of them is a group of its own. `levels` say of calls,
written as verb and thing, which access level they need, the first that matches; any other writes. `tiers` say how
sensitive groups are and `weights` what tiers and levels count for, in thousandths. Each section has its source.
"""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.ingest.observed import Level, Weight
from analysis.ingest.patterns import Pattern, any_of


@dataclass(frozen=True)
class Levels:
    """What is declared in one file."""

    path: Path

    @cached_property
    def declared(self) -> dict[str, Any]:
        """The file as it stands."""
        return tomllib.loads(self.path.read_text("utf-8"))

    def group(self, thing: str) -> str:
        """The group that a thing is declared to be in, else one of its own."""
        return next((name for name, things in self._groups if things.match(thing)), thing)

    def level(self, call: str) -> Level:
        """The access level that a call is declared to need."""
        return next((level for level, calls in self._levels if calls.match(call)), "write")

    def weight(self, group: str, level: Level) -> Weight:
        """What an access level on a group is declared to be worth."""
        weights = self.declared["weights"]
        tier = next((number for number, groups in self._tiers if groups.match(group)), self.declared["tiers"]["other"])
        return Weight(tier, weights[f"tier_{tier}"], weights[level])

    @cached_property
    def _groups(self) -> tuple[tuple[str, Pattern], ...]:
        return tuple((each["name"], any_of(each["things"])) for each in self.declared["groups"])

    @cached_property
    def _levels(self) -> tuple[tuple[Level, Pattern], ...]:
        return tuple((each["level"], any_of(each["calls"])) for each in self.declared["levels"])

    @cached_property
    def _tiers(self) -> tuple[tuple[int, Pattern], ...]:
        tiers = self.declared["tiers"]
        return tuple((number, any_of(tiers[f"tier_{number}"])) for number in (3, 2, 1) if f"tier_{number}" in tiers)
