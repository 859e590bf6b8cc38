"""What a platform's issuer can give, and a control model as it holds there; read from TOML.

A control model says what an architect asks for, a platform what can be had. Compiling the one to the other leaves the
model as it is where it can be had, and elsewhere takes the nearest that can: the next coarser unit or authority (the
next finer where there is none coarser), the nearest lifetime, the strongest binding. Whatever follows from that, so
that no two knobs contradict each other, is changed too. Every change is a `Clamp`, with both values and why.

What cannot be cut to a plan is cut to roles made beforehand: one for an agent's work, and one for each gated atom.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, Cascade
from sim.control.model import Authority, BindingKind, Control, RenewalKind, UnitKind, micros
from sim.declaration import Sourced, Span, Strict, declared
from sim.scenario import ANY
from sim.toml import Lookup

_MOST_PER_SECOND: Final = 1_000_000_000
_NOTHING_DECIDED: Final = {"decision.false_denial": 0.0, "decision.outage": "closed", "break_glass.in_outage": False}
# Each from the coarsest to the finest, or from the weakest to the strongest.
UNITS: Final[tuple[UnitKind, ...]] = ("standing", "session", "task", "action")
AUTHORITIES: Final[tuple[Authority, ...]] = ("role_union", "own_role", "declared", "single")
BINDINGS: Final[tuple[BindingKind, ...]] = ("bearer", "audience", "key_exportable", "key_bound", "context_bound")
CASCADES: Final = ("none", "on_revoke", "on_expire")

# What comes nearest to each way of renewal: first that which is decided no less often.
_RENEWALS: Final[Mapping[str, tuple[RenewalKind, ...]]] = {
    "none": ("none", "re_evaluated", "silent"),
    "silent": ("silent", "re_evaluated", "none"),
    "re_evaluated": ("re_evaluated", "none", "silent"),
}

_WORDS: Final[Mapping[str, str]] = {
    "standing": "a static key", "session": "a session", "task": "a task's credential",
    "action": "an action's credential",
}  # fmt: skip

# What sub-agents may act with that is cut from what their parent has.
_CUT: Final = {"inherit", "attenuate"}

Ends = Literal["credential", "identity", "role", "none"]


def _is_a_rate(value: object) -> object:
    if value != "unpublished" and not (type(value) is int and 0 < value <= _MOST_PER_SECOND):
        msg = 'a whole number, or "unpublished"'
        raise ValueError(msg)
    return value


class PlatformLifetime(Sourced):
    """Seconds that a credential lives: bounds, the most where it is cut from another, and whether anybody chooses.

    Where nobody does, the bounds are the same: what each credential gets.
    """

    least_s: Span
    most_s: Span
    chained_most_s: Span
    chosen: StrictBool


class PlatformRenewal(Sourced):
    """Which ways of renewal can be had, and for how long since the first credential."""

    kinds: Annotated[tuple[RenewalKind, ...], Field(min_length=1)]
    maximum_s: Span


class PlatformRevocation(Sourced):
    """What ends when somebody ends a credential, and how far that reaches to what is cut from it.

    `credential`: that one. `identity`: all that its holder has here. `role`: all that were issued for its role, whoever
    holds them. `none`: nothing ends before its time. All but the first are remedies for an incident: they hit work that
    is going on, so nothing is ended because a task or an action is over. How long verifiers take to hear of it, and
    whether they do, is the system's (`scenario.systems`).
    """

    ends: Ends
    cascade: Literal["none", "on_revoke", "on_expire"]


class PlatformScope(Sourced):
    """The finest authority that a credential can be cut to."""

    finest: Authority


class PlatformBinding(Sourced):
    """The strongest tie of a credential to its holder that verifiers check."""

    strongest: BindingKind


class PlatformIssue(Sourced):
    """What a credential can be issued for, and how many the platform issues in a second at most (nothing here waits).

    `standing` alone: there are only static keys, made before the work.
    """

    units: Annotated[tuple[UnitKind, ...], Field(min_length=1)]
    per_second: Annotated[int | Literal["unpublished"], BeforeValidator(_is_a_rate)]


class Platform(Strict):
    """What the issuer of a product can give."""

    name: str
    title: str
    summary: str
    stands_for: str
    lifetime: PlatformLifetime
    renewal: PlatformRenewal
    revocation: PlatformRevocation
    scope: PlatformScope
    binding: PlatformBinding
    issue: PlatformIssue

    @property
    def static_only(self) -> bool:
        """Whether there are only static keys."""
        return self.issue.units == ("standing",)

    @model_validator(mode="after")
    def _limits_agree(self) -> Self:
        """Two limits that cannot both hold are named."""
        for first, second, contradictory, remedy in _disagreements(self):
            if contradictory:
                msg = f"{first} contradicts {second}: {remedy}"
                raise ValueError(msg)
        return self


def _disagreements(platform: Platform) -> Iterator[tuple[str, str, bool, str]]:
    lifetime, units, kinds = platform.lifetime, set(platform.issue.units), set(platform.renewal.kinds)
    least, most, chained = micros(lifetime.least_s), micros(lifetime.most_s), micros(lifetime.chained_most_s)
    yield "lifetime.least_s", "lifetime.most_s", least > most, "the least is no more than the most"
    yield "lifetime.chained_most_s", "lifetime.least_s", chained < least, "what is cut from another lives no shorter"
    yield "lifetime.chosen", "lifetime.least_s", not lifetime.chosen and least != most, "nobody chooses: give one"
    yield ("lifetime.least_s", "issue.units", least == FOREVER and not platform.static_only,
           "what is issued at run time ends")  # fmt: skip
    yield ("issue.units", "lifetime.least_s", platform.static_only and least < FOREVER,
           'a static key does not end: write "never"')  # fmt: skip
    yield ("lifetime.most_s", "issue.units", most == FOREVER and "standing" not in units,
           "what is not a static key ends: give seconds")  # fmt: skip
    yield ("renewal.kinds", "renewal.kinds", not kinds & {"none", "silent"},
           'what the platform does where nobody decides: add "none" or "silent"')  # fmt: skip
    yield "issue.units", "issue.units", len(units) < len(platform.issue.units), "each once"
    yield ("issue.units", "issue.units", not platform.static_only and "session" not in units,
           "whoever issues at run time issues sessions")  # fmt: skip
    yield ("issue.units", "issue.units", ("task" in units) != ("action" in units),
           "whoever issues for a task issues for an action")  # fmt: skip
    yield ("renewal.kinds", "issue.units", "none" not in kinds and ("action" in units or platform.static_only),
           'what is for one action, or does not end, is not renewed: add "none"')  # fmt: skip


class Clamp(NamedTuple):
    """A knob that a platform cannot set as asked: what was asked for, what is got, and why."""

    platform: str
    knob: str
    asked: object
    got: object
    why: str


@dataclass(frozen=True)
class Terms:
    """A control model as it holds on a platform.

    `chained`: the longest life of a credential that is cut from another, µs; `ends`: what ends with a credential that
    somebody ends.
    """

    platform: str
    control: Control
    title: str = "Any"
    static_only: bool = False
    chained: int = FOREVER
    ends: Ends = "credential"
    clamps: tuple[Clamp, ...] = ()

    @cached_property
    def unit(self) -> Unit:
        """What one credential is issued for."""
        return self.control.unit

    @cached_property
    def cascade(self) -> Cascade:
        """Whether a credential that is cut from another ends with it."""
        return self.control.cascade

    @cached_property
    def ttl(self) -> int:
        """Lifetime of a credential, µs, or FOREVER."""
        return self.control.ttl

    @cached_property
    def maximum(self) -> int:
        """How long renewals may extend it, µs since the first, or FOREVER."""
        return self.control.maximum


def load(path: Path, settings: Mapping[str, Any] | None = None, lookup: Lookup | None = None) -> Platform:
    """Read and validate a platform; `settings` are dotted keys that replace what the file says.

    `lookup` tells where a bare name lies that the file extends and that is not beside it.

    Raises:
        DeclarationError: the file cannot be read, a key or value is not allowed, or two limits contradict each other.
    """
    return declared(Platform, path, settings, lookup)


def as_asked(control: Control) -> Terms:
    """A control model where whatever it asks for can be had."""
    return Terms(ANY, control)


def compiled(control: Control, platform: Platform) -> Terms:
    """A control model as it holds on a platform, and what was clamped."""
    draft = _Draft(platform, control.model_dump(mode="json"))
    what_is_issued = (_issue, _authority, _decision, _delegation, _lifetime, _renewal, _revocation)
    for step in (*what_is_issued, _binding, _bootstrap, _governance):
        step(draft, platform)
    holds = Control.model_validate(draft.said)
    chained = _chained(draft, platform)
    return Terms(
        platform=platform.name, control=holds, title=platform.title, static_only=platform.static_only,
        chained=micros(chained), ends="credential" if holds.unit is Unit.STANDING else platform.revocation.ends,
        clamps=tuple(draft.clamps.values()),
    )  # fmt: skip


def terms_on(control: Control, platforms: Mapping[str, Platform]) -> dict[str, Terms]:
    """A control model as it holds on each of some platforms, by the names that a scenario gives them, and on `any`."""
    return {ANY: as_asked(control)} | {name: compiled(control, platform) for name, platform in platforms.items()}


@dataclass
class _Draft:
    """The settings of a control model while they are clamped."""

    platform: Platform
    said: dict[str, Any]
    clamps: dict[str, Clamp] = field(default_factory=dict)

    def of(self, key: str) -> Any:  # noqa: ANN401 - a knob's value is a number or a word
        """What a dotted key says so far."""
        section, knob = key.split(".")
        return self.said[section][knob]

    def put(self, key: str, got: object, why: str) -> None:
        """Set a dotted key, and write down what was asked for and why it is not had, if it is not."""
        section, knob = key.split(".")
        now = self.said[section][knob]
        if got == now:
            return
        self.said[section][knob] = got
        earlier = self.clamps.pop(key, None)
        asked = now if earlier is None else earlier.asked
        if got != asked:
            reason = why if earlier is None else f"{earlier.why}; {why}"
            self.clamps[key] = Clamp(self.platform.name, key, asked, got, reason)


def _issue(draft: _Draft, platform: Platform) -> None:
    asked = draft.of("issue.unit")
    why = "there are no static keys here" if asked == "standing" else f"nothing is issued for one {asked} here"
    if platform.static_only:
        why = "only static keys can be had"
    draft.put("issue.unit", _nearest(UNITS, asked, platform.issue.units), why)


def _authority(draft: _Draft, platform: Platform) -> None:
    asked, unit = draft.of("issue.authority"), draft.of("issue.unit")
    draft.put("issue.authority", _at_most(AUTHORITIES, asked, platform.scope.finest), "it cannot be cut finer here")
    finest = {"action": "single", "task": "declared"}.get(unit, "own_role")
    authority = _at_most(AUTHORITIES, draft.of("issue.authority"), finest)
    draft.put("issue.authority", authority, f"{_WORDS[unit]} holds no less")


def _decision(draft: _Draft, _: Platform) -> None:
    if draft.of("decision.at") == "login" and draft.of("issue.unit") != "session":
        draft.put("decision.at", "onboarding", "nobody logs in with a static key")
        for key, got in _NOTHING_DECIDED.items():
            draft.put(key, got, "nothing is decided at run time")
        if draft.of("break_glass.after_s") == "never":
            draft.put("break_glass.reviewed", 1.0, "nothing is taken that could go without a review")


def _governance(draft: _Draft, _: Platform) -> None:
    if draft.of("issue.unit") == "standing":
        draft.put("governance.decommissioned", 1.0, "standing keys stay: nothing replaces them")
        return
    draft.put("governance.rotation_days", "never", "no standing key is there to rotate")
    draft.put("governance.rotation_failure", 0.0, "no rotation could fail")
    draft.put("governance.rotation_overlap_days", 0, "nothing is rotated that could overlap")


def _delegation(draft: _Draft, _: Platform) -> None:
    unit = draft.of("issue.unit")
    if unit not in {"task", "action"}:
        draft.put("delegation.child", "share", f"{_WORDS[unit]} is one for all of an agent's sub-agents")


def _lifetime(draft: _Draft, platform: Platform) -> None:
    asked, limits = draft.of("lifetime.ttl_s"), platform.lifetime
    if draft.of("issue.unit") == "standing":
        draft.put("lifetime.ttl_s", "never", "a static key does not end")
    elif not limits.chosen:
        draft.put("lifetime.ttl_s", limits.most_s, "nobody chooses a lifetime here")
    elif micros(asked) < micros(limits.least_s):
        draft.put("lifetime.ttl_s", limits.least_s, "the least that can be had")
    else:
        draft.put("lifetime.ttl_s", _shorter(asked, limits.most_s), "the most that can be had")


def _renewal(draft: _Draft, platform: Platform) -> None:
    asked, ends = draft.of("lifetime.renewal"), draft.of("lifetime.ttl_s") != "never"
    had = set(platform.renewal.kinds) - ({"re_evaluated"} if draft.of("decision.at") == "onboarding" else set())
    kind = next((each for each in _RENEWALS[asked] if each in had), "none") if ends else "none"
    draft.put(
        "lifetime.renewal", kind, "another way cannot be had here" if ends else "what does not end is not renewed"
    )
    if kind == "none":
        draft.put("lifetime.maximum_s", "never", "nothing is renewed that could reach a maximum")
        draft.put("lifetime.overlap_s", 0, "nothing is renewed that could overlap")
        return
    maximum = _shorter(draft.of("lifetime.maximum_s"), platform.renewal.maximum_s)
    draft.put("lifetime.maximum_s", maximum, "the longest that renewals go on here")
    chained = platform.lifetime.chained_most_s if draft.of("delegation.child") in _CUT else "never"
    life = _shorter(draft.of("lifetime.ttl_s"), chained)
    draft.put("lifetime.overlap_s", min(draft.of("lifetime.overlap_s"), int(life) - 1), "it is renewed after it begins")


def _revocation(draft: _Draft, platform: Platform) -> None:
    unit, ends = draft.of("issue.unit"), platform.revocation.ends
    if draft.of("revocation.on") != "never":
        together = {"identity": "an end ends all that its holder has here: a remedy for incidents, not for work",
                    "role": "an end ends all that were issued for the role: a remedy for incidents, not for work",
                    "none": "nothing ends before its time here"}  # fmt: skip
        lasts = unit in {"standing", "session"}
        why = f"{_WORDS[unit]} " + ("does not end with the work" if lasts else f"ends with the {unit}")
        draft.put("revocation.on", "never" if lasts else f"{unit}_end", why)
        if ends in together:
            draft.put("revocation.on", "never", together[ends])
    never = draft.of("revocation.on") == "never"
    for knob in ("lost_signal", "failure") if never else ():
        draft.put(f"revocation.{knob}", 0.0, "nothing is revoked")
    cascade = _at_most(CASCADES, draft.of("revocation.cascade"), platform.revocation.cascade)
    draft.put("revocation.cascade", cascade, "what is cut from a credential does not end with it here")
    if draft.of("delegation.child") not in _CUT:
        draft.put("revocation.cascade", "none", "no credential is cut from another")
    elif never and cascade == "on_revoke":
        draft.put("revocation.cascade", "none", "nothing is revoked")


def _binding(draft: _Draft, platform: Platform) -> None:
    strongest = _at_most(BINDINGS, draft.of("identity.binding"), platform.binding.strongest)
    draft.put("identity.binding", strongest, "verifiers check no stronger one")


def _bootstrap(draft: _Draft, _: Platform) -> None:
    """Where keys are made once, nobody shows a secret to get one."""
    if draft.of("issue.unit") == "standing":
        draft.put("identity.bootstrap", "none", "a static key is asked for by nobody")
        draft.put("identity.bootstrap_ttl_s", "never", "no secret lies there that could be replaced")


def _chained(draft: _Draft, platform: Platform) -> int | str:
    """The longest life of what is cut from another: where that is shorter than any other's, it is a clamp too."""
    ttl, most = draft.of("lifetime.ttl_s"), platform.lifetime.chained_most_s
    if draft.of("delegation.child") in _CUT and micros(most) < micros(ttl):
        why = "the most for what is cut from another"
        draft.clamps["chained"] = Clamp(platform.name, "lifetime.ttl_s of a sub-agent", ttl, most, why)
    return most


def _nearest(order: Sequence[str], asked: str, had: Iterable[str]) -> str:
    """The asked one, else the next coarser, else the next finer."""
    place, places = order.index(asked), sorted(order.index(each) for each in had)
    coarser = [each for each in places if each <= place]
    return order[coarser[-1] if coarser else places[0]]


def _at_most(order: Sequence[str], asked: str, most: str) -> str:
    return order[min(order.index(asked), order.index(most))]


def _shorter(asked: int | str, most: int | str) -> int | str:
    return min(asked, most, key=micros)
