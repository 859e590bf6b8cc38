"""Control models between two others: the baseline with some of its knobs as another model has them.

Presets are bundles; architects buy knobs. Two kinds of hybrid tell what a bundle is worth knob by knob.

*Of factors*: for each set of the factors in which the two differ, the baseline with all knobs of these factors changed.
Changing the factors one after another leads from the baseline to the model; a difference is split by what each adds.

*Of the ladder*: the baseline with a single knob changed, or with all knobs of one section. What contradicts another
knob is changed with as few further knobs as make it a model; where that takes more than `MOST_FURTHER`, it is no step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import Any, Final, Literal

from sim.control.factors import FACTORS, Factors, knobs
from sim.control.model import Control
from sim.declaration import validated
from sim.toml import DeclarationError

Kind = Literal["factors", "section", "knob"]
Knobs = frozenset[str]

# A step of the ladder that changes more than what is asked for and these is no step of one knob any more.
MOST_FURTHER: Final = 3


@dataclass(frozen=True)
class Step:
    """The baseline with some knobs of the model.

    `asked`: the factors, the section or the knob; `changed`: every knob that differs from the baseline, in the order of
    declaration. `refusal`: why what is asked for cannot be changed alone. `control`: None where no step contains it.
    """

    kind: Kind
    asked: tuple[str, ...]
    changed: tuple[str, ...]
    control: Control | None
    refusal: str = ""


@dataclass(frozen=True)
class Between:
    """What lies between a baseline and a model."""

    baseline: Control
    model: Control
    factors: Factors

    @cached_property
    def differing(self) -> tuple[str, ...]:
        """The knobs in which the two differ, in the order of declaration, without those that change no fact."""
        model, baseline = _values(self.model), _values(self.baseline)
        known = (knob for knob in knobs() if self.factors.of(knob) != "no_fact")
        return tuple(knob for knob in known if model[knob] != baseline[knob])

    def knobs_of(self, *names: str) -> Knobs:
        """The differing knobs of some factors."""
        return frozenset(knob for knob in self.differing if self.factors.of(knob) in names)

    @cached_property
    def apart(self) -> tuple[str, ...]:
        """The factors in which the two differ."""
        return tuple(name for name in FACTORS if self.knobs_of(name))

    def steps(self) -> tuple[Step, ...]:
        """Every hybrid of factors, the baseline first and the model last, then the ladder."""
        sets = chain.from_iterable(combinations(self.apart, size) for size in range(len(self.apart) + 1))
        return (*map(self._of_factors, sets), *self._ladder())

    def _of_factors(self, names: tuple[str, ...]) -> Step:
        changed = self.knobs_of(*names)
        control, refusal = self._tried(changed)
        return Step("factors", names, self._ordered(changed), control, refusal)

    def _ladder(self) -> Iterator[Step]:
        sections = dict.fromkeys(knob.partition(".")[0] for knob in self.differing)
        for section in sections:
            own = tuple(knob for knob in self.differing if knob.partition(".")[0] == section)
            if len(own) > 1:
                yield self._rung("section", section, frozenset(own))
            for knob in own:
                yield self._rung("knob", knob, frozenset({knob}))

    def _rung(self, kind: Kind, asked: str, own: Knobs) -> Step:
        """The smallest step that contains what is asked for; among equals that of the knobs declared first."""
        _, refusal = self._tried(own)
        further = [knob for knob in self.differing if knob not in own]
        for size in range(MOST_FURTHER + 1):
            for more in combinations(further, size):
                control, _ = self._tried(own | set(more))
                if control is not None:
                    return Step(kind, (asked,), self._ordered(own | set(more)), control, refusal)
        return Step(kind, (asked,), self._ordered(own), None, refusal)

    @cached_property
    def _known(self) -> dict[Knobs, tuple[Control | None, str]]:
        return {frozenset(): (self.baseline, ""), frozenset(self.differing): (self.model, "")}

    def _tried(self, changed: Knobs) -> tuple[Control | None, str]:
        """The hybrid with these knobs changed, or why there is none."""
        if changed not in self._known:
            self._known[changed] = self._made(changed)
        return self._known[changed]

    def _made(self, changed: Knobs) -> tuple[Control | None, str]:
        name = f"{self.model.name}[{'+'.join(self._named(changed))}]"
        try:
            return validated(Control, _mixed(self.baseline, self.model, changed) | {"name": name}, name), ""
        except DeclarationError as error:
            return None, str(error).removeprefix(f"{name}: ")

    def _named(self, changed: Knobs) -> tuple[str, ...]:
        """The factors where exactly their knobs are changed, else the knobs."""
        names = tuple(name for name in self.apart if self.knobs_of(name) <= changed)
        return names if self.knobs_of(*names) == changed else self._ordered(changed)

    def _ordered(self, changed: Knobs) -> tuple[str, ...]:
        return tuple(knob for knob in self.differing if knob in changed)


def _values(control: Control) -> dict[str, object]:
    said = control.model_dump()
    return {knob: _at(said, knob) for knob in knobs()}


def _at(said: Mapping[str, Any], knob: str) -> object:
    section, _, rest = knob.partition(".")
    return said[section][rest] if rest else said[section]


def _mixed(baseline: Control, model: Control, changed: Knobs) -> dict[str, Any]:
    """What the baseline says, with these knobs as the model says; each section with the sources of its figures."""
    said, models = baseline.model_dump(), model.model_dump()
    for knob in sorted(changed):
        section, _, rest = knob.partition(".")
        said[section] = {**said[section], rest: models[section][rest]} if rest else models[section]
    for section in {knob.partition(".")[0] for knob in changed if "." in knob}:
        both = dict.fromkeys((models[section]["source"], said[section]["source"]))
        said[section]["source"] = "; otherwise ".join(both)
    few = ", ".join(sorted(changed))
    return said | {
        "title": f"{baseline.title}, with knobs of {model.title}",
        "summary": f"{baseline.name} with {few} as in {model.name}.",
        "stands_for": "Nothing that is sold: a step between two models, to tell what each of its knobs brings.",
    }
