"""What a result rests on: figures that somebody published, figures that were assumed, and a window of so many hours."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from analysis.comparison import Comparison, Row
from analysis.report.legible import spoken, visible
from analysis.report.numerals import plain, quantity
from analysis.sensitivity import Sensitivity

Basis = Literal["assumed", "partly assumed", "published", "not stated"]

STOCK: Final = "formed over years before the window"

_UNITS: Final = {"s": "s", "hours": "h", "years": "years", "minutes": "min"}
_ABOUT: Final = frozenset({"name", "title", "summary", "stands_for", "start", "source"})
_MONTH: Final = 30.0
_HOUR: Final = 3600.0
_MARK: Final = re.compile(r"^assumed\b:?\s*")
_MOVES_NOTHING: Final = "Moves no figure on this page."
_NOTES: Final = {"leaks": _MOVES_NOTHING}
_STRIKES: Final = (
    "Measured by realised_radius; on this page only credentials that the issuer made for attackers count, and work "
    "that a response broke."
)


@dataclass(frozen=True)
class Ground:
    """Some figures that belong together, where they come from, and what they do not do."""

    place: str
    figures: tuple[tuple[str, str], ...]
    source: str
    basis: Basis
    note: str = ""

    @property
    def text(self) -> str:
        """The figures in a row."""
        return ", ".join(f"{name} {figure}" for name, figure in self.figures)


@dataclass(frozen=True)
class Window:
    """How long was measured, and what that can and cannot show."""

    span: str
    shows: str
    cannot: str


def scenario_grounds(comparison: Comparison) -> tuple[Ground, ...]:
    """Every group of figures of the scenario, in its order."""
    return grounds_of(comparison.scenario)


def control_grounds(row: Row) -> tuple[Ground, ...]:
    """Every group of knobs of a control model, in its order."""
    return grounds_of(row.settings)


def grounds_of(settings: Mapping[str, object]) -> tuple[Ground, ...]:
    """Every group of figures of some settings, in their order."""
    return tuple(_grounds(settings))


def window(comparison: Comparison) -> Window:
    """What so long a window can and cannot show."""
    begins, starts, ends = comparison.window
    seconds, warm_up = (ends - starts).total_seconds(), (starts - begins).total_seconds()
    span = f"{_long(seconds)} of log replayed" if comparison.observed else f"{_long(seconds)} measured"
    span += f" after {_long(warm_up)} of warm-up" if warm_up else ""
    return Window(span, _shows(seconds / _HOUR), _cannot(seconds / _HOUR) + _not_settled(comparison, warm_up))


def _not_settled(comparison: Comparison, warm_up: float) -> str:
    """Which credentials are not yet as many as in the long run: those that could live on for a third of the warm-up.

    Of a real log there is no warm-up, and of what never ends no long run.
    """
    lifetimes = [_lifetime(row) for row in comparison.rows if 3 * _lifetime(row) > warm_up]
    if comparison.observed or not lifetimes:
        return ""
    return f", nor what credentials of {_long(max(lifetimes))} add up to, which takes three lifetimes of warm-up"


def _lifetime(row: Row) -> float:
    """How long a credential of a model lives, in seconds; 0 of what never ends, and where nothing says it."""
    told = row.settings.get("lifetime")
    ttl = told.get("ttl_s") if isinstance(told, Mapping) else None
    return float(ttl) if isinstance(ttl, int | float) else 0.0


def varied(found: Sensitivity | None) -> str:
    """Whether what is assumed was varied, and how."""
    if found is None:
        return "assumptions not varied"
    return f"assumptions varied one at a time{f', and in {found.draws} joint draws' if found.draws else ''}"


def basis(source: str) -> Basis:
    """Whether a source is one, or says itself that the figure was assumed."""
    if not source:
        return "not stated"
    if source.startswith("assumed"):
        return "assumed"
    return "partly assumed" if "assumed" in source else "published"


def said(source: str) -> str:
    """A source beside the mark of what was assumed: without its own word for it."""
    return _MARK.sub("", source)


def _long(seconds: float) -> str:
    """A window's length: in hours, a short one in the unit that fits."""
    return f"{plain(seconds / _HOUR)} h" if seconds >= _HOUR else quantity(seconds, "s")


def _knob(value: object) -> str:
    """A setting as it is read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    if isinstance(value, list):
        return ", ".join(_knob(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{visible(str(name))} {_knob(each)}" for name, each in value.items())
    return visible(str(value))


def setting(name: str, value: object) -> tuple[str, str]:
    """A setting's name and value in words, the unit moved from the one to the other."""
    words, _, last = name.rpartition("_")
    if last in _UNITS and words and isinstance(value, int | float):
        return spoken(words), f"{_knob(value)} {_UNITS[last]}"
    if name in _UNITS and isinstance(value, int | float):
        return "", f"{_knob(value)} {_UNITS[name]}"
    return spoken(words if last in _UNITS and words else name), _knob(value)


def _grounds(settings: Mapping[str, object]) -> Iterator[Ground]:
    for place, section in settings.items():
        if isinstance(section, dict):
            yield _ground(spoken(place), section)
        elif isinstance(section, list):
            yield from _ground_of_list(spoken(place), section)


def _ground(place: str, section: Mapping[str, Any]) -> Ground:
    source = str(section.get("source", ""))
    figures = tuple(setting(name, value) for name, value in section.items() if name not in _ABOUT)
    return Ground(place, figures, source, basis(source), _NOTES.get(place, ""))


def _ground_of_list(place: str, entries: list[Any]) -> Iterator[Ground]:
    for entry in entries:
        if isinstance(entry, dict):
            note = _struck(entry) if place == "incidents" else ""
            named = f"{place}: {entry.get('name', '')}"
            yield from (replace(each, note=note or each.note) for each in _ground_of_entry(named, entry))


def _struck(entry: Mapping[str, Any]) -> str:
    """What a threat does to the figures of this page."""
    return _STRIKES if entry.get("count") else _MOVES_NOTHING


def _ground_of_entry(place: str, entry: Mapping[str, Any]) -> Iterator[Ground]:
    """What an entry says itself, and each group of figures in it."""
    groups = {name: section for name, section in entry.items() if isinstance(section, dict)}
    own = {name: value for name, value in entry.items() if name not in groups}
    if not groups or own.keys() - _ABOUT:
        yield _ground(place, own)
    for name, section in groups.items():
        yield _ground(f"{place}: {spoken(name)}", section)


def _shows(hours: float) -> str:
    by_day = "by day and by night" if hours >= 24 else "of a part of one day"  # noqa: PLR2004
    return f"sessions, tasks and queues {by_day}"


def _cannot(hours: float) -> str:
    if hours >= _MONTH * 24:
        return "debt that forms over years, and events rarer than the window is long"
    return "debt that forms over months, access reviews, leavers, key rotation, rare events"
