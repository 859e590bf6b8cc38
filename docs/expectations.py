"""Whether what was expected came out: each row of expectations.md beside the model that it changes.

Prints a line a row, with the paired 95 % interval of the difference; exit code 1 where a row disagrees that the section
`Disagreements` does not name.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.statistics import Interval, difference
from outlive import Request, compare
from outlive.bundled import find

_PAGE = Path(__file__).with_suffix(".md")
_ROW = re.compile(r"\|(?: `(\w+)` \|)? `(\w+)` \| `([\w.]+)=([^`]+)` \| `(\w+)` \| ([-+0]) \|")
_USUAL = "support_midsize"
# A Sunday to warm up, a Monday measured; where tasks are longer than in support one agent a team is enough.
_SMALL = {
    "scenario.start": "2026-01-04T00:00:00Z", "scenario.window.hours": 24, "scenario.window.warm_up_hours": 24,
}  # fmt: skip
_AGENTS, _AGENTS_ELSEWHERE = 6, 3
_REPLICATES = 10


@dataclass(frozen=True)
class Expectation:
    """One knob of one model changed in a scenario, and which way a quantity should go."""

    scenario: str
    model: str
    key: str
    value: str
    quantity: str
    sign: str

    def holds(self, found: Interval) -> bool:
        """Whether the interval lies on the expected side of zero, or holds it."""
        if self.sign == "0":
            return not found.excludes_zero
        return found.excludes_zero and (found.mean > 0) == (self.sign == "+")


def expectations() -> list[Expectation]:
    """The rows of the page, in its order."""
    rows = _ROW.findall(_PAGE.read_text("utf-8"))
    return [Expectation(scenario or _USUAL, *row) for scenario, *row in rows]


@cache
def changed(scenario: str, model: str, key: str, value: str) -> dict[str, Interval]:
    """For each quantity the paired difference that one change of one model makes."""
    with TemporaryDirectory() as folder:
        values = [_values(Path(folder), (scenario, model), settings) for settings in ({}, {key: value})]
    return {name: difference(values[1][name], values[0][name], 1) for name in values[0]}


def _values(folder: Path, of: tuple[str, str], changes: dict[str, str]) -> dict[str, tuple[float, ...]]:
    """The replicates of each quantity of a scenario under a model, with some knobs of either set otherwise."""
    scenario, model = of
    places = {"control": f"control.{model}"}
    agents = _AGENTS if scenario == _USUAL else _AGENTS_ELSEWHERE
    settings = {**_SMALL, "scenario.fleet.agents": agents} | {
        _placed(key, places): _typed(value) for key, value in changes.items()
    }
    request = Request(scenario, [str(find("controls", model))], _REPLICATES, settings=settings)
    [row] = compare(request, folder / f"{len(list(folder.iterdir()))}.duckdb").rows
    return {each.column.key: each.values for each in (*row.cells, *row.supporting)}


def _placed(key: str, places: dict[str, str]) -> str:
    first, _, rest = key.partition(".")
    return f"{places.get(first, first)}.{rest}"


def _typed(value: str) -> object:
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def main() -> int:
    """Print how each row came out; 1 if one disagrees and is not explained."""
    explained, unexplained = _PAGE.read_text("utf-8").partition("## Disagreements")[2], 0
    for each in expectations():
        found = changed(each.scenario, each.model, each.key, each.value)[each.quantity]
        holds = each.holds(found)
        known = f"`{each.key}={each.value}`" in explained and f"`{each.quantity}`" in explained
        unexplained += not (holds or known)
        verdict = "as expected" if holds else "disagrees, explained" if known else "DISAGREES"
        place = "" if each.scenario == _USUAL else f"{each.scenario} "
        change = f"{place}{each.model} {each.key}={each.value}"
        span = f"{found.mean:+.4g} [{found.lo:+.4g}, {found.hi:+.4g}]"
        sys.stdout.write(f"{change:80} {each.quantity:10} {each.sign}  {span:34}  {verdict}\n")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
