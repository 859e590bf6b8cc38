"""What control models asked for, and what they got on the platforms of the scenario's systems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.comparison import Comparison, Row
from analysis.report.grounds import setting
from analysis.report.legible import counted, listed, spoken, visible

# Whatever is asked for.
_ANY: Final = "any"


@dataclass(frozen=True)
class Got:
    """A knob under one model: what was asked for, and what is got."""

    asked: str
    got: str


@dataclass(frozen=True)
class Clamped:
    """A knob that some model does not get as asked; a model that does has None."""

    section: str
    name: str
    models: tuple[Got | None, ...]
    why: str


@dataclass(frozen=True)
class Platform:
    """A platform, the systems on it, and every knob that it clamps."""

    title: str
    systems: str
    static_only: bool
    knobs: tuple[Clamped, ...]


def clamped(comparison: Comparison) -> tuple[Platform, ...]:
    """Each platform that clamps something or accepts only static keys, in the order of the catalogue."""
    first = _platforms(comparison.baseline)
    found = (_platform(comparison, name, about) for name, about in first.items() if name != _ANY)
    return tuple(each for each in found if each.knobs or each.static_only)


def limits(comparison: Comparison) -> Iterator[str]:
    """What of this the answer hangs on, in sentences."""
    found = clamped(comparison)
    count = sum(got is not None for each in found for knob in each.knobs for got in knob.models)
    if count:
        where = listed([each.title for each in found if each.knobs])
        yield f"Products do not give everything: {counted(count, 'setting')} cannot be had as asked, on {where}."
    if keys := [each.systems for each in found if each.static_only]:
        yield f"Under every model a static key stays for {listed(keys)}, where nothing else is accepted."


def idealised(comparison: Comparison) -> bool:
    """Whether every system is said to give whatever is asked for."""
    return set(_platforms(comparison.baseline)) == {_ANY}


def _platform(comparison: Comparison, name: str, about: Mapping[str, Any]) -> Platform:
    clamps = [_clamps(_platforms(row).get(name, {})) for row in comparison.rows]
    keys = dict.fromkeys(key for each in clamps for key in each)
    return Platform(
        title=visible(str(about.get("title", name))),
        systems=listed([visible(str(system)) for system in about.get("systems", ())]),
        static_only=bool(about.get("static_only")),
        knobs=tuple(_clamped(key, [each.get(key) for each in clamps]) for key in keys),
    )


def _clamped(key: str, clamps: list[Mapping[str, Any] | None]) -> Clamped:
    section, _, knob = key.partition(".")
    knob, _, whose = knob.partition(" ")
    models = tuple(Got(_told(knob, each["asked"]), _told(knob, each["got"])) if each else None for each in clamps)
    reasons = dict.fromkeys(str(clamp["why"]) for clamp in clamps if clamp)
    name = f"{setting(knob, 0)[0]} {whose}".strip()
    return Clamped(spoken(section), name, models, visible("; ".join(reasons)))


def _told(knob: str, value: object) -> str:
    return setting(knob, value)[1]


def _clamps(platform: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(clamp["knob"]): clamp for clamp in platform.get("clamps", ())}


def _platforms(row: Row) -> dict[str, Mapping[str, Any]]:
    """What a run says of its platforms, by their names; nothing where it says nothing."""
    found = row.settings.get("platforms")
    return {str(each["platform"]): each for each in found} if isinstance(found, list) else {}
