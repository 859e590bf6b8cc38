"""The control models knob by knob: where each differs from the baseline, and what each setting rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analysis.comparison import Comparison, Row
from analysis.report.grounds import Basis, basis, setting
from analysis.report.legible import spoken

_ABSENT: Final = "–"
_NOTES: Final = {
    ("decision", "adversarial_stop"): "Short of 1 it moves no figure on this page but the measure “Permit under "
    "attack”: whoever retries gets through, or asks for what it lets pass."
}


@dataclass(frozen=True)
class Setting:
    """A knob's value under one model; `differs` from the baseline's."""

    value: str
    differs: bool


@dataclass(frozen=True)
class Knob:
    """A knob under every model; `note` says what it does not do."""

    name: str
    settings: tuple[Setting, ...]
    note: str


@dataclass(frozen=True)
class Source:
    """Where a model's settings of a section come from."""

    text: str
    basis: Basis


@dataclass(frozen=True)
class Section:
    """Knobs that belong together."""

    name: str
    knobs: tuple[Knob, ...]
    sources: tuple[Source, ...]


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """Every section of any model's settings, in the order they are written."""
    names = [name for row in comparison.rows for name, value in row.settings.items() if isinstance(value, dict)]
    return tuple(_section(comparison, name) for name in dict.fromkeys(names))


def _section(comparison: Comparison, name: str) -> Section:
    keys = [key for row in comparison.rows for key in _of(row, name) if key != "source"]
    knobs = tuple(
        Knob(setting(key, "")[0], tuple(_settings(comparison, name, key)), _NOTES.get((name, key), ""))
        for key in dict.fromkeys(keys)
    )
    texts = [str(_of(row, name).get("source", "")) for row in comparison.rows]
    return Section(spoken(name), knobs, tuple(Source(text, basis(text)) for text in texts))


def _settings(comparison: Comparison, section: str, key: str) -> Iterator[Setting]:
    theirs = _told(_of(comparison.baseline, section), key)
    for told in (_told(_of(row, section), key) for row in comparison.rows):
        yield Setting(told, told != theirs)


def _told(section: dict[str, object], key: str) -> str:
    """A setting in words. What never comes is no contradiction to a credential that ends: it is not renewed."""
    value = section.get(key)
    if value is None:
        return _ABSENT
    if key == "maximum_s" and value == "never":
        return "no renewal" if section.get("renewal") == "none" else "no maximum"
    return setting(key, value)[1]


def _of(row: Row, section: str) -> dict[str, object]:
    found = row.settings.get(section)
    return found if isinstance(found, dict) else {}
