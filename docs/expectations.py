"""Whether what was expected came out: each row of expectations.md beside the model that it changes.

Prints a line a row, with the paired 95 % interval of the difference and what came out: `+` or `-` where the interval
lies on that side of zero, `0` where all of it is within 5 % of what the unchanged model has, `?` where it settles
neither.
Exit code 1 where a row came out otherwise than it was expected and than the page's last section says.
"""

import re
import sys
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.statistics import Interval, Quantity, interval
from outlive import Request, compare
from outlive.bundled import find

_PAGE = Path(__file__).with_suffix(".md")
_ROW = re.compile(r"^\|(?: `(\w+)` \|)? `(\w+)` \| `([\w.]+)=([^`]+)` \| `(\w+)` \| ([-+0?]) \|", re.MULTILINE)
_OTHERWISE = "## What came out otherwise"
_USUAL = "support_midsize"
# A Sunday to warm up, a Monday measured; where tasks are longer than in support one agent a team is enough.
_SMALL = {
    "scenario.start": "2026-01-04T00:00:00Z", "scenario.window.hours": 24, "scenario.window.warm_up_hours": 24,
}  # fmt: skip
_AGENTS, _AGENTS_ELSEWHERE = 6, 3
_REPLICATES = 10
_NEGLIGIBLE = 0.05


@dataclass(frozen=True)
class Expectation:
    """One knob of one model changed in a scenario, and which way a quantity should go."""

    scenario: str
    model: str
    key: str
    value: str
    quantity: str
    sign: str


def outcome(found: Interval, unchanged: float) -> str:
    """Which way a quantity went; `0` if by less than a twentieth of what the unchanged model has."""
    if found.excludes_zero:
        small = max(abs(found.lo), abs(found.hi)) <= _NEGLIGIBLE * abs(unchanged)
        return "0" if small else "+" if found.mean > 0 else "-"
    return "0" if max(abs(found.lo), abs(found.hi)) <= _NEGLIGIBLE * abs(unchanged) else "?"


def expectations() -> list[Expectation]:
    """The rows of the page, in its order."""
    return _rows(_PAGE.read_text("utf-8").partition(_OTHERWISE)[0])


def otherwise() -> dict[Expectation, str]:
    """What the page says came out otherwise than expected: each such row with what it came to."""
    told = _rows(_PAGE.read_text("utf-8").partition(_OTHERWISE)[2])
    signs = {replace(each, sign=""): each.sign for each in told}
    return {each: signs[key] for each in expectations() if (key := replace(each, sign="")) in signs}


def _rows(text: str) -> list[Expectation]:
    return [Expectation(scenario or _USUAL, *row) for scenario, *row in _ROW.findall(text)]


@cache
def changed(scenario: str, model: str, key: str, value: str) -> dict[str, tuple[Interval, float]]:
    """For each quantity the paired difference that one change of one model makes, and its mean without the change."""
    before, after = _values(scenario, model), _values(scenario, model, (key, value))
    return {name: (interval(after[name] - before[name]), float(before[name].least[0])) for name in before}


@cache
def _values(scenario: str, model: str, *changes: tuple[str, str]) -> dict[str, Quantity]:
    """Each quantity of a scenario under a model, with some knobs of either set otherwise."""
    places = {"control": f"control.{model}"}
    agents = _AGENTS if scenario == _USUAL else _AGENTS_ELSEWHERE
    settings = {**_SMALL, "scenario.fleet.agents": agents} | {
        _placed(key, places): _typed(value) for key, value in changes
    }
    request = Request(scenario, [str(find("controls", model))], _REPLICATES, settings=settings)
    with TemporaryDirectory() as folder:
        [row] = compare(request, Path(folder) / "store.duckdb").rows
    return {each.column.key: each.quantity for each in (*row.cells, *row.supporting)}


def _placed(key: str, places: dict[str, str]) -> str:
    first, _, rest = key.partition(".")
    return f"{places.get(first, first)}.{rest}"


def _typed(value: str) -> object:
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def main() -> int:
    """Print how each row came out; 1 if one came out otherwise than expected, and the page does not say so."""
    told, wrong = otherwise(), 0
    for each in expectations():
        found, unchanged = changed(each.scenario, each.model, each.key, each.value)[each.quantity]
        came = outcome(found, unchanged)
        wrong += came != told.get(each, each.sign)
        verdict = "as expected" if came == each.sign else "explained" if came == told.get(each) else "OTHERWISE"
        place = "" if each.scenario == _USUAL else f"{each.scenario} "
        change = f"{place}{each.model} {each.key}={each.value}"
        span = f"{found.mean:+.4g} [{found.lo:+.4g}, {found.hi:+.4g}] of {unchanged:.4g}"
        sys.stdout.write(f"{change:80} {each.quantity:12} {each.sign} {came}  {span:44}  {verdict}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
