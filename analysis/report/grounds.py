"""What a result rests on: figures that somebody published, figures that were assumed, and a window of so many hours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from analysis.comparison import Comparison, Row
from analysis.report.legible import listed, shortened, spoken, visible
from analysis.report.numerals import plain

Basis = Literal["assumed", "partly assumed", "published", "not stated"]

NOT_VARIED: Final = "assumptions not varied"
STOCK: Final = "initial stock, not accumulated"

# What the first screen's figures hang on most directly, and which settings to quote; the page lists all further down.
_MAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "arrivals": ("per_agent_day",),
    "approvers": ("staff", "inspection_median_s"),
    "issue_latency": ("median_s",),
    "think": ("median_s",),
    "response": ("retry",),
    "intents": (),
    "groups": (),
    "weights": (),
}
_UNITS: Final = {"s": "s", "hours": "h", "years": "years", "minutes": "min"}
_ABOUT: Final = frozenset({"name", "title", "summary", "stands_for", "start", "source"})
_MONTH: Final = 30.0


@dataclass(frozen=True)
class Ground:
    """Some figures that belong together, and where they come from."""

    place: str
    figures: tuple[tuple[str, str], ...]
    source: str
    basis: Basis

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


def rests_on(comparison: Comparison) -> tuple[str, ...]:
    """What the answer hangs on, a sentence each, those of most weight first."""
    return tuple(part for part in (*_declared(comparison), _assumed(comparison), _controls(comparison)) if part)


def window(comparison: Comparison) -> Window:
    """What so long a window can and cannot show."""
    begins, starts, ends = comparison.window
    hours = (ends - starts).total_seconds() / 3600
    warm_up = (starts - begins).total_seconds() / 3600
    span = f"{plain(hours)} h of log replayed" if comparison.observed else f"{plain(hours)} h measured"
    span += f" after {plain(warm_up)} h of warm-up" if warm_up else ""
    return Window(span, _shows(hours), _cannot(hours))


def basis(source: str) -> Basis:
    """Whether a source is one, or says itself that the figure was assumed."""
    if not source:
        return "not stated"
    if source.startswith("assumed"):
        return "assumed"
    return "partly assumed" if "assumed" in source else "published"


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
    return Ground(place, figures, source, basis(source))


def _ground_of_list(place: str, entries: list[Any]) -> Iterator[Ground]:
    for entry in entries:
        if isinstance(entry, dict):
            yield _ground(f"{place}: {entry.get('name', '')}", entry)


def _declared(comparison: Comparison) -> Iterator[str]:
    yield from _section(comparison.scenario, "rebuilt").values()
    yield "Assumptions not varied: each was held at one value, so how far another would move the answer is not known."
    asks = [row for row in comparison.rows if _section(row.settings, "approval").get("from_tier", "never") != "never"]
    inspected = _section(comparison.scenario, "approvers").get("inspected")
    if asks and isinstance(inspected, int | float):
        names = listed([shortened(row.control) for row in asks])
        yield (
            f"For {names}: that approvers really inspect {100 * inspected:g} % of requests. What is granted without "
            "a human who inspects counts as obtainable."
        )


def _assumed(comparison: Comparison) -> str:
    grounds = scenario_grounds(comparison)
    assumed = [ground for ground in grounds if ground.basis in {"assumed", "partly assumed"}]
    if not assumed:
        return ""
    main = [said for name in _MAIN if (said := _main(name, comparison, assumed))]
    sourced = sum(ground.basis != "not stated" for ground in grounds)
    examples = f": {'; '.join(main)}" if main else ""
    return f"In the scenario, {len(assumed)} of {sourced} groups of figures are assumed wholly or in part{examples}."


def _main(name: str, comparison: Comparison, assumed: list[Ground]) -> str:
    """A group of assumed figures in a few words."""
    own = [ground for ground in assumed if ground.place.partition(":")[0] == spoken(name)]
    if not own:
        return ""
    section = _section(comparison.scenario, name)
    quoted = [" ".join(reversed(setting(key, section[key]))) for key in _MAIN[name] if key in section]
    detail = ", ".join(quoted) or (str(len(own)) if len(own) > 1 else "")
    return f"{spoken(name)} ({detail})" if detail else spoken(name)


def _controls(comparison: Comparison) -> str:
    grounds = [ground for row in comparison.rows for ground in control_grounds(row) if ground.basis != "not stated"]
    assumed = sum(ground.basis != "published" for ground in grounds)
    return f"In the control models, {assumed} of {len(grounds)} groups of knobs are assumed." if grounds else ""


def _section(settings: Mapping[str, object], name: str) -> Mapping[str, Any]:
    section = settings.get(name)
    return section if isinstance(section, dict) else {}


def _shows(hours: float) -> str:
    by_day = "by day and by night" if hours >= 24 else "of a part of one day"  # noqa: PLR2004
    return f"sessions, tasks and queues {by_day}"


def _cannot(hours: float) -> str:
    if hours >= _MONTH * 24:
        return "debt that forms over years, and events rarer than the window is long"
    return "debt that forms over months, access reviews, leavers, key rotation, rare events"
