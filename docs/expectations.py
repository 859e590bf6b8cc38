"""Whether what was expected came out: each row of expectations.md beside the model that it changes.

Prints a line a row, with the paired 95 % interval of the difference and what came out: `+` or `-` where the interval
lies on that side of zero, `0` where all of it is within 5 % of what the unchanged model has, both where both hold, `?`
where it settles neither. A row came out as expected where its sign is among what came out.

    python docs/expectations.py [--rows TEXT] [--replicates N] [--set KEY=VALUE]...

runs the rows alone whose change and quantity, as they are printed, have a text in them; with more replications than
ten; or with something else set otherwise on both sides, by which an explanation can be put to the test.
Exit code 1 where a row came out otherwise than it was expected, or, where the page's last section says something of
it, than that.
"""

import re
import sys
import tomllib
from argparse import ArgumentParser
from collections.abc import Sequence
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

    @property
    def change(self) -> str:
        """What is changed, where."""
        place = "" if self.scenario == _USUAL else f"{self.scenario} "
        return f"{place}{self.model} {self.key}={self.value}"


@dataclass(frozen=True)
class Runs:
    """How rows are run: the replications of each side, and what is set otherwise on both, as keys and values."""

    replicates: int = _REPLICATES
    both: tuple[tuple[str, str], ...] = ()


def outcome(found: Interval, unchanged: float) -> str:
    """Which way a quantity went, and `0` if by less than a twentieth of what the unchanged model has; `?`: neither."""
    way = "+" if found.lo > 0 else "-" if found.hi < 0 else ""
    small = max(abs(found.lo), abs(found.hi)) <= _NEGLIGIBLE * abs(unchanged)
    return way + "0" * small or "?"


def verdict(came: str, sign: str, told: str | None) -> str:
    """What to say of a row of which a sign was expected, or which the page says came out otherwise."""
    if (told or sign) not in came:
        return "OTHERWISE"
    return "explained" if told else "as expected"


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
def changed(scenario: str, model: str, key: str, value: str, runs: Runs) -> dict[str, tuple[Interval, float]]:
    """For each quantity the paired difference that one change of one model makes, and its mean without the change."""
    before, after = _values(scenario, model, runs), _values(scenario, model, runs, (key, value))
    return {name: (interval(after[name] - before[name]), float(before[name].least[0])) for name in before}


@cache
def _values(scenario: str, model: str, runs: Runs, *changes: tuple[str, str]) -> dict[str, Quantity]:
    """Each quantity of a scenario under a model, with some knobs of either set otherwise."""
    places = {"control": f"control.{model}"}
    agents = _AGENTS if scenario == _USUAL else _AGENTS_ELSEWHERE
    settings = {**_SMALL, "scenario.fleet.agents": agents} | {
        _placed(key, places): _typed(value) for key, value in (*runs.both, *changes)
    }
    request = Request(scenario, [str(find("controls", model))], runs.replicates, settings=settings)
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


def _asked(arguments: Sequence[str] | None) -> tuple[list[Expectation], Runs]:
    """Which rows are to be run, and how."""
    parser = ArgumentParser(description="Whether what was expected came out.")
    parser.add_argument("--rows", default="", metavar="TEXT", help="only those that have it in change and quantity")
    parser.add_argument("--replicates", type=int, default=_REPLICATES, metavar="N", help="of each side; default: ten")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="on both sides of each row")
    asked = parser.parse_args(arguments)
    pairs = (each.partition("=") for each in asked.set)
    rows = [each for each in expectations() if asked.rows in f"{each.change} {each.quantity}"]
    if not rows:
        parser.error(f"no row has {asked.rows!r} in change and quantity")
    return rows, Runs(asked.replicates, tuple((key, value) for key, _, value in pairs))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how each row came out; 1 if one came out otherwise than expected, and the page does not say so."""
    rows, runs = _asked(arguments)
    told, wrong = otherwise(), 0
    for each in rows:
        found, unchanged = changed(each.scenario, each.model, each.key, each.value, runs)[each.quantity]
        came = outcome(found, unchanged)
        said = verdict(came, each.sign, told.get(each))
        wrong += said == "OTHERWISE"
        span = f"{found.mean:+.4g} [{found.lo:+.4g}, {found.hi:+.4g}] of {unchanged:.4g}"
        sys.stdout.write(f"{each.change:80} {each.quantity:12} {each.sign} {came:2} {span:44}  {said}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
